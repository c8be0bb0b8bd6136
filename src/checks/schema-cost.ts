/** Why a schema is not compiled. */
export type SchemaRefusal = 'too_large' | 'too_deep' | 'too_costly';

const DEEPEST = 40;
/**
 * A few dozen `$ref`s that each double can ask for 2^30 validations of one value. Ordinary schemas stay below a thousand;
 * a hundred thousand take about a millisecond.
 */
const MOST_STEPS = 100_000;

/**
 * Counts the subschemas that one value could be held against, with `$ref`s of the same document followed and cycles
 * counted once. Null = acceptable. Guards the process against schemas, which arrive with the records.
 */
export function refusalOf(schema: unknown): SchemaRefusal | null {
  const pointers = new Map<string, number>();
  const open = new Set<string>();

  const costOf = (node: unknown, depth: number): number => {
    if (typeof node !== 'object' || node === null) return 0;
    if (depth > DEEPEST) return Infinity;
    let cost = 1;
    for (const [key, value] of Object.entries(node)) {
      cost += key === '$ref' && typeof value === 'string' ? costOfRef(value, depth) : costOf(value, depth + 1);
      if (cost > MOST_STEPS) return cost;
    }
    return cost;
  };

  const costOfRef = (ref: string, depth: number): number => {
    const known = pointers.get(ref);
    if (known !== undefined) return known;
    if (open.has(ref)) return 1;
    open.add(ref);
    const cost = costOf(resolve(schema, ref), depth + 1);
    open.delete(ref);
    pointers.set(ref, cost);
    return cost;
  };

  const cost = costOf(schema, 0);
  if (cost === Infinity) return 'too_deep';
  return cost > MOST_STEPS ? 'too_costly' : null;
}

/** RFC 6901; undefined when it leads nowhere or out of the document, which the compiler then reports. */
function resolve(root: unknown, ref: string): unknown {
  if (!ref.startsWith('#')) return undefined;
  let node = root;
  for (const part of ref.slice(1).split('/').slice(1)) {
    if (typeof node !== 'object' || node === null) return undefined;
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    node = Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined;
  }
  return node;
}
