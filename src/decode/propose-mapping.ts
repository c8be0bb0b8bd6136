import type { MappingOptions, MappingRule } from './options';
import { type Wish, WISHES } from './mapping-wishes';
import { collectPlaces, type Place } from './sample-places';

/** A proposal, and where each of its fields was found. */
export interface MappingProposal {
  readonly mapping: MappingOptions;
  readonly found: readonly FoundField[];
  /** Fields of ours for which nothing in the samples looked right. */
  readonly missing: readonly string[];
}

export interface FoundField {
  /** e.g. `output.text` */
  readonly field: string;
  readonly path: string;
  /** Share of the samples in which something is there, in [0, 1]. */
  readonly fill: number;
}

/**
 * Proposes a mapping for records of an unknown shape: every path that leads to a plain value or a list is weighed by its
 * name, its type and how often it is there. A proposal is a start to be read by a person, not a claim; nothing is proposed
 * for a field without a telling name. Takes parsed records, a few hundred at most; cost grows with their number of paths.
 */
export function proposeMapping(samples: readonly unknown[]): MappingProposal {
  const places = [...collectPlaces(samples).values()];
  const taken = new Set<string>();
  const found: FoundField[] = [];
  const missing: string[] = [];
  const rules: Record<string, MappingRule> = {};
  for (const wish of WISHES) {
    const place = choose(places, wish, taken);
    if (place === null) {
      missing.push(wish.field);
      if (wish.otherwise !== undefined) assign(rules, wish.field, wish.otherwise);
      continue;
    }
    taken.add(place.path);
    found.push({ field: wish.field, path: place.path, fill: place.count / samples.length });
    assign(rules, wish.field, wish.rule(place));
  }
  return { mapping: { filters: [], fields: rules }, found, missing };
}

/** Trace ids need both halves: half a trace is a fault. */
function assign(rules: Record<string, MappingRule>, field: string, rule: MappingRule): void {
  const [first = '', second] = field.split('.');
  if (second === undefined) {
    rules[first] = rule;
    return;
  }
  const known = rules[first];
  const inner = typeof known === 'object' && 'object' in known ? known.object : {};
  rules[first] = { object: { ...inner, [second]: rule } };
}

function choose(places: readonly Place[], { names, fits }: Wish, taken: ReadonlySet<string>): Place | null {
  for (const name of names) {
    const fitting = places.filter(
      (place) => !taken.has(place.path) && name.test(place.name) && place.values.every(fits),
    );
    const [best] = fitting.sort((a, b) => b.count - a.count || a.depth - b.depth || (a.path < b.path ? -1 : 1));
    if (best !== undefined) return best;
  }
  return null;
}
