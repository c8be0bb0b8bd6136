import { bytes, percent, points, score, segmentLabel, time, usd } from '../../../src/console/web/format';

describe('figures of the page', () => {
  it('show what is missing as missing, never as zero', () => {
    for (const format of [score, percent, points, usd, time, bytes]) expect(format(null)).toBe('–');
    expect(score(0)).toBe('0.000');
  });

  it('carry their sign and their unit', () => {
    expect(points(-0.0812)).toBe('−8.1 pt');
    expect(points(0.05)).toBe('+5.0 pt');
    expect(percent(0.0812)).toBe('8.1 %');
    expect(time(Date.UTC(2026, 10, 2, 8, 5))).toBe('2026-11-02 08:05');
    expect([bytes(999), bytes(1500), bytes(23_000_000)]).toEqual(['999 B', '1.5 kB', '23 MB']);
    expect(segmentLabel({ dimension: 'product', value: 'support' })).toBe('product=support');
    expect(segmentLabel({ dimension: 'all', value: '' })).toBe('all');
  });
});
