import { DEFAULT_DROPS, EVIDENCE_FLOOR } from '../../../src/detectors/e-detector';
import {
  createGrowing,
  designGrowing,
  growingFloor,
  type GrowingDesign,
  type GrowingState,
  resetGrowing,
  startFollower,
  stepGrowing,
  stepGrowingBatch,
  upgradeGrowing,
  valuesToRenewal,
} from '../../../src/detectors/growing-detector';
import { upgradeBaseline } from '../../../src/detectors/growing-baseline';
import { addPowers, emptyPowers, logCapitalAt, logCapitalOf } from '../../../src/detectors/power-sums';
import { BATCH_STRIDE, createBatch } from '../../../src/detectors/value-batch';
import { aimWitness, stepWitness } from '../../../src/detectors/witness';
import { mean, standardErrorOfMean } from '../../../src/stats/moments';
import { createRandom } from '../../../src/stats/seeded-random';

const passFail = (random: () => number, p = 0.85): number => (random() < p ? 1 : 0);

describe('sums of powers', () => {
  it.each([
    { bet: 0.75, most: 4 },
    { bet: 0.25, most: 1e-2 },
  ])('never find more evidence than the values themselves hold, and little less: bet $bet', ({ bet, most }) => {
    const random = createRandom(5);
    for (const draw of [random, () => passFail(random), () => passFail(random, 0.01)]) {
      const xs = Array.from({ length: 300 }, draw);
      const center = mean(xs)!;
      const sums = emptyPowers();
      for (const x of xs) addPowers(sums, x - center);
      for (const sign of [1, -1] as const) {
        const log = logCapitalOf(sums, bet, 1, sign);
        for (const g of [0, center - 0.1, center, 0.9, 1]) {
          const exact = xs.reduce((total, x) => total + Math.log1p(sign * bet * (x - g)), 0);
          expect(logCapitalAt(log, center - g)).toBeLessThanOrEqual(exact + 1e-9);
          if (Math.abs(g - center) <= 0.1) expect(logCapitalAt(log, center - g)).toBeGreaterThan(exact - most);
        }
      }
    }
  });
});

