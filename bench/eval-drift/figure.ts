/** Outcome of one case over all draws. */
export interface DriftFigure {
  readonly fired_share: number;
  readonly alert_kinds: readonly string[];
  readonly named_cause: string;
  readonly named_cause_share: number;
  readonly items: number;
  readonly draws: number;
  /** A sentence for the table. */
  readonly note?: string;
  readonly [more: string]: unknown;
}

export function mostCommon(names: readonly string[]): { name: string; share: number } {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [name, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ['nothing', 0];
  return { name, share: names.length === 0 ? 0 : count / names.length };
}
