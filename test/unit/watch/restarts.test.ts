import type { SeriesStanding } from '../../../src/domain/alert';
import type { LedgerRecord } from '../../../src/domain/ledger-record';
import { createFold } from '../../../src/watch/fold';
import { foldOptionsBody, type FoldOptions, segmentOptions, watchOptions } from '../../../src/watch/options';
import { alertOptions, detectorOptions } from '../../../src/watch/options-alerts';
import { at, buildMarker, buildOutcome, buildOutcomeItem } from '../../support/builders/ledger-record';

const optionsWith = (meaning: string): FoldOptions => ({
  segments: segmentOptions.parse({ dimensions: [], producer: [] }),
  watch: watchOptions.parse({}),
  criteria: ['helpful'],
  meanings: { helpful: meaning },
  alerting: {
    detectors: detectorOptions.parse({}),
    alerts: alertOptions.parse({}),
    scores: { largest: 1, floor: 1 },
    objectives: {},
  },
});

const config = (meaning: string): LedgerRecord => ({
  kind: 'config',
  key: 'watch',
  recordedAt: 0,
  instance: 'test',
  configHash: meaning,
  body: foldOptionsBody(optionsWith(meaning)),
});

/** Ten conversations that close, from an offset on. */
function sessions(from: number): LedgerRecord[] {
  const records = Array.from({ length: 10 }, (_, i): LedgerRecord => {
    const n = from + i;
    const item = buildOutcomeItem({ interactionId: `i-${n}`, conversationId: `c-${n}`, occurredAt: n });
    return { ...buildOutcome(at(n)), item };
  });
  const day = 86_400_000 * (1 + from);
  const positions = [{ ...at(from + 10), eventTime: day, idle: false }];
  return [...records, { ...buildMarker([], { recordedAt: day }), positions }];
}

function learned(records: readonly LedgerRecord[]): number | undefined {
  const fold = createFold(optionsWith('a'), { awaitedPartitions: 1 });
  const state = fold.initial();
  records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  const scores = fold.snapshot(state).standings.filter(({ series }) => series.kind === 'score_regression');
  return scores.find(({ series }) => series.segment.dimension === 'all')?.learned;
}

describe('an operating point that moved', () => {
  const body = (share: number): LedgerRecord => {
    const { alerting, ...rest } = optionsWith('a');
    const kept = { low: 0.25, high: 0.75, tolerance: 0.05, shares: { helpful: share } };
    return { ...config('a'), body: foldOptionsBody({ ...rest, alerting: { ...alerting!, kept } }) } as LedgerRecord;
  };
  const valuesAfter = (records: readonly LedgerRecord[]): readonly [number | undefined, number | undefined] => {
    const fold = createFold(optionsWith('a'), { awaitedPartitions: 1 });
    const state = fold.initial();
    records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
    const { standings } = fold.snapshot(state);
    const of = (criterion: string): SeriesStanding | undefined =>
      standings.find(({ series }) => series.criterion === criterion && series.segment.dimension === 'all');
    return [of('helpful:kept_less')?.baseline?.mean, of('helpful')?.learned];
  };

  it('is what is held against from then on, and costs no baseline', () => {
    const [, undisturbed] = valuesAfter([body(0.8), ...sessions(0), ...sessions(10)]);
    const [target, learnedShare] = valuesAfter([body(0.8), ...sessions(0), body(0.6), ...sessions(10)]);
    expect(target).toBeCloseTo(0.55);
    expect(learnedShare).toBe(undisturbed);
  });
});

describe('a criterion that means something else', () => {
  const undisturbed = learned([config('a'), ...sessions(0), ...sessions(10)]) ?? NaN;

  it('makes its series of scores learn afresh', () => {
    const restarted = learned([config('a'), ...sessions(0), config('b'), ...sessions(10)]) ?? NaN;
    expect(restarted).toBeGreaterThan(0);
    expect(restarted).toBeLessThan(0.7 * undisturbed);
  });

  it('is one whose meaning changed: the same parameters again restart nothing', () => {
    expect(learned([config('a'), ...sessions(0), config('a'), ...sessions(10)])).toBe(undisturbed);
  });
});
