import type { Alert, Incident } from '../../src/domain/alert';
import { goldenRecord, labelRecord, type LedgerRecord } from '../../src/domain/ledger-record';
import type { Label } from '../../src/domain/label';
import type { GoldenAnswer } from '../../src/domain/golden';
import type { SessionOutcome } from '../../src/domain/session-outcome';
import type { TurnSignals } from '../../src/domain/ledger-record';
import { createFold } from '../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../src/watch/options';
import { alertOptions, detectorOptions } from '../../src/watch/options-alerts';
import { at, buildMarker, buildOutcome, buildOutcomeCriterion } from '../../test/support/builders/ledger-record';
import { buildGoldenAnswer, buildLabel } from '../../test/support/builders/keyed-record';

/** Event time is made: so many sessions a day. */
export const PER_DAY = 1000;
const GAP_MS = 86_400_000 / PER_DAY;
const START = Date.UTC(2026, 0, 5);
/** Seven minutes: less than a page waits for the golden set. */
const MARKER_EVERY = 5;
/** One judge alone: what it says of an item is the item's value. */
export const JUDGE = 'judge';
const PANEL = `none>${JUDGE}/mean`;
const CRITERION = 'right';

/** One turn of a session: what the judge said of it, and where it was served. */
export interface StreamTurn {
  readonly score: number;
  readonly model?: string;
  readonly segments?: Readonly<Record<string, string>>;
  readonly signals?: TurnSignals;
}

/** The product's own fold and alert engine over a stream that the bench makes: records in, alerts out. */
export interface FoldStream {
  /** One session of some turns, at the next moment. */
  session(turns: readonly StreamTurn[]): void;
  /** One complete golden run: sealed and present verdicts of the same items. */
  goldenRun(trigger: GoldenAnswer['trigger'], sealed: readonly number[], now: readonly (number | null)[]): void;
  /** What a person says of the last session's answer, drawn with this probability. */
  label(value: number, score: number, probability: number): void;
  /** Whether an alarm waits for the judges to be asked. */
  isSuspected(): boolean;
  /** Event time of the last session. */
  now(): number;
  /** Ends the stream; all that fired, oldest first. */
  finish(): { readonly alerts: readonly Alert[]; readonly incidents: readonly Incident[] };
}

export interface StreamOptions {
  readonly reference: number;
  readonly dimensions?: readonly string[];
  /** Series that share the budgets: the product and a few segments of it. */
  readonly maxSeries?: number;
  /** Told every record of the ledger, in order. */
  readonly onRecord?: (record: LedgerRecord) => void;
  readonly onSession?: (session: SessionOutcome) => void;
}

export function createFoldStream(options: StreamOptions): FoldStream {
  const { reference, dimensions = [], maxSeries = 50 } = options;
  const told = new Map<string, Alert>();
  const fold = createFold(
    {
      segments: segmentOptions.parse({ dimensions, producer: ['model'] }),
      watch: watchOptions.parse({}),
      criteria: [CRITERION],
      alerting: {
        // Rows are redrawn at 1,000 a day, so a week has nothing to it.
        detectors: detectorOptions.parse({ reference, referenceDays: 0, maxSeries }),
        // The stream ends abruptly, and golden runs come only where a case needs one: neither is the product's fault.
        alerts: alertOptions.parse({ severities: { traffic_absent: 'off', golden_set_stale: 'off' } }),
        scores: { largest: 1, floor: 1 },
        objectives: {},
      },
    },
    {
      awaitedPartitions: 1,
      onAlert: (alert) => void told.set(alert.id, alert),
      onSession: ({ outcome }) => options.onSession?.(outcome),
    },
  );
  const state = fold.initial();
  let position = 0n;
  let offset = 0;
  let sessions = 0;
  let now = START;
  const apply = (record: LedgerRecord): void => {
    options.onRecord?.(record);
    fold.applyEntry(state, { position, record });
    position += 1n;
  };
  const mark = (final: boolean): void => {
    const positions = [{ ...at(offset), eventTime: now, idle: false }];
    apply({ ...buildMarker([]), recordedAt: now, positions, final });
  };
  let runs = 0;
  return {
    session(turns) {
      now += GAP_MS;
      sessions += 1;
      turns.forEach(({ score, model = 'before', segments = {}, signals }, turnIndex) => {
        const criteria = [
          buildOutcomeCriterion({
            criterion: CRITERION,
            panel: PANEL,
            cheapScore: score,
            escalated: true,
            escalationProbability: 1,
            ensembleScore: score,
            pass: score >= 0.5,
            estimatorValue: score,
          }),
        ];
        const record = buildOutcome(at(offset), {
          interactionId: turnIndex === 0 ? `i-${sessions}` : `i-${sessions}-${turnIndex}`,
          verdictId: `v-${offset}`,
          conversationId: `c-${sessions}`,
          turnIndex,
          occurredAt: now + turnIndex * 30_000,
          producerModel: model,
          segments,
          criteria,
          ...(signals === undefined ? {} : { signals }),
        });
        apply({ ...record, recordedAt: now });
        offset += 1;
      });
      if (sessions % MARKER_EVERY === 0) mark(false);
    },
    goldenRun(trigger, sealed, present) {
      runs += 1;
      present.forEach((score, i) => {
        const base = sealed[i] ?? null;
        const one = { criterion: CRITERION, score, sealed: base, base, human: null, passAt: 0.5 };
        const outcome = score === null ? ('unreadable' as const) : ('scored' as const);
        const answer = buildGoldenAnswer({
          run: `run-${runs}`,
          trigger,
          judge: JUDGE,
          total: present.length,
          item: `g-${i}`,
          scores: [{ ...one, outcome }],
        });
        apply(goldenRecord(answer, now));
      });
      mark(false);
    },
    label(value, score, probability) {
      const label: Partial<Label> = {
        interactionId: `i-${sessions}`,
        criterion: CRITERION,
        value,
        score,
        probability,
        panel: PANEL,
        labelledAt: now,
      };
      apply(labelRecord(buildLabel(label), now));
    },
    isSuspected: () => [...state.alerts.series.values()].some(({ heldSince }) => heldSince !== null),
    now: () => now,
    finish() {
      now += 3_600_000;
      mark(true);
      return { alerts: [...told.values()], incidents: fold.snapshot(state).incidents };
    },
  };
}

export function kindsOf(alerts: readonly Alert[]): Set<string> {
  return new Set(alerts.map(({ series }) => series.kind));
}

/** `count` members drawn with repetition. */
export function redraw<T>(values: readonly T[], count: number, random: () => number): T[] {
  return Array.from({ length: count }, () => values[Math.floor(random() * values.length)]!);
}