describe('the detector on a baseline that goes on learning', () => {
  const threshold = 10_000;
  const random = createRandom(8);
  const reference = Array.from({ length: 2000 }, () => passFail(random));

  it.each([{ drops: DEFAULT_DROPS }, { drops: [0.05, 0.1] }])(
    'takes in many values as one by one, to the bit: $drops',
    ({ drops }) => {
      const draw = createRandom(3);
      const values = Array.from({ length: 900 }, () => passFail(draw));
      const batch = createBatch(values.length);
      values.forEach((x, i) => batch.set([x, draw()], BATCH_STRIDE * i));
      const [one, many] = [0, 1].map(() => createGrowing(reference, { threshold, drops }));
      const singly = values.map((x, i) => stepGrowing(one!.design, one!.state, x, batch[BATCH_STRIDE * i + 1]));
      for (let from = 0; from < values.length;) {
        const to = Math.min(
          values.length,
          from + 1 + Math.floor(40 * draw()),
          from + valuesToRenewal(many!.design, many!.state),
        );
        expect(stepGrowingBatch(many!.design, many!.state, batch, from, to)).toBe(singly[to - 1]);
        from = to;
      }
      expect(many!.state).toEqual(one!.state);
    },
  );

  it('has a witness that is never below it, nor below one of more tolerance', () => {
    const draw = createRandom(4);
    const ticket = createGrowing(reference, { threshold, growth: Infinity });
    const design = designGrowing(ticket.design.baseline, { tolerance: 0.02, range: [-9, 10] });
    const page = { design, state: startFollower(design, ticket.state) };
    for (let round = 0; round < 20; round++) {
      const witness = aimWitness(ticket, page);
      for (let i = 0; i < 40; i++) {
        const x = passFail(draw, round < 10 ? 0.85 : 0.6);
        const bound = stepWitness(witness, x, 1);
        expect(bound).toBeGreaterThanOrEqual(stepGrowing(ticket.design, ticket.state, x, 1));
        expect(bound).toBeGreaterThanOrEqual(stepGrowing(page.design, page.state, x, 1));
      }
    }
  });

  it('stays quiet on more of the same and alarms after a drop', () => {
    const { design, state } = createGrowing(reference, { threshold });
    for (const x of reference) expect(stepGrowing(design, state, x)).toBeLessThan(threshold);
    let items = 1;
    while (stepGrowing(design, state, passFail(random, 0.7)) < threshold && items < 1000) items++;
    expect(items).toBeLessThan(200);
    expect(growingFloor(design, state)).toBeGreaterThan(EVIDENCE_FLOOR);
    resetGrowing(state);
    expect(growingFloor(design, state)).toBe(0);
  });

  it('learns only while it is told to', () => {
    const fixed = createGrowing(reference, { threshold, growth: Infinity });
    const growing = createGrowing(reference, { threshold, mostValues: 3000 });
    const before = fixed.state.evidence;
    for (let i = 0; i < 3000; i++) {
      const x = passFail(random);
      stepGrowing(fixed.design, fixed.state, x);
      stepGrowing(growing.design, growing.state, x);
    }
    expect(fixed.state.evidence).toBe(before);
    expect(growing.state.evidence).not.toEqual(before);
    expect(growing.state.sums[0]).toBe(3000);
  });

  it('does not absorb a slow decline', () => {
    const { design, state } = createGrowing(reference, { threshold });
    let alarm = 0;
    for (let t = 1; t <= 8000 && alarm === 0; t++) {
      if (stepGrowing(design, state, passFail(random, 0.85 - (0.1 * t) / 8000)) >= threshold) alarm = t;
    }
    expect(alarm).toBeGreaterThan(0);
  });

  it('goes on after a trip through JSON as if nothing had happened, to the last bit', () => {
    const { design, state } = createGrowing(reference.slice(0, 200), { threshold: 500 });
    for (let i = 0; i < 100; i++) stepGrowing(design, state, random());
    const back = JSON.parse(JSON.stringify({ design, state })) as { design: GrowingDesign; state: GrowingState };
    for (let i = 0; i < 200; i++) {
      const x = random();
      expect(stepGrowing(back.design, back.state, x)).toBe(stepGrowing(design, state, x));
    }
    expect(back.state).toEqual(state);
  });

  it('asks of each component no more evidence than a fair game gives, on average over references', () => {
    const draw = createRandom(6);
    const evidence = Array.from({ length: 300 }, () => {
      const { design, state } = createGrowing(
        Array.from({ length: 300 }, () => passFail(draw)),
        { threshold },
      );
      const { edges, drops } = design.baseline;
      const cell = edges.filter((edge) => edge <= 0.85).length - 1;
      return drops.map((_, k) => (cell < 0 ? state.evidenceBelow! : state.evidence[cell * drops.length + k]!));
    });
    for (const k of DEFAULT_DROPS.keys()) {
      const own = evidence.map((values) => values[k]!);
      expect(mean(own)!).toBeLessThan(1 + 3 * standardErrorOfMean(own)!);
      expect(mean(own)!).toBeGreaterThan(0.3);
    }
  });

  it('goes on from a state of before the components had bets of their own', () => {
    const { design, state } = createGrowing(reference, { threshold, growth: Infinity });
    const { drops, logEvidence: _, ...rest } = design.baseline;
    const baseline = upgradeBaseline({ ...rest, resolution: 0.05, logEvidence: 4.6 });
    expect(baseline.drops).toEqual(drops);
    baseline.logEvidence.forEach((log, k) => expect(log).toBeGreaterThanOrEqual(baseline.logEvidence[k - 1] ?? 4.5));
    expect(upgradeBaseline(baseline)).toBe(baseline);
    for (let i = 0; i < 50; i++) stepGrowing(design, state, passFail(random, 0.7));
    const evidence = baseline.edges.map((_edge, i) => state.evidence[4 * i]!);
    const inside = state.shiryaevRoberts.map((value, i) => value * evidence[Math.floor(i / 4)]!);
    const { sums, ...detector } = state;
    const passes = Math.round(sums[0]! * baseline.referenceMean + sums[1]!);
    const counts = { thousandths: [0, 1000], counts: [sums[0]! - passes, passes] };
    const before = { ...detector, evidence, shiryaevRoberts: inside, counts, size: sums[0]! };
    const shared = upgradeGrowing({ ...design, baseline }, before);
    expect(upgradeGrowing(design, shared)).toBe(shared);
    shared.sums.forEach((sum, i) => expect(sum).toBeCloseTo(sums[i]!, 6));
    shared.evidence.forEach((value, i) => expect(value).toBe(evidence[Math.floor(i / 4)]));
    shared.shiryaevRoberts.forEach((value, i) => expect(value).toBeCloseTo(state.shiryaevRoberts[i]!, 9));
    let items = 1;
    while (stepGrowing({ ...design, baseline }, shared, passFail(random, 0.7)) < threshold && items < 1000) items++;
    expect(items).toBeLessThan(200);
  });

  it('survives references at the ends of the range and tiny ones', () => {
    for (const values of [new Array<number>(50).fill(0), new Array<number>(50).fill(1), [0.5]]) {
      const { design, state } = createGrowing(values, { threshold: 100 });
      for (let i = 0; i < 200; i++) expect(Number.isFinite(stepGrowing(design, state, values[0]!))).toBe(true);
      expect([...state.evidence, ...state.shiryaevRoberts, ...state.cusum].every(Number.isFinite)).toBe(true);
    }
    expect(() => createGrowing([], { threshold: 100 })).toThrow(RangeError);
  });

  it('has a mean false-alarm rate of at most one per threshold, over references and streams', () => {
    const small = 200;
    const rates = Array.from({ length: 60 }, () => {
      const { design, state } = createGrowing(
        Array.from({ length: 150 }, () => passFail(random)),
        { threshold: small },
      );
      let alarms = 0;
      for (let t = 0; t < 3000; t++) {
        if (stepGrowing(design, state, passFail(random)) < small) continue;
        alarms += 1;
        resetGrowing(state);
      }
      return (alarms / 3000) * small;
    });
    expect(mean(rates)!).toBeLessThan(1 + 3 * standardErrorOfMean(rates)!);
    expect(mean(rates)!).toBeGreaterThan(0.05);
  });
});
