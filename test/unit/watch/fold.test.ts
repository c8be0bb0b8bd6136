import type { LedgerRecord, OutcomeItem } from '../../../src/domain/ledger-record';
import { createFold, type Fold, type FoldSnapshot } from '../../../src/watch/fold';
import { segmentOptions, type SegmentOptions, watchOptions } from '../../../src/watch/options';
import type { FoldState } from '../../../src/watch/state';
import { BUILT_AT } from '../../support/builders/interaction';
import {
  at,
  buildBehaviourRecord,
  buildEscalatedCriterion,
  buildItemlessOutcome,
  buildMarker,
  buildOutcome,
  buildOutcomeCriterion,
  buildPosition,
  buildUnscoredCriterion,
} from '../../support/builders/ledger-record';
import { paramsOf } from './alerts/feed';

function foldOf(segments: Partial<SegmentOptions> = {}, isLive = false): Fold {
  const options = {
    segments: { ...segmentOptions.parse({}), producer: [], ...segments },
    watch: watchOptions.parse({}),
    criteria: ['helpful'],
  };
  return createFold(options, { isLive });
}

function stateAfter(fold: Fold, records: readonly LedgerRecord[]): FoldState {
  const state = fold.initial();
  records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  return state;
}

function snapshotAfter(records: readonly LedgerRecord[], segments: Partial<SegmentOptions> = {}): FoldSnapshot {
  const fold = foldOf(segments);
  return fold.snapshot(stateAfter(fold, records));
}

function estimateOf({ estimates }: FoldSnapshot, dimension = 'all', value = '', panel = 'p1') {
  return estimates.find((e) => e.segment.dimension === dimension && e.segment.value === value && e.panel === panel);
}

describe('markers', () => {
  it('holds records until a marker passes them and releases them in offset order', () => {
    const before = [buildOutcome(at(1)), buildOutcome(at(0)), buildOutcome(at(2))];
    expect(snapshotAfter(before)).toMatchObject({ heldRecords: 3, accounting: { recordsIn: 0 } });
    expect(snapshotAfter([...before, buildMarker([at(2)])])).toMatchObject({
      heldRecords: 1,
      accounting: { recordsIn: 2 },
      watermarks: [at(2)],
    });
  });

  it('keeps the first record of an offset, also when a later one says otherwise', () => {
    const first = buildOutcome(at(0));
    const zombie = buildItemlessOutcome(at(0), 'dead_lettered');
    const { accounting, dropped } = snapshotAfter([first, zombie, buildMarker([at(1)]), zombie]);
    expect(accounting.records).toMatchObject({ judged: 1, dead_lettered: 0 });
    expect(dropped).toEqual({ repeated: 1, late: 1, replay: 0 });
  });

  it('takes the largest marker time as its clock and lets no old marker move anything back', () => {
    const snapshot = snapshotAfter([
      buildOutcome(at(0)),
      buildMarker([at(1)], { recordedAt: 5000 }),
      buildMarker([at(0)], { recordedAt: 4000 }),
    ]);
    expect(snapshot).toMatchObject({ clock: 5000, watermarks: [at(1)] });
  });

  it('takes event times of the future back to when they were recorded, unless files tell of them', () => {
    const MINUTE = 60_000;
    const recordedAt = BUILT_AT + 1_000 * MINUTE;
    const ahead = (minutes: number, offset: number): LedgerRecord => ({
      ...buildOutcome(at(offset), { conversationId: `c-${offset}`, occurredAt: recordedAt + minutes * MINUTE }),
      recordedAt,
    });
    const records = [ahead(4, 0), ahead(6, 1), ahead(60 * 24, 2), buildMarker([at(3)])];
    const live = foldOf({}, true);
    const state = stateAfter(live, records);
    expect(live.snapshot(state).sessionRecords).toMatchObject({ future: 2 });
    const times = [...state.sessions.sessions.open.values()].map(({ turns }) => turns[0]?.at);
    expect(times).toEqual([recordedAt + 4 * MINUTE, recordedAt, recordedAt]);
    expect(snapshotAfter(records).sessionRecords).toMatchObject({ future: 0 });
  });

  it('lets no record that claims to be of the year 2100 blind a detector', () => {
    const firesWith = (strayTime: number | null): boolean => {
      const options = {
        segments: segmentOptions.parse({ producer: [] }),
        watch: watchOptions.parse({}),
        criteria: ['helpful'],
        alerting: paramsOf({ reference: 200 }),
      };
      const alerts = new Set<string>();
      const fold = createFold(options, { isLive: true, onAlert: ({ series }) => alerts.add(series.kind) });
      const state = fold.initial();
      for (let i = 0; i < 600; i++) {
        const recordedAt = BUILT_AT + i * 60_000;
        const occurredAt = i === 10 ? (strayTime ?? recordedAt) : recordedAt;
        const checks = [{ check: 'non_empty', result: i > 400 ? 'fail' : 'pass' } as const];
        const record = { ...buildOutcome(at(i), { occurredAt, checks }), recordedAt };
        fold.applyEntry(state, { position: BigInt(2 * i), record });
        fold.applyEntry(state, { position: BigInt(2 * i + 1), record: buildMarker([at(i + 1)], { recordedAt }) });
      }
      return alerts.has('check_regression');
    };
    expect(firesWith(null)).toBe(true);
    expect(firesWith(Date.UTC(2100, 0, 1))).toBe(true);
  });

  it('keeps partitions apart', () => {
    const snapshot = snapshotAfter([buildOutcome(at(0, 0)), buildOutcome(at(0, 1)), buildMarker([at(1, 1)])]);
    expect(snapshot).toMatchObject({ heldRecords: 1, accounting: { recordsIn: 1 } });
  });

  it('ignores ledger positions it has applied', () => {
    const fold = foldOf();
    const state = stateAfter(fold, [buildOutcome(at(0)), buildMarker([at(1)])]);
    fold.applyEntry(state, { position: 0n, record: buildOutcome(at(7)) });
    expect(fold.snapshot(state)).toMatchObject({ heldRecords: 0, position: 2n });
  });

  it('says when the last marker of a replay has come', () => {
    expect(snapshotAfter([buildMarker([], { final: true })]).final).toBe(true);
  });
});

