import { createRecentMap } from '../../../src/store/recent-map';

describe('a map of recent keys', () => {
  it('holds at most so many however many come', () => {
    const map = createRecentMap<number, number>(10);
    for (let key = 0; key < 10_000; key++) map.set(key, key);
    const known = Array.from({ length: 10_000 }, (_, key) => key).filter((key) => map.get(key) !== undefined);
    expect(known.length).toBeLessThanOrEqual(10);
    expect(known).toEqual(expect.arrayContaining([9_995, 9_996, 9_997, 9_998, 9_999]));
  });

  it('keeps what is asked for again and again', () => {
    const map = createRecentMap<string, number>(10);
    map.set('used', 1);
    for (let key = 0; key < 1_000; key++) {
      map.set(String(key), key);
      expect(map.get('used')).toBe(1);
    }
  });

  it('knows nothing once cleared', () => {
    const map = createRecentMap<string, number>(10);
    map.set('a', 1);
    map.clear();
    expect(map.get('a')).toBeUndefined();
  });
});
