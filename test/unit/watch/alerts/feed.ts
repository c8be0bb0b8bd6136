import type { Alert } from '../../../../src/domain/alert';
import type { OutcomeItem } from '../../../../src/domain/ledger-record';
import type { SegmentKey } from '../../../../src/domain/segment';
import { createRandom } from '../../../../src/stats/seeded-random';
import { createAlertEngine, createAlertsState } from '../../../../src/watch/alerts/engine';
import type { AlertsState } from '../../../../src/watch/alerts/state';
import { alertOptions, type AlertParams, detectorOptions } from '../../../../src/watch/options-alerts';
import { buildOutcomeItem } from '../../../support/builders/ledger-record';

export const ALL: SegmentKey = { dimension: 'all', value: '' };
export const START = Date.UTC(2026, 0, 5);
export const MINUTE = 60_000;

export function paramsOf(
  detectors: Parameters<typeof detectorOptions.parse>[0] = {},
  alerts: Parameters<typeof alertOptions.parse>[0] = {},
): AlertParams {
  return {
    detectors: detectorOptions.parse({ reference: 500, maxSeries: 20, ...(detectors as object) }),
    alerts: alertOptions.parse(alerts),
    scores: { largest: 1, floor: 1 },
  };
}

/** Feeds an engine, one marker per value, one value per ten minutes of event time and of the clock. */
export interface Feed {
  readonly state: AlertsState;
  readonly told: Alert[];
  /** `count` sessions that pass with this probability, in each segment. */
  scores(count: number, pass: number, segments?: readonly SegmentKey[]): void;
  items(count: number, itemOf: (draw: number) => Partial<OutcomeItem>): void;
  records(count: number, deadLetters: number): void;
  /** Nothing comes for so long. */
  pause(ms: number): void;
  firing(): readonly string[];
}

export function createFeed(params: AlertParams, seed = 1, state = createAlertsState()): Feed {
  const engine = createAlertEngine(params);
  const random = createRandom(seed);
  const told: Alert[] = [];
  let now = START;
  const marked = (work: (at: number) => void): void => {
    now += 10 * MINUTE;
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
          const one = { criterion: 'correct', panel: 'p', turns: 1, value, lowest: value, highest: value };
          for (const segment of segments) engine.addSessionValue(state, segment, one, at);
        });
      }
    },
    items(count, itemOf) {
      for (let i = 0; i < count; i++) {
        marked((at) => engine.addItem(state, buildOutcomeItem({ occurredAt: at, ...itemOf(random()) }), [ALL]));
      }
    },
    records(count, deadLetters) {
      for (let i = 0; i < count; i++) marked(() => engine.addRecord(state, random() < deadLetters));
    },
    pause(ms) {
      now += ms;
      engine.begin(state, now);
      told.push(...engine.advance(state, () => null));
    },
    firing: () => [...state.alerts.values()].filter((one) => one.state === 'firing').map(({ series }) => series.kind),
  };
}