describe('accounting', () => {
  it('counts every offset once and every criterion of every interaction once', () => {
    const { accounting } = snapshotAfter([
      buildOutcome(at(0)),
      buildOutcome(at(1), { sampled: false, criteria: [buildUnscoredCriterion('not_sampled')] }),
      buildItemlessOutcome(at(2), 'filtered'),
      buildItemlessOutcome(at(3), 'dead_lettered'),
      buildBehaviourRecord(at(4)),
      buildOutcome(at(5), { criteria: [buildUnscoredCriterion('unjudged')] }),
      buildOutcome(at(6), { criteria: [buildOutcomeCriterion({ cheapScore: 0.1, pass: false })] }),
      buildMarker([at(7)]),
    ]);
    expect(accounting).toEqual({
      recordsIn: 7,
      records: { judged: 3, checked_only: 1, filtered: 1, behaviour: 1, dead_lettered: 1, duplicate: 0 },
      interactions: 4,
      criteria: {
        helpful: {
          results: { scored: 2, not_applicable: 0, not_sampled: 1, unjudged: 1 },
          unjudged: { timeout: 1 },
          pass: 1,
          fail: 1,
        },
      },
      escalations: { borderline: 0, audit: 0, safety: 0, check: 0, disagreement: 0, floor: 0 },
      replays: {},
    });
  });

  it('counts a second copy of an interaction as a duplicate and keeps it out of every estimate', () => {
    const copy: Partial<OutcomeItem> = { interactionId: 'same' };
    const snapshot = snapshotAfter([buildOutcome(at(0), copy), buildOutcome(at(1), copy), buildMarker([at(2)])]);
    expect(snapshot.accounting).toMatchObject({ recordsIn: 2, interactions: 1, records: { judged: 1, duplicate: 1 } });
    expect(estimateOf(snapshot)?.items).toBe(1);
  });

  it('counts an escalation without another reason as an audit', () => {
    const criteria = [buildEscalatedCriterion(0.5, 0.5, 0.1, { escalationReason: null })];
    const { accounting } = snapshotAfter([buildOutcome(at(0), { criteria }), buildMarker([at(1)])]);
    expect(accounting.escalations.audit).toBe(1);
  });
});

