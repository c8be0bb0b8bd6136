import type { Product } from './world';

/** A story told by simulated traffic. All traffic of a scenario is simulated, and every output says so. */
export interface Scenario {
  readonly name: ScenarioName;
  readonly summary: string;
  /** Probability that an answer is wrong, given where it is served and how far the story has gone (0 to 1). */
  wrongProbability(at: { product: Product; locale: string; progress: number; isFailover: boolean }): number;
  /** Probability that an answer breaks off; that of `USUAL_CUT_OFF` where absent. */
  cutOffProbability?(at: { product: Product; locale: string; progress: number }): number;
  /** Probability that an answer comes by the failover route, from another model; 0 where absent. */
  failoverProbability?(at: { progress: number }): number;
  /** Probability that a right answer leaves the user as unhappy as a wrong one; 0 where absent. */
  frustrationProbability?(at: { product: Product; progress: number }): number;
  /** Progress at which one judge silently becomes stricter; never where absent. */
  readonly judgeChangesAt?: number;
  /** Progress between which judges do not answer, or in prose; never where absent. */
  readonly outage?: { readonly from: number; readonly to: number };
  /** Probability that a record arrives cut in half; that of `USUAL_BROKEN` where absent. */
  brokenProbability?(at: { progress: number }): number;
  /** Release served at this point of the story. */
  release(at: { product: Product; locale: string; progress: number }): string;
}

export type ScenarioName = 'steady' | 'regression' | 'rollback' | 'judge-drift' | 'divergence' | 'failover' | 'outage';

/** Share of the answers that are not wrong. */
export const USUAL_CUT_OFF = 0.008;
export const USUAL_BROKEN = 0.003;

const USUAL: Readonly<Record<Product, number>> = { support: 0.1, search: 0.07, copilot: 0.13 };

const steady: Scenario = {
  name: 'steady',
  summary: 'Three products, nothing changes: every estimate should stay where it is.',
  wrongProbability: ({ product }) => USUAL[product],
  release: () => '2026.11.1',
};

interface Place {
  readonly product: Product;
  readonly locale: string;
  readonly progress: number;
}

/** A release with wrong answers, some of them cut off, in support in German, from and until so far into the story. */
function badRelease(from: number, until: number): Omit<Scenario, 'name' | 'summary'> {
  const isServed = ({ product, locale, progress }: Place): boolean =>
    product === 'support' && locale === 'de' && progress >= from && progress < until;
  return {
    wrongProbability: (at) => (isServed(at) ? 0.6 : USUAL[at.product]),
    cutOffProbability: (at) => (isServed(at) ? 0.3 : USUAL_CUT_OFF),
    release: (at) => (isServed(at) ? '2026.11.2' : '2026.11.1'),
  };
}

const regression: Scenario = {
  ...badRelease(0.5, Infinity),
  name: 'regression',
  summary:
    'Half-way, release 2026.11.2 reaches support in German and starts to give wrong answers, some of them cut off; all else is steady.',
};

const rollback: Scenario = {
  ...badRelease(0.12, 0.26),
  name: 'rollback',
  summary:
    'The release of the scenario regression comes early and is rolled back at a quarter of the story: alerts fire and resolve.',
};

const judgeDrift: Scenario = {
  ...steady,
  name: 'judge-drift',
  summary:
    'Half-way, one of the three judges silently becomes stricter; the answers stay what they were. Not the product is to be named, but the judge.',
  judgeChangesAt: 0.5,
};

const divergence: Scenario = {
  ...steady,
  name: 'divergence',
  summary:
    'Half-way, users of the copilot grow unhappy with answers that are as right as ever: they ask again, give up and leave, and the judges see nothing.',
  frustrationProbability: ({ product, progress }) => (product === 'copilot' && progress >= 0.5 ? 0.85 : 0),
};

const failover: Scenario = {
  ...steady,
  name: 'failover',
  summary:
    'Half-way, half of the traffic fails over to a smaller model whose answers are wrong four times as often; the primary route is as good as ever.',
  failoverProbability: ({ progress }) => (progress >= 0.5 ? 0.5 : 0),
  wrongProbability: ({ product, isFailover }) => (isFailover ? 0.45 : USUAL[product]),
};

const OUTAGE = { from: 0.1, to: 0.35 } as const;

const outage: Scenario = {
  ...steady,
  name: 'outage',
  summary:
    'From a tenth to a third of the story two judges do not answer, the cheap one answers in prose, and a tenth of the records arrive cut in half; the product is as good as ever.',
  outage: OUTAGE,
  brokenProbability: ({ progress }) => (progress >= OUTAGE.from && progress < OUTAGE.to ? 0.1 : USUAL_BROKEN),
};

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  steady,
  regression,
  rollback,
  'judge-drift': judgeDrift,
  divergence,
  failover,
  outage,
};
