import { createRecentIds } from '../../../src/pipeline/recent-ids';

describe('recent ids', () => {
  it('lets copies wait for the first and hands them back when it is settled', () => {
    const ids = createRecentIds<string>(10);
    expect(ids.claim('a', 'first')).toBe('first');
    expect(ids.claim('a', 'second')).toBe('wait');
    expect(ids.claim('a', 'third')).toBe('wait');
    expect(ids.settle('a')).toEqual(['second', 'third']);
    expect(ids.claim('a', 'fourth')).toBe('duplicate');
  });

  it('forgets a first copy that came to nothing', () => {
    const ids = createRecentIds<string>(10);
    ids.claim('a', 'first');
    ids.claim('a', 'second');
    expect(ids.release('a')).toEqual(['second']);
    expect(ids.claim('a', 'second')).toBe('first');
  });

  it('remembers between half its capacity and all of it', () => {
    const ids = createRecentIds<number>(10);
    for (let i = 0; i < 100; i++) {
      expect(ids.claim(`id-${i}`, i)).toBe('first');
      ids.settle(`id-${i}`);
    }
    const known = Array.from({ length: 100 }, (_, i) => i).filter((i) => ids.claim(`id-${i}`, i) === 'duplicate');
    expect(known).toEqual(expect.arrayContaining([95, 96, 97, 98, 99]));
    expect(known.length).toBeLessThanOrEqual(10);
  });
});
