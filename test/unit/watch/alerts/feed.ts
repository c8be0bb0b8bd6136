import type { Acknowledgement } from '../../../../src/domain/acknowledgement';
import type { Alert } from '../../../../src/domain/alert';
import type { GoldenAnswer } from '../../../../src/domain/golden';
import type { GoldenRunSummary } from '../../../../src/domain/golden-standing';
import type { Label } from '../../../../src/domain/label';
import type { OutcomeItem } from '../../../../src/domain/ledger-record';
import type { SessionOutcome } from '../../../../src/domain/session-outcome';
import type { SegmentKey } from '../../../../src/domain/segment';
import { createRandom } from '../../../../src/stats/seeded-random';
import { createAlertEngine, createAlertsState } from '../../../../src/watch/alerts/engine';
import type { AlertsState } from '../../../../src/watch/alerts/state';
import { alertOptions, type AlertParams, detectorOptions } from '../../../../src/watch/options-alerts';
import { outcome } from '../../sessions/outcomes';
import { buildAcknowledgement, buildGoldenAnswer, buildLabel } from '../../../support/builders/keyed-record';
import { buildOutcomeItem } from '../../../support/builders/ledger-record';

export const ALL: SegmentKey = { dimension: 'all', value: '' };
export const START = Date.UTC(2026, 0, 5);
/** One judge asks, another is the ensemble. */
export const PANEL = 'mini>big/mean';
export const MINUTE = 60_000;

export function paramsOf(
  detectors: Parameters<typeof detectorOptions.parse>[0] = {},
  alerts: Parameters<typeof alertOptions.parse>[0] = {},
): AlertParams {
  return {
    detectors: detectorOptions.parse({ reference: 500, referenceDays: 0, maxSeries: 60, ...(detectors as object) }),
    alerts: alertOptions.parse({ observeDays: 0, ...(alerts as object) }),
    scores: { largest: 1, floor: 1 },
    objectives: {},
  };
}

/** Feeds an engine, one marker per value, one value per ten minutes, or another gap, of event time and of the clock. */
export interface Feed {
  readonly state: AlertsState;
  readonly told: Alert[];
  /** `count` sessions that pass with this probability, in each segment; how users fared is not known. */
  scores(count: number, pass: number, segments?: readonly SegmentKey[]): void;
  /** `count` sessions, each one judged to pass or not, in each segment. */
  sessions(
    count: number,
    sessionOf: (draw: () => number) => { readonly pass: boolean } & Partial<SessionOutcome>,
    segments?: readonly SegmentKey[],
  ): void;
  items(count: number, itemOf: (draw: number) => Partial<OutcomeItem>, segments?: readonly SegmentKey[]): void;
  gap(missing: number): void;
  /** A complete golden run of a judge on `correct`, of so many items, of which some changed. */
  goldenRun(judge: string, run?: Partial<GoldenRunSummary>): void;
  goldenAnswer(answer: Partial<GoldenAnswer>): void;
  label(label: Partial<Label>): void;
  acknowledge(acknowledgement: Partial<Acknowledgement>): void;
  /** The last marker of a stream. */
  end(): void;
  records(count: number, deadLetters: number): void;
  /** Nothing comes for so long. */
  pause(ms: number): void;
  firing(): readonly string[];
}

export function createFeed(params: AlertParams, seed = 1, state = createAlertsState(), gap = 10 * MINUTE): Feed {
  const engine = createAlertEngine(params);
  const random = createRandom(seed);
  const told: Alert[] = [];
  let now = START;
  const marked = (work: (at: number) => void): void => {
    now += gap;
    engine.begin(state, now);
    work(now);
    told.push(...engine.advance(state, () => null));
  };
  return {
    state,
    told,
    scores(count, pass, segments = [ALL]) {
      for (let i = 0; i < count; i++) {
        marked((at) => {
          const value = random() < pass ? 1 : 0;
          const one = { criterion: 'correct', panel: PANEL, turns: 1, value, lowest: value, highest: value };
          for (const segment of segments)
            engine.addSessionValues(state, segment, [one], outcome({ ending: 'open', lastActivityAt: at }));
        });
      }
    },
    sessions(count, sessionOf, segments = [ALL]) {
      for (let i = 0; i < count; i++) {
        marked((at) => {
          const { pass, ...part } = sessionOf(random);
          const value = pass ? 1 : 0;
          const one = { criterion: 'correct', panel: PANEL, turns: 1, value, lowest: value, highest: value };
          const session = outcome({ segments, lastActivityAt: at, ...part });
          for (const segment of segments) engine.addSessionValues(state, segment, [one], session);
          engine.addSession(state, session);
        });
      }
    },
    items(count, itemOf, segments = [ALL]) {
      for (let i = 0; i < count; i++) {
        marked((at) => engine.addItem(state, buildOutcomeItem({ occurredAt: at, ...itemOf(random()) }), segments));
      }
    },
    records(count, deadLetters) {
      for (let i = 0; i < count; i++) marked(() => engine.addRecord(state, random() < deadLetters));
    },
    goldenRun(judge, run = {}) {
      marked((at) => engine.addGoldenRun(state, goldenRunOf(judge, { finishedAt: at, ...run })));
    },
    goldenAnswer(answer) {
      marked(() => engine.addGoldenAnswer(state, buildGoldenAnswer(answer)));
    },
    label(label) {
      marked((at) => engine.addLabel(state, buildLabel({ criterion: 'correct', labelledAt: at, ...label })));
    },
    acknowledge(acknowledgement) {
      marked((at) => engine.acknowledge(state, buildAcknowledgement({ at, ...acknowledgement })));
    },
    end() {
      engine.begin(state, now);
      told.push(...engine.advance(state, () => null, true));
    },
    gap(missing) {
      marked(() => engine.addGap(state, 'llm.interactions/0', missing));
    },
    pause(ms) {
      now += ms;
      engine.begin(state, now);
      told.push(...engine.advance(state, () => null));
    },
    firing: () => [...state.alerts.values()].filter((one) => one.state === 'firing').map(({ series }) => series.kind),
  };
}

/** A judge that gives the verdicts it gave when the set was sealed. */
function goldenRunOf(judge: string, run: Partial<GoldenRunSummary>): GoldenRunSummary {
  return {
    set: 'main',
    seal: 'ab'.repeat(32),
    run: 'run-1',
    trigger: 'schedule',
    variant: 'plain',
    judge,
    family: 'other',
    model: 'other-1',
    reportedVersion: 'other-1-0125',
    promptHash: 'p-1',
    criterion: 'correct',
    startedAt: START,
    finishedAt: START,
    items: 500,
    scored: 500,
    mean: 0.8,
    drift: { n: 500, mean: 0, lower: -0.01, upper: 0.01 },
    freshDrift: null,
    changed: { pairs: 500, up: 3, down: 3 },
    noise: { pairs: 0, differing: 0 },
    human: { bothPass: 0, judgePass: 0, humanPass: 0, bothFail: 0 },
    byProducer: {},
    costUsd: 0,
    ...run,
  };
}
