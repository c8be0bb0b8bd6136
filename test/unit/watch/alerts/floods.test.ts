import type { OutcomeItem } from '../../../../src/domain/ledger-record';
import { forgetResolved } from '../../../../src/watch/alerts/forget-resolved';
import { createPlaces, placesOf } from '../../../../src/watch/alerts/places';
import { createFeed, paramsOf } from './feed';

/** A producer that puts an id into a segment makes a new value with every conversation, for months. */
describe('a flood of segment values', () => {
  it('leaves ways to some of them only', () => {
    const places = createPlaces();
    for (let i = 0; i < 100_000; i++) placesOf(places, { dimension: 'product', value: `value-${i}` }, '__other__');
    expect(places.segments.get('product')?.size).toBeLessThanOrEqual(20_000);
  });

  it('forgets no series that was watched before', () => {
    const checked = (): Partial<OutcomeItem> => ({ checks: [{ check: 'truncated', result: 'pass' }] });
    const known = { dimension: 'product', value: 'known' };
    const params = paramsOf({ maxSeries: 60, reference: 100 });
    const [flooded, calm] = [createFeed(params), createFeed(params)];
    for (const feed of [flooded, calm]) feed.items(150, checked, [known]);
    const before = new Map(flooded.state.series);
    for (let i = 0; i < 20_100; i++) flooded.items(1, checked, [{ dimension: 'product', value: `value-${i}` }]);
    for (const feed of [flooded, calm]) feed.items(150, checked, [known]);
    for (const [key, series] of before) expect(flooded.state.series.get(key)).toBe(series);
    const ofKnown = [...calm.state.series].filter(([, { id }]) => {
      // A share of the traffic is told of by every conversation.
      return id.segment.value === known.value && id.kind !== 'traffic_mix_shift';
    });
    expect(ofKnown.length).toBeGreaterThan(0);
    for (const [key, { n }] of ofKnown) expect(flooded.state.series.get(key)?.n).toBe(n);
  });
});

describe('forgetting what is resolved', () => {
  it('takes the oldest first and never what fires', () => {
    const all = new Map(
      Array.from({ length: 2_000 }, (_, i) => [`${i}`, { state: i % 100 === 0 ? 'firing' : 'resolved' }] as const),
    );
    forgetResolved(all, 500);
    expect(all.size).toBe(500);
    expect([...all.values()].filter(({ state }) => state === 'firing')).toHaveLength(20);
    expect(all.has('1999')).toBe(true);
    expect(all.has('1')).toBe(false);
  });

  it('keeps more than asked for where all fire', () => {
    const all = new Map([1, 2, 3].map((i) => [`${i}`, { state: 'firing' }] as const));
    forgetResolved(all, 2);
    expect(all.size).toBe(3);
  });
});
