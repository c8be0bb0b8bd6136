import { expectedHalfWidths, planLabels, plannedMean } from '../../../src/calibration/label-planner';
import { bandOf, isKept, predictedPass, type TuneItem, tuneOperatingPoint } from '../../../src/calibration/tune';
import { mean } from '../../../src/stats/moments';
import { seededRandom, type SeededRandom } from '../../support/builders/random';

/** A judge whose score is its true probability of being right about a pass, or is far too sure of itself. */
function itemsOf(random: SeededRandom, n: number, sharpness = 1): TuneItem[] {
  return Array.from({ length: n }, () => {
    const p = random.next();
    const said = Math.min(1, Math.max(0, 0.5 + sharpness * (p - 0.5)));
    return { scores: [said], label: random.chance(p) ? 1 : 0 };
  });
}

const OPTIONS = { members: ['cheap'], delta: 0.05, cheapCost: 1, ensembleCost: 10, auditProbability: 0.1 };

describe('tuning the operating point', () => {
  it('keeps alpha on new items in at least 1 - delta of all draws, calibrated or not, whatever the judge', () => {
    const random = seededRandom(11);
    for (const calibrate of [true, false]) {
      for (const sharpness of [1, 3]) {
        let broken = 0;
        for (let draw = 0; draw < (calibrate ? 12 : 60); draw++) {
          const tuned = tuneOperatingPoint(itemsOf(random, 300, sharpness), { ...OPTIONS, alpha: 0.2, calibrate });
          if (tuned.kind === 'refused') continue;
          const kept = itemsOf(random, 2000, sharpness).filter(({ scores }) => isKept(tuned, scores));
          const wrong = kept.filter(({ scores, label }) => predictedPass(tuned, scores) >= 0.5 !== (label === 1));
          if (wrong.length / kept.length > 0.2 + 0.015) broken += 1;
        }
        // Binomial(60, .05) is above 8 once in a hundred.
        expect(broken).toBeLessThanOrEqual(8);
      }
    }
  });

  it('refuses where there are too few labels, and where no threshold holds', () => {
    const random = seededRandom(2);
    const few = tuneOperatingPoint(itemsOf(random, 20), { ...OPTIONS, alpha: 0.1 });
    expect(few).toMatchObject({ kind: 'refused', reason: 'too few labels', have: 20, want: 44 });
    const guessing = Array.from({ length: 300 }, (): TuneItem => ({
      scores: [random.next()],
      label: random.int(2) === 1 ? 1 : 0,
    }));
    expect(tuneOperatingPoint(guessing, { ...OPTIONS, alpha: 0.1, calibrate: false })).toMatchObject({
      kind: 'refused',
      reason: 'no threshold holds',
    });
  });

  it('says what it saves, and refuses what is dearer than the ceiling', () => {
    const items = itemsOf(seededRandom(5), 600);
    const options = { ...OPTIONS, alpha: 0.2, calibrate: false };
    const tuned = tuneOperatingPoint(items, options);
    if (tuned.kind === 'refused') throw new Error(tuned.reason);
    expect(tuned.costPerItem).toBeCloseTo(1 + 10 * (1 - 0.9 * tuned.chosen.coverage), 10);
    expect(tuned.saving).toBeCloseTo(1 - tuned.costPerItem / 11, 10);
    const { low, high } = bandOf(tuned);
    expect(low + high).toBeCloseTo(1, 12);
    // Items at tau itself are kept, so the band ends a step inside.
    const edge = (1 + tuned.tau) / 2;
    expect(isKept(tuned, [edge])).toBe(true);
    expect(edge - high).toBeGreaterThan(0);
    expect(edge - high).toBeLessThan(2e-4);
    expect(tuneOperatingPoint(items, { ...options, costCeiling: 1.5 })).toMatchObject({ reason: 'too dear' });
  });
});

describe('the label planner', () => {
  const random = seededRandom(9);
  const predicted = Array.from({ length: 600 }, (_, i) => (i % 4 === 0 ? random.next() : 0.995));
  const labels = predicted.map((p) => Number(random.chance(p)));
  const truth = mean(labels) ?? 0;

  it('spends what it was given, doubtful items first, and leaves no item without a chance', () => {
    const items = predicted.map((p) => ({ predicted: p, series: 'all' }));
    const { probabilities, expectedLabels } = planLabels(items, { labels: 60 });
    expect(expectedLabels).toBeCloseTo(60, 6);
    expect(Math.min(...probabilities)).toBeGreaterThan(0);
    const chanceAt = (p: number): number => probabilities[predicted.findIndex((one) => Math.abs(one - p) < 0.01)] ?? 0;
    expect(chanceAt(0.5)).toBeGreaterThan(2 * chanceAt(0.995));
  });

  it('is unbiased and narrower than uniform labelling, and covers', () => {
    const items = predicted.map((p) => ({ predicted: p, series: 'all' }));
    const plans = { planned: planLabels(items, { labels: 80 }).probabilities, uniform: predicted.map(() => 80 / 600) };
    const widths = { planned: [] as number[], uniform: [] as number[] };
    const errors: number[] = [];
    let covered = 0;
    for (let draw = 0; draw < 200; draw++) {
      for (const kind of ['planned', 'uniform'] as const) {
        const drawn = labels.map((label, i) => (random.chance(plans[kind][i] ?? 0) ? label : null));
        const found = plannedMean(predicted, drawn, plans[kind]);
        if (found === null) throw new Error('no estimate');
        widths[kind].push(found.upper - found.lower);
        if (kind === 'uniform') continue;
        errors.push(found.mean - truth);
        if (found.lower <= truth && truth <= found.upper) covered += 1;
      }
    }
    const spread = Math.sqrt((mean(errors.map((error) => error ** 2)) ?? 0) / errors.length);
    expect(Math.abs(mean(errors) ?? 1)).toBeLessThan(3 * spread);
    expect(covered / 200).toBeGreaterThan(0.92);
    expect(mean(widths.planned) ?? 1).toBeLessThan(0.95 * (mean(widths.uniform) ?? 0));
  });

  it('foretells the width, and gives small series their share', () => {
    const items = predicted.map((p, i) => ({ predicted: p, series: i < 60 ? 'small' : 'large' }));
    const { probabilities } = planLabels(items, { labels: 80 });
    const widths = expectedHalfWidths(items, probabilities);
    const more = expectedHalfWidths(items, planLabels(items, { labels: 90 }).probabilities);
    expect([...widths.keys()]).toEqual(['small', 'large']);
    for (const [series, width] of widths) expect(more.get(series)).toBeLessThan(width);
    const shareOfSmall = probabilities.slice(0, 60).reduce((a, b) => a + b, 0) / 80;
    expect(shareOfSmall).toBeGreaterThan(0.2);
  });
});
