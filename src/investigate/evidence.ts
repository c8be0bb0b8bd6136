import type { Label } from '../domain/label';
import type { CellTraffic, GoldenEntry, SessionRow, WindowValue } from '../store/port-window';
import { isInSegment } from '../store/traffic-cell';

/** One period's evidence, whole stream. */
export interface PeriodEvidence {
  readonly from: number;
  readonly to: number;
  readonly values: readonly WindowValue[];
  readonly traffic: readonly CellTraffic[];
  readonly sessions: readonly SessionRow[];
  readonly labels: readonly Label[];
}

export interface Evidence {
  /** Kind of the alert; null when a segment and a time are looked at without one. */
  readonly kind: string | null;
  readonly segment: string;
  /** Criterion or check; empty where the alert has none. */
  readonly criterion: string;
  readonly panel: string;
  /** Set where the alert is about one judge rather than about values of a panel. */
  readonly judge: string | null;
  /** Whether `criterion` names a check. */
  readonly isCheck: boolean;
  readonly before: PeriodEvidence;
  readonly after: PeriodEvidence;
  /** Answers on the frozen set since the change, oldest first. */
  readonly golden: readonly GoldenEntry[];
}

/** Whether a value is of this segment and panel; an empty panel stands for whichever. */
export function isOfSeries(value: WindowValue, { segment, panel }: Pick<Evidence, 'segment' | 'panel'>): boolean {
  return isInSegment(value.cell, segment) && (panel === '' || value.panel === panel);
}
