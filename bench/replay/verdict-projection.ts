/** A verdict as it lies in verdicts.jsonl, as far as the projection goes. */
export type WrittenVerdict = Readonly<Record<string, unknown>> & { readonly interaction_id: string };

/** Attempt ids, clocks, where the record was read, and the hash of the whole configuration: what two runs may differ in. */
const OWN_TO_A_RUN = new Set(['verdict_id', 'scored_at', 'source', 'ms', 'config']);

/** The verdict without what belongs to the run; equal texts mean equal decisions. */
export function projectVerdict(verdict: WrittenVerdict): string {
  return JSON.stringify(strip(verdict));
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !OWN_TO_A_RUN.has(key));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, strip(inner)]));
}

/** Interaction ids whose decisions differ or which only one side has. */
export function differingVerdicts(a: readonly WrittenVerdict[], b: readonly WrittenVerdict[]): string[] {
  const left = new Map(a.map((verdict) => [verdict.interaction_id, projectVerdict(verdict)]));
  const right = new Map(b.map((verdict) => [verdict.interaction_id, projectVerdict(verdict)]));
  return [...new Set([...left.keys(), ...right.keys()])].filter((id) => left.get(id) !== right.get(id));
}
