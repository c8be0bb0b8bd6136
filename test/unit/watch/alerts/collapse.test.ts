import { COLLAPSE_NAMES, COLLAPSED, collapseRun, type ToldAlert, tellsOf } from '../../../../bench/detection/collapse';
import { segmentLabel } from '../../../../src/domain/segment';
import { quantile } from '../../../../src/stats/quantile';

const SEEDS = [1, 2, 3, 4, 5];
const WITHIN_MINUTES = 5;
const HOURLY = 1_000;

describe('a product with 1,000 interactions an hour, none of them judged, under the options as shipped', () => {
  it.each(COLLAPSE_NAMES)('alerts within 5 minutes of its answers being but %s, on every seed', (name) => {
    const isIt = ({ alert }: ToldAlert): boolean => tellsOf(name, alert);
    const delays = SEEDS.map((seed) => {
      const told = collapseRun(name, { share: 1, seed, items: HOURLY / 2 }, isIt);
      expect(told.filter(({ minutes }) => minutes < 0)).toEqual([]);
      // The whole stream holds the product that collapsed, so it may tell of it as well; the other product never does.
      const segments = told.map(({ alert }) => segmentLabel(alert.series.segment));
      expect(['all', COLLAPSED]).toEqual(expect.arrayContaining(segments));
      return told.find(isIt)?.minutes ?? Infinity;
    });
    const median = quantile(delays, 0.5) ?? Infinity;
    process.stderr.write(`${name}: minutes to the alert ${median} in the median, ${Math.max(...delays)} at most\n`);
    expect(Math.max(...delays)).toBeLessThanOrEqual(WITHIN_MINUTES);
  });

  it.each(COLLAPSE_NAMES)('stays silent for hours while no more answers are %s than ever', (name) => {
    for (const seed of SEEDS) expect(collapseRun(name, { share: 0, seed, items: 3 * HOURLY })).toEqual([]);
  });
});
