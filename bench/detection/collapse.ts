import { createChecks, runChecks } from '../../src/checks/create-checks';
import { checksOptions } from '../../src/checks/options';
import type { Alert } from '../../src/domain/alert';
import type { Output } from '../../src/domain/interaction';
import type { LedgerRecord, OutcomeCheck } from '../../src/domain/ledger-record';
import { segmentLabel } from '../../src/domain/segment';
import { quantile } from '../../src/stats/quantile';
import { createRandom } from '../../src/stats/seeded-random';
import { kindOfCheck } from '../../src/watch/alerts/kinds';
import { createFold } from '../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../src/watch/options';
import { alertOptions, detectorOptions, type SeededBaseline } from '../../src/watch/options-alerts';
import { buildInteraction } from '../../test/support/builders/interaction';
import { at, buildMarker, buildOutcome } from '../../test/support/builders/ledger-record';
import { round } from './summary';

/** What answers are when a product has collapsed, the check that sees it, and the share that are so anyway. */
interface Collapse {
  readonly check: string;
  readonly usual: number;
  readonly output: Partial<Output>;
}

const COLLAPSES = {
  empty: { check: 'non_empty', usual: 0.002, output: { text: '' } },
  errors: { check: 'finish_reason', usual: 0.005, output: { finishReason: 'error' } },
  refusals: { check: 'refusal', usual: 0.03, output: { text: "I'm sorry, but I can't help with that." } },
} as const satisfies Record<string, Collapse>;

export type CollapseName = keyof typeof COLLAPSES;
export const COLLAPSE_NAMES = Object.keys(COLLAPSES) as CollapseName[];

const PRODUCTS = ['support', 'search'];
export const COLLAPSED = 'product=support';
const GAP_MS = 3_600_000 / 1_000;
const START = Date.UTC(2026, 0, 5);
const BEFORE = 1_000;

/** An alert as it was told, minutes of event time after the collapse began. */
export interface ToldAlert {
  readonly minutes: number;
  readonly alert: Alert;
}

/**
 * Two products with 1,000 one-turn conversations an hour each, through the product's checks, fold and alert engine with
 * the options as shipped; nothing is judged, and baselines are seeded with as many values as one would be learned from. After an hour
 * `share` of the answers of one product are as `name` says, for `items` answers or until `isEnough`. Returns every alert.
 */
export function collapseRun(
  name: CollapseName,
  { share, seed, items }: { readonly share: number; readonly seed: number; readonly items: number },
  isEnough: (told: ToldAlert) => boolean = () => false,
): readonly ToldAlert[] {
  const random = createRandom(seed);
  const results = resultsByAnswer();
  const usual = (): readonly OutcomeCheck[] => {
    let rest = random();
    return results[COLLAPSE_NAMES.find((one) => (rest -= COLLAPSES[one].usual) < 0) ?? 'usual'];
  };
  const told: ToldAlert[] = [];
  let now = START;
  const detectors = detectorOptions.parse({});
  const fold = createFold(
    {
      segments: segmentOptions.parse({ dimensions: ['product'] }),
      watch: watchOptions.parse({}),
      criteria: [],
      alerting: {
        detectors: { ...detectors, baselines: seedsOf(detectors.reference, random) },
        alerts: alertOptions.parse({}),
        scores: { largest: 1, floor: 1 },
        objectives: {},
      },
    },
    {
      awaitedPartitions: 1,
      onAlert: (alert) => void told.push({ minutes: (now - START - BEFORE * GAP_MS) / 60_000, alert }),
    },
  );
  const state = fold.initial();
  let position = 0n;
  const apply = (record: LedgerRecord): void => fold.applyEntry(state, { position: position++, record });
  for (let i = 0, offset = 0; i < BEFORE + items && !told.some(isEnough); i++) {
    now = START + i * GAP_MS;
    for (const product of PRODUCTS) {
      const isHit = i >= BEFORE && product === 'support' && random() < share;
      const checks = isHit ? results[name] : usual();
      const item = { segments: { product }, occurredAt: now, sampled: false, criteria: [], checks };
      apply({ ...buildOutcome(at(offset++), item), recordedAt: now });
    }
    const positions = [{ ...at(offset), eventTime: now, idle: false }];
    apply({ ...buildMarker([]), recordedAt: now, positions });
  }
  return told;
}

/** Whether an alert tells of this collapse, where it is. */
export function tellsOf(name: CollapseName, { series }: Alert): boolean {
  const { check } = COLLAPSES[name];
  return series.kind === kindOfCheck(check) && series.criterion === check && segmentLabel(series.segment) === COLLAPSED;
}

export interface CollapseFigures {
  /** Minutes from its first answer to the alert of the segment: median and largest over the runs; null beyond an hour. */
  readonly minutes: number | null;
  readonly minutes_max: number | null;
  readonly runs: number;
}

/** For each kind of collapse and for all or half of the answers. */
export function collapses(runs: number, seed: number): Record<string, CollapseFigures> {
  const found: Record<string, CollapseFigures> = {};
  for (const name of COLLAPSE_NAMES) {
    for (const share of [1, 0.5]) {
      const isIt = ({ minutes, alert }: ToldAlert): boolean => minutes >= 0 && tellsOf(name, alert);
      const all = Array.from({ length: runs }, (_, run) => {
        const told = collapseRun(name, { share, seed: seed + run, items: 1_000 }, isIt);
        return told.find(isIt)?.minutes ?? Infinity;
      });
      found[`${name}/${share}`] = {
        minutes: round(quantile(all, 0.5), 3),
        minutes_max: round(Math.max(...all), 3),
        runs,
      };
    }
  }
  return found;
}

/** What the checks that are on as shipped say of an answer. */
function resultsByAnswer(): Record<CollapseName | 'usual', readonly OutcomeCheck[]> {
  const checks = createChecks(checksOptions.parse({}));
  const interaction = buildInteraction();
  const resultsOf = (output: Partial<Output>): OutcomeCheck[] =>
    runChecks(checks, { ...interaction, output: { ...interaction.output, ...output } }).map(({ check, result }) => ({
      check,
      result,
    }));
  return {
    usual: resultsOf({}),
    empty: resultsOf(COLLAPSES.empty.output),
    errors: resultsOf(COLLAPSES.errors.output),
    refusals: resultsOf(COLLAPSES.refusals.output),
  };
}

/** A baseline for each check that sees a collapse, in each segment, of `size` values drawn as they usually come. */
function seedsOf(size: number, random: () => number): SeededBaseline[] {
  const segments = ['all', ...PRODUCTS.map((value) => segmentLabel({ dimension: 'product', value }))];
  return segments.flatMap((segment) =>
    COLLAPSE_NAMES.map((name) => {
      const { check, usual } = COLLAPSES[name];
      const failures = Array.from({ length: size }, () => random() < usual).filter(Boolean).length;
      const values: [number, number][] = [[1, size - failures]];
      if (failures > 0) values.push([0, failures]);
      return { kind: kindOfCheck(check), segment, criterion: check, panel: '', values };
    }),
  );
}
