import { createHash } from 'node:crypto';

export interface Candidate {
  readonly id: string;
  readonly stratum: string;
}

/**
 * `size` candidates, as many from each stratum as from any other while it has them, so that rare cells are seen too; which
 * ones is decided by hash. In order of their ids' hashes. All of them when there are no more than `size`.
 */
export function pickStratified<T extends Candidate>(candidates: readonly T[], size: number, salt: string): T[] {
  const strata = new Map<string, T[]>();
  for (const candidate of byHash(candidates, salt)) {
    strata.set(candidate.stratum, [...(strata.get(candidate.stratum) ?? []), candidate]);
  }
  const picked: T[] = [];
  for (let round = 0; picked.length < Math.min(size, candidates.length); round++) {
    for (const name of [...strata.keys()].sort()) {
      const next = strata.get(name)?.[round];
      if (next !== undefined && picked.length < size) picked.push(next);
    }
  }
  return byHash(picked, salt);
}

/** In an order that depends on ids and salt alone. */
export function byHash<T extends { readonly id: string }>(values: readonly T[], salt: string): T[] {
  const keyed = values.map((value) => ({ value, key: hashOf(`${salt}|${value.id}`) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ value }) => value);
}

/** Score band of a stratum: judges drift at the border first. */
export function scoreBand(score: number | null): 'fail' | 'border' | 'pass' | 'unscored' {
  if (score === null) return 'unscored';
  return score < 0.25 ? 'fail' : score > 0.75 ? 'pass' : 'border';
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
