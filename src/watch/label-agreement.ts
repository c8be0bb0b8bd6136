import type { EffectiveJudges, JudgeAgreement } from '../domain/golden-standing';
import type { Label } from '../domain/label';
import { cohenKappa } from '../stats/agreement';
import { effectiveJudges } from '../stats/judge-dependence';

/** Judges beside people's labels, kept up as labels come, are revised and go. Whole numbers, so that what goes is gone. */
export interface AgreementCounts {
  /** Verdicts of each judge, by judge and criterion. */
  readonly verdicts: Map<string, PairCounts>;
  /** Errors of two judges on the same items, by criterion and then by their names. */
  readonly errors: Map<string, Map<string, ErrorSums>>;
}

/** Of score minus label in thousandths. */
interface ErrorSums {
  readonly judges: readonly [string, string];
  n: number;
  a: number;
  b: number;
  aa: number;
  bb: number;
  ab: number;
}

export function emptyAgreement(): AgreementCounts {
  return { verdicts: new Map(), errors: new Map() };
}

interface PairCounts {
  readonly judge: string;
  readonly criterion: string;
  /** Rows = people, columns = judge; fail first. */
  readonly matrix: [[number, number], [number, number]];
}

/** Below it the large-sample interval of kappa is not given. */
const FEWEST_LABELS = 30;
/** A label at or above it says that the item passes. */
export const HUMAN_PASS = 0.5;

/** `sign` 1 when the label comes, -1 when it goes. */
export function countLabel(counts: AgreementCounts, label: Label, sign: 1 | -1): void {
  if (label.value === null || !standsForTraffic(label)) return;
  countErrors(counts, label, label.value, sign);
  const human = label.value >= HUMAN_PASS ? 1 : 0;
  for (const { judge, score } of label.judges) {
    const key = `${judge}\n${label.criterion}`;
    const pair = counts.verdicts.get(key) ?? {
      judge,
      criterion: label.criterion,
      matrix: [
        [0, 0],
        [0, 0],
      ],
    };
    counts.verdicts.set(key, pair);
    pair.matrix[human][score >= label.passAt ? 1 : 0] += sign;
  }
}

function countErrors({ errors }: AgreementCounts, { criterion, judges }: Label, value: number, sign: 1 | -1): void {
  const own = errors.get(criterion) ?? new Map<string, ErrorSums>();
  errors.set(criterion, own);
  const sorted = [...judges].sort((a, b) => (a.judge < b.judge ? -1 : 1));
  for (const [i, first] of sorted.entries()) {
    for (const second of sorted.slice(i + 1)) {
      const key = `${first.judge}\n${second.judge}`;
      const sums = own.get(key) ?? { judges: [first.judge, second.judge], n: 0, a: 0, b: 0, aa: 0, bb: 0, ab: 0 };
      own.set(key, sums);
      const [a, b] = [first, second].map(({ score }) => Math.round(1000 * (score - value))) as [number, number];
      sums.n += sign;
      sums.a += sign * a;
      sums.b += sign * b;
      sums.aa += sign * a * a;
      sums.bb += sign * b * b;
      sums.ab += sign * a * b;
    }
  }
}

/**
 * How many independent judges those of each criterion are worth, by how their errors against people's labels correlate.
 * Pairs with fewer than 30 common labels, or a judge whose error never varies, say nothing; criteria without any are left
 * out. Sorted by name. Source: `effectiveJudges`.
 */
export function effectiveJudgesOf({ errors }: AgreementCounts): EffectiveJudges[] {
  return [...errors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([criterion, pairs]): EffectiveJudges[] => {
      const known = [...pairs.values()].flatMap((sums) => {
        const correlation = correlationOf(sums);
        return correlation === null ? [] : [{ ...sums, correlation }];
      });
      if (known.length === 0) return [];
      const judges = new Set(known.flatMap((pair) => pair.judges)).size;
      const mean = known.reduce((sum, { correlation }) => sum + correlation, 0) / known.length;
      return [
        { criterion, judges, effective: effectiveJudges(judges, mean), labels: Math.min(...known.map(({ n }) => n)) },
      ];
    });
}

function correlationOf({ n, a, b, aa, bb, ab }: ErrorSums): number | null {
  const spread = (n * aa - a * a) * (n * bb - b * b);
  return n < FEWEST_LABELS || spread <= 0 ? null : (n * ab - a * b) / Math.sqrt(spread);
}

/** Sorted by judge and criterion. */
export function agreementOf({ verdicts }: AgreementCounts): JudgeAgreement[] {
  const pairs = [...verdicts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
  return pairs.map(({ judge, criterion, matrix }) => {
    const labels = matrix.flat().reduce((sum, count) => sum + count, 0);
    const { kappa, interval } = cohenKappa(matrix);
    const [lower, upper] = labels < FEWEST_LABELS || interval === null ? [null, null] : interval;
    return { judge, criterion, labels, kappa, lower, upper };
  });
}

/** Items that were picked because judges disagree say how judges fare on hard items, not on the traffic. */
export function standsForTraffic({ reason, round }: Label): boolean {
  return (reason === 'random' || reason === 'import') && round !== 'second';
}