describe('estimates', () => {
  it('corrects the cheap mean by the escalated items, and shows both plain means beside it', () => {
    const snapshot = snapshotAfter([
      buildOutcome(at(0), { criteria: [buildOutcomeCriterion({ cheapScore: 0.5 })] }),
      buildOutcome(at(1), { criteria: [buildEscalatedCriterion(0.5, 0.75, 0.5)] }),
      buildMarker([at(2)], { final: true }),
    ]);
    expect(estimateOf(snapshot)).toMatchObject({
      criterion: 'helpful',
      mean: 0.75,
      cheapMean: 0.5,
      sessions: 2,
      escalatedMean: 0.75,
      items: 2,
      escalated: 1,
      effectiveSampleSize: 1,
      judgedRatio: 1,
      unjudged: 0,
    });
  });

  it('takes the ensemble alone where the cheap judge did not answer', () => {
    const criteria = [buildEscalatedCriterion(0, 0.25, 1, { cheapScore: null, estimatorValue: 0.25 })];
    const snapshot = snapshotAfter([buildOutcome(at(0), { criteria }), buildMarker([at(1)], { final: true })]);
    expect(estimateOf(snapshot)).toMatchObject({ mean: 0.25, cheapMean: null, escalatedMean: 0.25 });
  });

  it('shows how far failed escalations could move the mean, and never counts them as a score', () => {
    const failed = buildUnscoredCriterion('unjudged', {
      cheapScore: 0.5,
      escalated: true,
      escalationProbability: 1,
      escalationReason: 'borderline',
    });
    const snapshot = snapshotAfter([
      buildOutcome(at(0), { criteria: [buildOutcomeCriterion({ cheapScore: 0.5 })] }),
      buildOutcome(at(1), { criteria: [failed] }),
      buildMarker([at(2)], { final: true }),
    ]);
    expect(estimateOf(snapshot)).toMatchObject({
      mean: 0.5,
      items: 1,
      unjudged: 1,
      judgedRatio: 0.5,
      failureBracket: [0.25, 0.75],
    });
  });

  it('take one value per session, however many turns it has', () => {
    const turn = (offset: number, conversationId: string, cheapScore: number) =>
      buildOutcome(at(offset), { conversationId, criteria: [buildOutcomeCriterion({ cheapScore })] });
    const records = [turn(0, 'long', 0), turn(1, 'long', 0.5), turn(2, 'long', 0.4), turn(3, 'short', 0.9)];
    expect(estimateOf(snapshotAfter([...records, buildMarker([at(4)])]))).toMatchObject({ mean: null, items: 4 });
    const { estimates } = snapshotAfter([...records, buildMarker([at(4)], { final: true })]);
    expect(estimates[0]).toMatchObject({ sessions: 2, items: 4 });
    expect(estimates[0]?.mean).toBeCloseTo((0.3 + 0.9) / 2, 12);
  });

  it('gives each model of a session its own value', () => {
    const turn = (offset: number, producerModel: string, cheapScore: number) =>
      buildOutcome(at(offset), {
        conversationId: 'c',
        producerModel,
        criteria: [buildOutcomeCriterion({ cheapScore })],
      });
    const snapshot = snapshotAfter(
      [turn(0, 'm1', 0.2), turn(1, 'm2', 0.8), turn(2, 'm2', 0.6), buildMarker([at(3)], { final: true })],
      { producer: ['model'] },
    );
    expect(estimateOf(snapshot, 'model', 'm1')?.mean).toBeCloseTo(0.2, 12);
    expect(estimateOf(snapshot, 'model', 'm2')?.mean).toBeCloseTo(0.7, 12);
  });

  it('tells the judged ratio also when nothing at all was judged', () => {
    const criteria = [buildUnscoredCriterion('unjudged', { panel: null })];
    const snapshot = snapshotAfter([buildOutcome(at(0), { criteria }), buildMarker([at(1)])]);
    expect(estimateOf(snapshot, 'all', '', '')).toMatchObject({ items: 0, mean: null, judgedRatio: 0, unjudged: 1 });
  });

  it('never pools panels, nor own-family values with independent ones', () => {
    const criteria = (panel: string, independent: boolean) => [buildOutcomeCriterion({ panel, independent })];
    const { estimates } = snapshotAfter([
      buildOutcome(at(0), { criteria: criteria('p1', true) }),
      buildOutcome(at(1), { criteria: criteria('p2', true) }),
      buildOutcome(at(2), { criteria: criteria('p1', false) }),
      buildOutcome(at(3), { criteria: criteria('p1~own', false) }),
      buildMarker([at(4)]),
    ]);
    const all = estimates.filter(({ segment }) => segment.dimension === 'all');
    expect(all.map(({ panel, items }) => [panel, items])).toEqual([
      ['p1', 1],
      ['p2', 1],
      ['p1~own', 2],
    ]);
  });

  it('leaves out and counts a value with an impossible escalation probability', () => {
    const criteria = [buildOutcomeCriterion({ escalationProbability: 0 })];
    const snapshot = snapshotAfter([buildOutcome(at(0), { criteria }), buildMarker([at(1)])]);
    expect(snapshot.rejected).toBe(1);
    expect(snapshot.estimates.every(({ items }) => items === 0)).toBe(true);
  });
});

