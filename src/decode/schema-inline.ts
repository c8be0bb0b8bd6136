/** An Avro schema as parsed JSON. */
export type AvroSchemaJson = Readonly<Record<string, unknown>>;

/**
 * Writes out each referenced type at its first mention; later ones stay names, as Avro wants. `named` holds the
 * definitions by full name, which may name each other; what has been used is taken out of it.
 */
export function inlineReferences(schema: unknown, named: Map<string, unknown>, namespace = ''): unknown {
  if (typeof schema === 'string') {
    const definition = takeNamed(schema, named, namespace);
    return definition === undefined ? schema : inlineReferences(definition, named);
  }
  if (Array.isArray(schema)) return schema.map((branch) => inlineReferences(branch, named, namespace));
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Record<string, unknown> = { ...schema };
  const within = spaceOf(out) ?? namespace;
  for (const key of ['type', 'items', 'values']) {
    if (Object.hasOwn(out, key)) out[key] = inlineReferences(out[key], named, within);
  }
  if (Array.isArray(out.fields)) out.fields = out.fields.map((field) => inlineReferences(field, named, within));
  return out;
}

/** `plumbline.Interaction`; empty when the schema is not a named type. */
export function fullNameOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null || !('name' in schema)) return '';
  const { name } = schema;
  if (typeof name !== 'string') return '';
  const space = 'namespace' in schema && typeof schema.namespace === 'string' ? schema.namespace : '';
  return name.includes('.') || space === '' ? name : `${space}.${name}`;
}

function takeNamed(name: string, named: Map<string, unknown>, namespace: string): unknown {
  for (const full of [namespace === '' ? name : `${namespace}.${name}`, name]) {
    const definition = named.get(full);
    if (definition !== undefined) {
      named.delete(full);
      return definition;
    }
  }
  return undefined;
}

function spaceOf(schema: Readonly<Record<string, unknown>>): string | null {
  if (typeof schema.namespace === 'string') return schema.namespace;
  const { name } = schema;
  return typeof name === 'string' && name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : null;
}
