import { createRandom } from '../../../src/stats/seeded-random';
import {
  type FullyAskedItem,
  type StoppingRule,
  learnStoppingRule,
  standingAfter,
} from '../../../src/stats/stopping-rule';

const PRICES = [1, 10, 10];

/** Three judges of a majority; the first is right nine times in ten where the opening is `sure`, else a coin. */
function panel(n: number, seed: number): FullyAskedItem[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    const truth = random() < 0.6 ? 1 : 0;
    const opening = i % 2 === 0 ? 'sure' : 'doubt';
    const say = (accuracy: number): number => (random() < accuracy ? truth : 1 - truth);
    const answers = [say(opening === 'sure' ? 0.97 : 0.5), say(0.95), say(0.95)];
    const target = answers.reduce((sum, one) => sum + one, 0) >= 2 ? 1 : 0;
    return {
      heard: [opening, ...answers.map(String)],
      bounds: [0, 1, 2, 3].map((asked) => majorityBounds(answers.slice(0, asked))),
      target,
      score: target,
      weight: 1,
      part: i % 3 === 0 ? 'a' : 'b',
    };
  });
}

function majorityBounds(heard: readonly number[]): [number, number] {
  const passes = heard.reduce((sum, one) => sum + one, 0);
  return [passes >= 2 ? 1 : 0, passes + 3 - heard.length >= 2 ? 1 : 0];
}

function run(rule: StoppingRule, items: readonly FullyAskedItem[], seed = 7): { cost: number; wrong: number } {
  const random = createRandom(seed);
  let [cost, wrong] = [0, 0];
  for (const { heard, part, target } of items) {
    const draw = random();
    let asked = 0;
    let standing = standingAfter(rule, part, heard.slice(0, 1), draw);
    while (standing.asksOn) {
      cost += PRICES[asked] ?? 0;
      asked++;
      standing = standingAfter(rule, part, heard.slice(0, asked + 1), draw);
    }
    if (standing.target >= 0.5 !== target >= 0.5) wrong++;
  }
  return { cost: cost / items.length, wrong: wrong / items.length };
}

function learn(items: readonly FullyAskedItem[], budget: number): StoppingRule {
  const rule = learnStoppingRule(items, { prices: PRICES, budget });
  if (rule === null) throw new Error('no rule');
  return rule;
}

describe('a learned stopping rule', () => {
  const known = panel(2000, 1);
  const fresh = panel(2000, 2);

  it('spends the budget and not more, on items it has not seen', () => {
    for (const budget of [2, 5, 8, 12]) {
      const { cost } = run(learn(known, budget), fresh);
      expect(cost).toBeLessThan(budget * 1.1);
      expect(cost).toBeGreaterThan(budget * 0.75);
    }
  });

  it('disagrees less with all judges the more it may spend, and never where everything is decided', () => {
    const wrong = [0, 3, 8, 21].map((budget) => run(learn(known, budget), fresh).wrong);
    for (let i = 1; i < wrong.length; i++) expect(wrong[i]!).toBeLessThanOrEqual(wrong[i - 1]!);
    expect(wrong[3]).toBe(0);
  });

  it('does not pay for an answer that can no longer change the verdict', () => {
    const rule = learn(known, 1000);
    expect(standingAfter(rule, 'a', ['sure', '1', '1'], 0)).toMatchObject({ target: 1, asksOn: false });
    expect(standingAfter(rule, 'a', ['sure', '1', '0'], 0).asksOn).toBe(true);
  });

  it('spends on doubt before it spends on certainty', () => {
    const rule = learn(known, 7);
    const asked = (opening: string): number =>
      [0, 0.2, 0.4, 0.6, 0.8].filter((draw) => standingAfter(rule, 'b', [opening, '1'], draw).asksOn).length;
    expect(asked('doubt')).toBeGreaterThan(asked('sure'));
  });

  it('stops where a judge gave an answer never met, and keeps what stood before', () => {
    const rule = learn(known, 1000);
    const before = standingAfter(rule, 'a', ['sure'], 0);
    expect(standingAfter(rule, 'a', ['sure', 'timeout'], 0)).toEqual({ ...before, asksOn: false });
  });

  it('weights items by what they stand for', () => {
    const heavy = known.map((item) => ({ ...item, weight: item.target === 1 ? 10 : 1 }));
    const [plain, weighted] = [learn(known, 0), learn(heavy, 0)].map(
      (rule) => standingAfter(rule, 'a', ['doubt'], 0).target,
    );
    expect(weighted!).toBeGreaterThan(plain! + 0.2);
  });

  it('is nothing without items', () => {
    expect(learnStoppingRule([], { prices: PRICES, budget: 1 })).toBeNull();
  });
});
