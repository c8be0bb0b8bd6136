import { createFold } from '../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { paramsOf } from './alerts/feed';
import { decodeState, encodeState, type FoldState } from '../../../src/watch/state';
import { evictOne, limitsOf, type Occupant } from '../../../src/watch/segment-limits';
import { at, buildMarker, buildOutcome } from '../../support/builders/ledger-record';

const DAY = 86_400_000;
const OPTIONS = {
  segments: segmentOptions.parse({
    dimensions: [],
    producer: ['release'],
    maxValues: 3,
    keepDays: 10,
    pinned: ['release=lts'],
  }),
  watch: watchOptions.parse({ idWindow: 1000 }),
  criteria: ['helpful'],
  alerting: paramsOf({ reference: 100, referenceDays: 0 }),
};
const fold = createFold(OPTIONS);

/** Items of one release, one session each, and a marker behind them. */
function feed(state: FoldState, release: string, day: number, count: number): void {
  const template = buildOutcome(at(0));
  if (template.item === null) throw new Error('no item');
  const { item } = template;
  const recordedAt = day * DAY;
  for (let k = 0; k < count; k++) {
    const offset = state.position;
    const source = { ...template.source, offset };
    const id = `${release}-${offset}`;
    const own = { ...item, interactionId: id, conversationId: id, producerRelease: release, occurredAt: recordedAt };
    fold.applyEntry(state, { position: state.position, record: { ...template, recordedAt, source, item: own } });
  }
  const positions = [{ ...at(Number(state.position)), eventTime: recordedAt, idle: false }];
  const marker = { ...buildMarker([], { recordedAt }), positions };
  fold.applyEntry(state, { position: state.position, record: marker });
}

const releases = (state: FoldState): string[] => [...(state.segments.dimensions.get('release')?.keys() ?? [])].sort();

describe('places of segment values', () => {
  it('go from releases that are gone to new ones, and never from one that is heard of', () => {
    const state = fold.initial();
    for (const release of ['r1', 'r2', 'r3', 'lts']) feed(state, release, 0, 150);
    feed(state, 'r4', 5, 150);
    expect(releases(state)).toEqual(['__other__', 'lts', 'r1', 'r2', 'r3']);
    feed(state, 'r2', 8, 1);
    feed(state, 'r3', 9, 1);
    feed(state, 'r3', 11, 1);
    feed(state, 'r4', 11, 5);
    expect(releases(state)).toEqual(['__other__', 'lts', 'r2', 'r3', 'r4']);
    expect(state.segments.overflow.get('release')).toBe(150);
  });

  it('are kept for a day only where next to nothing was seen, the one with the fewest records first', () => {
    const limits = limitsOf(segmentOptions.parse({ maxValues: 3, keepDays: 10 }));
    const tracked = new Map<string, Occupant>([
      ['often', { records: 1000, lastAt: 0 }],
      ['some', { records: 50, lastAt: 0 }],
      ['once', { records: 1, lastAt: 0.5 * DAY }],
    ]);
    expect(evictOne(limits, 'product', tracked, 0.9 * DAY)).toBeNull();
    expect(evictOne(limits, 'product', tracked, 2 * DAY)).toBe('once');
    expect(evictOne(limits, 'product', tracked, 2 * DAY)).toBe('some');
    expect(evictOne(limits, 'product', tracked, 9 * DAY)).toBeNull();
    expect(evictOne(limits, 'product', tracked, 10 * DAY)).toBe('often');
  });

  it('leave a stub of the baseline, which a value that comes back is held against for tickets alone', () => {
    const state = fold.initial();
    for (let day = 0; day < 3; day++) feed(state, 'r1', day, 150);
    const learned = [...state.alerts.series.values()].filter(
      ({ id, baseline }) => id.segment.value === 'r1' && baseline?.source === 'learned',
    );
    expect(learned.map(({ id }) => id.kind)).toContain('score_regression');
    for (const release of ['r2', 'r3', 'r4']) feed(state, release, 20, 150);
    expect(releases(state)).toEqual(['r2', 'r3', 'r4']);
    expect([...state.alerts.series.values()].some(({ id }) => id.segment.value === 'r1')).toBe(false);
    expect(state.alerts.stubs.size).toBeGreaterThanOrEqual(learned.length);

    const restored = decodeState(JSON.parse(JSON.stringify(encodeState(state))) as never, OPTIONS);
    expect(JSON.stringify(encodeState(restored))).toBe(JSON.stringify(encodeState(state)));

    // Time moves at the end of a marker, so the first of them still finds no place.
    for (const day of [40, 41, 42]) feed(restored, 'r1', day, 5);
    const back = [...restored.alerts.series.values()].find(
      ({ id }) => id.segment.value === 'r1' && id.kind === 'score_regression',
    );
    expect(back?.baseline?.source).toBe('borrowed');
    expect(back?.page).toBeNull();
    expect(back?.ticket).not.toBeNull();
  });
});
