import fc from 'fast-check';
import { createHistogramTable } from '../../../src/outputs/histogram-cells';
import { METRIC_CATALOGUE } from '../../../src/outputs/metric-catalogue';

const BOUNDS = METRIC_CATALOGUE.score.buckets;
const EXEMPLAR = { labels: '{trace_id="4bf92f3577b34da6a3ce929d0e0e4736"}', seconds: 12.5 };

/** Values of the samples whose line begins so. */
function values(text: string, start: string): number[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map((line) => Number(line.split(' ')[1]));
}

describe('a histogram', () => {
  it('counts under every bound the values that are at most as large, whenever its page is read', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: -0.5, max: 1.5, noNaN: true })), { maxLength: 4 }),
        (stretches) => {
          const cell = createHistogramTable('score').at('correct', 'cheap');
          const seen: number[] = [];
          for (const stretch of [...stretches, []]) {
            for (const value of stretch) cell.observe(value, null);
            seen.push(...stretch);
            const text = cell.lines();
            const wanted = [...BOUNDS, Infinity].map((bound) => seen.filter((value) => value <= bound).length);
            expect(values(text, 'plumbline_score_bucket')).toEqual(wanted);
            expect(values(text, 'plumbline_score_count')).toEqual([seen.length]);
            expect(values(text, 'plumbline_score_sum')[0]).toBeCloseTo(seen.reduce((sum, value) => sum + value, 0));
          }
        },
      ),
    );
  });

  it('has its labels on every line, `le` first, and none of its own without labels', () => {
    const cell = createHistogramTable('score').at('correct', 'cheap');
    expect(cell.lines().split('\n').slice(0, 1)).toEqual([
      'plumbline_score_bucket{le="0.05",criterion="correct",stage="cheap"} 0',
    ]);
    expect(cell.lines()).toContain('plumbline_score_sum{criterion="correct",stage="cheap"} 0\n');
    expect(createHistogramTable('processing_delay_seconds').at().lines()).toMatch(
      /^plumbline_processing_delay_seconds_bucket\{le="0.1"\} 0\n/,
    );
  });

  it('links the bucket of a value to its trace, and no other', () => {
    const cell = createHistogramTable('score').at('correct', 'cheap');
    cell.observe(0.07, EXEMPLAR);
    cell.observe(0.9, null);
    const linked = cell
      .lines()
      .split('\n')
      .filter((line) => line.includes('#'));
    expect(linked).toEqual([
      `plumbline_score_bucket{le="0.1",criterion="correct",stage="cheap"} 1 # ${EXEMPLAR.labels} 0.07 12.5`,
    ]);
  });

  it('leaves out what is not finite', () => {
    const cell = createHistogramTable('score').at('correct', 'cheap');
    for (const value of [NaN, Infinity, -Infinity]) cell.observe(value, EXEMPLAR);
    expect(values(cell.lines(), 'plumbline_score_count')).toEqual([0]);
  });
});