describe('segments', () => {
  const item = (product: string, locale: string): Partial<OutcomeItem> => ({ segments: { product, locale } });

  it('follows declared keys, producer properties and crosses', () => {
    const { estimates } = snapshotAfter([buildOutcome(at(0), item('support', 'de')), buildMarker([at(1)])], {
      dimensions: ['product', 'absent'],
      producer: ['model'],
      crosses: [['product', 'locale']],
    });
    expect(estimates.map(({ segment }) => `${segment.dimension}=${segment.value}`)).toEqual([
      'all=',
      'model=acme-chat-1',
      'product=support',
      'product+locale=support+de',
    ]);
  });

  it('counts what exceeds the cap under `__other__`, keeps those it has, and stays exact in total', () => {
    const records: LedgerRecord[] = [];
    for (let i = 0; i < 50; i++) records.push(buildOutcome(at(i), item(`p-${i % 10}`, 'de')));
    const snapshot = snapshotAfter([...records, buildMarker([at(50)])], { maxValues: 3 });
    const products = snapshot.estimates.filter(({ segment }) => segment.dimension === 'product');
    expect(products.map(({ segment, items }) => [segment.value, items])).toEqual([
      ['p-0', 5],
      ['p-1', 5],
      ['p-2', 5],
      ['__other__', 35],
    ]);
    expect(snapshot.overflow).toEqual({ product: 35 });
    expect(estimateOf(snapshot)?.items).toBe(50);
  });

  it('takes no harm from values named like properties of objects', () => {
    const names = ['__proto__', 'constructor', 'toString', '__other__'];
    const records = names.map((name, i) => buildOutcome(at(i), item(name, 'de')));
    const { estimates } = snapshotAfter([...records, buildMarker([at(4)])]);
    expect(
      estimates.filter(({ segment }) => segment.dimension === 'product').map(({ segment }) => segment.value),
    ).toEqual(names);
  });
});

describe('marker positions', () => {
  it('remember the largest event time', () => {
    const fold = foldOf();
    const state = stateAfter(fold, [
      buildMarker([], { positions: [buildPosition(at(1), { eventTime: 10 })] }),
      buildMarker([], { positions: [buildPosition(at(2), { eventTime: 5, idle: true })] }),
    ]);
    expect([...state.partitions.values()]).toMatchObject([{ eventTime: 10, idle: true }]);
  });
});
