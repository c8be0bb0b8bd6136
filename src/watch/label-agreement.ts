import type { JudgeAgreement } from '../domain/golden-standing';
import type { Label } from '../domain/label';
import { cohenKappa } from '../stats/agreement';

/** Verdicts of each judge beside people's labels, kept up as labels come, are revised and go. */
export type AgreementCounts = Map<string, PairCounts>;

interface PairCounts {
  readonly judge: string;
  readonly criterion: string;
  /** Rows = people, columns = judge; fail first. */
  readonly matrix: [[number, number], [number, number]];
}

/** Below it the large-sample interval of kappa is not given. */
const FEWEST_LABELS = 30;
const HUMAN_PASS = 0.5;

/** `sign` 1 when the label comes, -1 when it goes. */
export function countLabel(counts: AgreementCounts, label: Label, sign: 1 | -1): void {
  if (label.value === null || !standsForTraffic(label)) return;
  const human = label.value >= HUMAN_PASS ? 1 : 0;
  for (const { judge, score } of label.judges) {
    const key = `${judge}\n${label.criterion}`;
    const pair = counts.get(key) ?? {
      judge,
      criterion: label.criterion,
      matrix: [
        [0, 0],
        [0, 0],
      ],
    };
    counts.set(key, pair);
    pair.matrix[human][score >= label.passAt ? 1 : 0] += sign;
  }
}

/** Sorted by judge and criterion. */
export function agreementOf(counts: AgreementCounts): JudgeAgreement[] {
  const pairs = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
  return pairs.map(({ judge, criterion, matrix }) => {
    const labels = matrix.flat().reduce((sum, count) => sum + count, 0);
    const { kappa, interval } = cohenKappa(matrix);
    const [lower, upper] = labels < FEWEST_LABELS || interval === null ? [null, null] : interval;
    return { judge, criterion, labels, kappa, lower, upper };
  });
}

/** Items that were picked because judges disagree say how judges fare on hard items, not on the traffic. */
function standsForTraffic({ reason, round }: Label): boolean {
  return (reason === 'random' || reason === 'import') && round !== 'second';
}
