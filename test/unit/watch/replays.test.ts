import fc from 'fast-check';
import type { LedgerRecord } from '../../../src/domain/ledger-record';
import { createFold } from '../../../src/watch/fold';
import {
  appendOffset,
  decodeRuns,
  encodeRuns,
  MOST_RUNS,
  type OffsetRuns,
  removeOffset,
} from '../../../src/watch/offset-runs';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { decodeState, encodeState, type EncodedState } from '../../../src/watch/state';
import {
  at,
  buildBehaviourRecord,
  buildItemlessOutcome,
  buildMarker,
  buildOutcome,
} from '../../support/builders/ledger-record';

const options = { segments: segmentOptions.parse({}), watch: watchOptions.parse({}), criteria: ['helpful'] };
const fold = createFold(options);
const foldAll = (records: readonly LedgerRecord[]): ReturnType<typeof fold.snapshot> => {
  const state = fold.initial();
  records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  return fold.snapshot(state);
};
const replay = (record: ReturnType<typeof buildOutcome>): LedgerRecord => ({ ...record, isReplay: true });

describe('a replayed dead letter', () => {
  const letter = buildItemlessOutcome(at(0), 'dead_lettered');
  const marked = [letter, buildMarker([at(1)])];

  it('is judged after all, and counted apart from the records read', () => {
    const { accounting } = foldAll([...marked, replay(buildOutcome(at(0)))]);
    expect(accounting).toMatchObject({ recordsIn: 1, interactions: 1, replays: { judged: 1 } });
    expect(accounting.records).toMatchObject({ dead_lettered: 1, judged: 0 });
    expect(accounting.criteria['helpful']?.results).toMatchObject({ scored: 1 });
  });

  it('takes its place once, however often it is replayed', () => {
    const again = replay(buildOutcome(at(0)));
    const { accounting, dropped } = foldAll([...marked, again, again, again]);
    expect(accounting.replays).toEqual({ judged: 1 });
    expect(dropped.replay).toBe(2);
  });

  it('takes the place of dead letters only', () => {
    const { accounting, dropped } = foldAll([
      buildOutcome(at(0)),
      buildMarker([at(1)]),
      replay(buildOutcome(at(0))),
      replay(buildOutcome(at(7))),
    ]);
    expect(accounting).toMatchObject({ recordsIn: 1, interactions: 1, replays: {} });
    expect(dropped.replay).toBe(2);
  });

  it('waits for nothing: before the marker has passed the letter it has no effect', () => {
    const { accounting } = foldAll([letter, replay(buildOutcome(at(0))), buildMarker([at(1)])]);
    expect(accounting).toMatchObject({ recordsIn: 1, replays: {} });
    expect(accounting.records.dead_lettered).toBe(1);
  });

  it('stays a dead letter when it fails again', () => {
    const { accounting } = foldAll([...marked, { ...letter, isReplay: true }, replay(buildOutcome(at(0)))]);
    expect(accounting.replays).toEqual({ judged: 1 });
  });

  it('of an interaction that the producer has sent again meanwhile is a duplicate', () => {
    const { item } = buildOutcome(at(0));
    const resent = { ...buildOutcome(at(1)), item };
    const { accounting } = foldAll([letter, resent, buildMarker([at(2)]), replay(buildOutcome(at(0)))]);
    expect(accounting).toMatchObject({ interactions: 1, replays: { duplicate: 1 } });
  });

  it('may turn out to be behaviour', () => {
    const { accounting } = foldAll([...marked, { ...buildBehaviourRecord(at(0)), isReplay: true }]);
    expect(accounting.replays).toEqual({ behaviour: 1 });
  });

  it('can be one whose letter was counted before a restart', () => {
    const state = fold.initial();
    marked.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
    const restored = decodeState(JSON.parse(JSON.stringify(encodeState(state))) as EncodedState, options);
    fold.applyEntry(restored, { position: 2n, record: replay(buildOutcome(at(0))) });
    expect(fold.snapshot(restored).accounting.replays).toEqual({ judged: 1 });
  });
});

describe('runs of offsets', () => {
  const offsets = fc.uniqueArray(fc.bigInt({ min: 0n, max: 60n }), { maxLength: 40 });

  it('are the set of what was added and not taken out, through text and back', () => {
    fc.assert(
      fc.property(offsets, offsets, (added, removed) => {
        const runs: OffsetRuns = [];
        for (const offset of [...added].sort((a, b) => (a < b ? -1 : 1))) appendOffset(runs, offset);
        const wanted = new Set(added);
        for (const offset of removed) expect(removeOffset(runs, offset)).toBe(wanted.delete(offset));
        const left = decodeRuns(encodeRuns(runs)).flatMap(([first, last]) =>
          Array.from({ length: Number(last - first) + 1 }, (_, i) => first + BigInt(i)),
        );
        expect(new Set(left)).toEqual(wanted);
      }),
    );
  });

  it('forget the oldest beyond the bound', () => {
    const runs: OffsetRuns = [];
    for (let i = 0; i <= MOST_RUNS; i++) appendOffset(runs, BigInt(2 * i));
    expect(runs).toHaveLength(MOST_RUNS);
    expect(removeOffset(runs, 0n)).toBe(false);
    expect(removeOffset(runs, 2n)).toBe(true);
  });
});
