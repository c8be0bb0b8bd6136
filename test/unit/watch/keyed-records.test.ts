import { goldenRecord, labelRecord, type LedgerRecord } from '../../../src/domain/ledger-record';
import { createFold, type FoldSnapshot } from '../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { buildGoldenAnswer, buildGoldenScore, buildLabel } from '../../support/builders/keyed-record';

const fold = createFold({
  segments: segmentOptions.parse({}),
  watch: watchOptions.parse({}),
  criteria: ['helpful'],
});

function snapshotOf(records: readonly LedgerRecord[]): FoldSnapshot {
  const state = fold.initial();
  records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  return fold.snapshot(state);
}

const answer = (item: string, score: number | null, more: Parameters<typeof buildGoldenAnswer>[0] = {}): LedgerRecord =>
  goldenRecord(buildGoldenAnswer({ item, scores: [buildGoldenScore({ score })], ...more }), 1000);

describe('keyed records', () => {
  it('count once per key: the last one', () => {
    const { labels } = snapshotOf([
      labelRecord(buildLabel({ value: 0 }), 1),
      labelRecord(buildLabel({ rater: 'rater-2', value: 0 }), 2),
      labelRecord(buildLabel({ value: 1 }), 3),
    ]);
    expect(labels.map(({ value, recordedAt }) => [value.rater, value.value, recordedAt])).toEqual([
      ['rater-2', 0, 2],
      ['rater-1', 1, 3],
    ]);
  });
});

describe('a golden run in the fold', () => {
  it('is open until each of its answers is there, and says which are', () => {
    const { golden } = snapshotOf([answer('g-1', 1), answer('g-2', 0)]);
    expect(golden.runs).toEqual([]);
    expect(golden.open).toEqual([
      { run: 'run-1', judge: 'j1', total: 3, answered: ['g-1/0', 'g-2/0'], costUsd: 0.002 },
    ]);
  });

  it('tells drift, changed verdicts and agreement with people once complete', () => {
    const { golden } = snapshotOf([answer('g-1', 1), answer('g-2', 0), answer('g-3', null)]);
    expect(golden.open).toEqual([]);
    expect(golden.runs).toMatchObject([
      {
        criterion: 'helpful',
        items: 3,
        scored: 2,
        mean: 0.5,
        drift: { n: 2, mean: -0.5 },
        changed: { pairs: 2, up: 0, down: 1 },
        human: { bothPass: 1, judgePass: 0, humanPass: 1, bothFail: 0 },
        byProducer: { acme: { n: 2, mean: -0.5 } },
      },
    ]);
  });

  it('counts an answer that came twice once, as it was said last', () => {
    const { golden } = snapshotOf([answer('g-1', 0), answer('g-1', 1), answer('g-2', 1), answer('g-3', 1)]);
    expect(golden.runs).toMatchObject([{ items: 3, mean: 1, changed: { down: 0 } }]);
  });

  it('is not opened again by an answer that comes after it was complete', () => {
    const whole = [answer('g-1', 1), answer('g-2', 1), answer('g-3', 1)];
    const { runs, open } = snapshotOf(whole).golden;
    expect(snapshotOf([...whole, answer('g-1', 0)]).golden).toMatchObject({ runs, open });
  });

  it('counts the cost of every call, also of those whose answer came too late to count', () => {
    const records = [answer('g-1', 1), answer('g-2', 1), answer('g-3', 1), answer('g-1', 0)];
    expect(snapshotOf(records).golden.spentUsd['1970-01']).toBeCloseTo(0.004, 10);
  });

  it('measures the noise of a judge by its duplicates, which count for nothing else', () => {
    const twice = { total: 4 };
    const { golden } = snapshotOf([
      answer('g-1', 1, twice),
      answer('g-2', 1, twice),
      answer('g-1', 0, { ...twice, repeat: 1 }),
      answer('g-2', 1, { ...twice, repeat: 1 }),
    ]);
    expect(golden.runs).toMatchObject([{ items: 2, mean: 1, noise: { pairs: 2, differing: 1 } }]);
  });

  it('of control items is no run', () => {
    const { golden } = snapshotOf([answer('g-1', 1, { trigger: 'control', total: 1 })]);
    expect(golden).toMatchObject({ runs: [], open: [] });
  });

  it('of control items is counted by kind and result, once however often a crash brings it, and is part of no estimate', () => {
    const control = (run: string, score: number | null, sealed: number): LedgerRecord =>
      answer(run, score, { trigger: 'control', total: 1, run, scores: [buildGoldenScore({ score, sealed })] });
    const records = [
      control('control/known_good/i-1', 1, 1),
      control('control/known_good/i-1', 1, 1),
      control('control/known_bad/i-2', 1, 0),
      control('control/injected/i-3', 0, 0),
      control('control/injected/i-4', null, 0),
    ];
    const { golden, estimates, accounting } = snapshotOf(records);
    expect(golden.controls).toEqual([
      { kind: 'known_good', result: 'right', count: 1 },
      { kind: 'known_bad', result: 'wrong', count: 1 },
      { kind: 'injected', result: 'right', count: 1 },
      { kind: 'injected', result: 'unanswered', count: 1 },
    ]);
    expect({ estimates, interactions: accounting.interactions }).toEqual({ estimates: [], interactions: 0 });
  });
});
