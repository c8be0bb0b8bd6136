import { createRandom } from '../../src/stats/seeded-random';
import type { Units } from './item';
import type { Prepared } from './replay-cascade';

/** What is expected of an item before the ensemble is asked. */
export interface Expectation {
  /** The most likely ensemble verdict, used when it is not asked. */
  readonly verdict: number;
  /** Probability that the ensemble says otherwise. */
  readonly doubt: number;
  /** Of asking it. */
  readonly cost: Units;
}

/** Weight of the coarse cell in the fine one, items. */
const SHRINK = 5;

const FOLDS = 10;

/**
 * Cross-fitted: each tenth of the items is predicted from the ensemble’s verdicts on the others, never from a human
 * label. Cells are the cheap stage's readings and margin, refined by segment with shrinkage (STATISTICS.md 1.3, 1.5).
 */
export function expectations(prepared: readonly Prepared[], byTurns: boolean, seed: number): Expectation[] {
  const random = createRandom(seed);
  const order = prepared.map((_, i) => ({ i, at: random() })).sort((a, b) => a.at - b.at);
  const foldOf = new Array<number>(prepared.length);
  order.forEach(({ i }, rank) => (foldOf[i] = rank % FOLDS));
  const result = new Array<Expectation>(prepared.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const known = prepared.filter((_, i) => foldOf[i] !== fold);
    const coarse = tally(known, coarseCell, byTurns);
    const fine = tally(known, fineCell, byTurns);
    const overall = tally(known, () => '', byTurns).get('');
    prepared.forEach((one, i) => {
      if (foldOf[i] === fold) result[i] = expect(one, coarse.get(coarseCell(one)) ?? overall, fine.get(fineCell(one)));
    });
  }
  return result;
}

interface Cell {
  n: number;
  cost: Units;
  readonly counts: Map<number, number>;
}

function tally(items: readonly Prepared[], cellOf: (one: Prepared) => string, byTurns: boolean): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const one of items) {
    const key = cellOf(one);
    const cell = cells.get(key) ?? { n: 0, cost: 0, counts: new Map<number, number>() };
    cells.set(key, cell);
    cell.n++;
    cell.cost += byTurns ? one.untilDecided : one.together;
    cell.counts.set(one.ensemble, (cell.counts.get(one.ensemble) ?? 0) + 1);
  }
  return cells;
}

function expect({ item, price }: Prepared, coarse: Cell | undefined, fine: Cell | undefined): Expectation {
  if (coarse === undefined) return { verdict: item.cheap ?? 0, doubt: 0.5, cost: price };
  const n = (fine?.n ?? 0) + SHRINK;
  let verdict = item.cheap ?? 0;
  let best = -1;
  for (const [value, count] of coarse.counts) {
    const share = ((fine?.counts.get(value) ?? 0) + (SHRINK * count) / coarse.n) / n;
    if (share > best) [verdict, best] = [value, share];
  }
  return { verdict, doubt: 1 - best, cost: ((fine?.cost ?? 0) + (SHRINK * coarse.cost) / coarse.n) / n };
}

function coarseCell({ item }: Prepared): string {
  return JSON.stringify([item.readings, item.margin]);
}

function fineCell(one: Prepared): string {
  return `${coarseCell(one)} ${one.item.segment}`;
}
