/** An item on which every judge of the order was asked, as the rule is learned from. */
export interface FullyAskedItem {
  /** What was heard, in the order of asking: `['pass|fail', 'f', 'p']`; the first was there before the first question. */
  readonly heard: readonly string[];
  /**
   * `bounds[d]`: between which targets the answers still missing after `d` questions leave the item; equal when it is
   * decided. As long as `heard`.
   */
  readonly bounds: readonly (readonly [lowest: number, highest: number])[];
  /** Verdict of all judges together: 1 pass, 0 fail, 0.5 a tie. */
  readonly target: number;
  /** Score of all judges together, in [0, 1]. */
  readonly score: number;
  /** What the item stands for: 1 / probability of having been fully asked, > 0. */
  readonly weight: number;
  /** Part of the traffic, e.g. a segment; parts may get rules of their own. */
  readonly part: string;
}

/** What is known after some answers, and whether the next judge is asked. Plain JSON. */
export interface StoppingNode {
  /** Weight of the items it was learned from. */
  readonly weight: number;
  /** Expected target and score of all judges together. */
  readonly target: number;
  readonly score: number;
  /** Items with a draw below it are asked on: 0, 1, or the share by which the budget is met. */
  readonly ask: number;
  readonly next: Readonly<Record<string, StoppingNode>>;
}

/** In which order to ask is fixed; the rule says when to stop. Plain JSON. */
export interface StoppingRule {
  /** By part; `common` for parts too small to have their own. The first answer heard leads from the root. */
  readonly common: StoppingNode;
  readonly parts: Readonly<Record<string, StoppingNode>>;
  /** Expected cost of the questions, per item, in the unit of the prices. */
  readonly cost: number;
  /** Expected share of items whose verdict is not that of all judges. */
  readonly disagreement: number;
}

export interface StoppingOptions {
  /** Of each question, >= 0; `heard` is one longer. */
  readonly prices: readonly number[];
  /** Most that the questions may cost per item. */
  readonly budget: number;
}

/** Items that the estimate of the wider group counts as, where a narrower one has its own. */
const SHRINK = 3;
/** The same for the state before, where no wider group is left. */
const SHRINK_TO_BEFORE = 2;
/** A part with fewer items goes by the common rule. */
const PART_ITEMS = 20;
const HALVINGS = 20;
const [LOWEST_RATE, HIGHEST_RATE] = [1e-6, 10];

/**
 * Learns when to stop asking: at each state the likelier verdict stands, and the next judge is asked where the
 * disagreement with all judges that it is expected to remove is worth its price. What a disagreement is worth follows
 * from the budget; between two such values items are split by their draw. Backward induction over the states that occur.
 * Estimates of a part lean on those of all parts, these on those whatever came first, so that few items go a long way.
 *
 * No label of a person is seen: what is learned is to foretell the panel. Null without items.
 *
 * Source: Wald 1947 (sequential analysis), with counted states in place of a likelihood.
 */
export function learnStoppingRule(items: readonly FullyAskedItem[], options: StoppingOptions): StoppingRule | null {
  if (items.length === 0) return null;
  const pooled = estimate(
    countTrie(items.map((item) => ({ ...item, heard: ['', ...item.heard.slice(1)] }))),
    null,
    null,
  );
  const common = estimateRoots(countTrie(items), pooled.next.get('')!.estimate);
  const byPart = new Map<string, FullyAskedItem[]>();
  for (const item of items) byPart.set(item.part, [...(byPart.get(item.part) ?? []), item]);
  const parts = [...byPart].flatMap(([part, own]) => {
    if (own.length < PART_ITEMS) return [];
    const share = weightOf(own) / weightOf(items);
    return [{ part, share, root: estimate(countTrie(own), common, null) }];
  });
  const rest = 1 - parts.reduce((sum, { share }) => sum + share, 0);

  const solveAll = (rate: number): Solved => {
    const solve = (root: Estimate): Solution => solveState(root, 0, options.prices, rate);
    const solved = { common: solve(common), parts: parts.map(({ root }) => solve(root)) };
    const total = (figure: (solution: Solution) => number): number =>
      solved.parts.reduce((sum, one, i) => sum + parts[i]!.share * figure(one), rest * figure(solved.common));
    return { ...solved, cost: total((one) => one.cost), loss: total((one) => one.loss) };
  };

  let [low, high] = [LOWEST_RATE, HIGHEST_RATE];
  let generous = solveAll(low);
  let frugal = generous;
  if (generous.cost > options.budget) {
    frugal = solveAll(high);
    for (let i = 0; i < HALVINGS; i++) {
      const middle = Math.sqrt(low * high);
      const solved = solveAll(middle);
      if (solved.cost > options.budget) [low, generous] = [middle, solved];
      else [high, frugal] = [middle, solved];
    }
  }
  const gap = generous.cost - frugal.cost;
  const share = gap <= 0 ? 1 : Math.min(1, Math.max(0, (options.budget - frugal.cost) / gap));
  return {
    common: merge(common, frugal.common, generous.common, share),
    parts: Object.fromEntries(
      parts.map(({ part, root }, i) => [part, merge(root, frugal.parts[i], generous.parts[i], share)]),
    ),
    cost: frugal.cost + share * gap,
    disagreement: frugal.loss + share * (generous.loss - frugal.loss),
  };
}

function weightOf(items: readonly FullyAskedItem[]): number {
  return items.reduce((sum, { weight }) => sum + weight, 0);
}

/** What the rule says after these answers. */
export interface Standing {
  /** Expected target and score of all judges together; null when the rule knows nothing of the first answer. */
  readonly target: number;
  readonly score: number;
  /** True when the next judge is to be asked. */
  readonly asksOn: boolean;
}

/**
 * Follows the answers as far as the rule knows them; an answer never met (a judge that failed) leaves the standing of
 * the state before and ends the asking.
 * @param draw of the item, uniform in [0, 1), the same at every step.
 */
export function standingAfter(rule: StoppingRule, part: string, heard: readonly string[], draw: number): Standing {
  const root = Object.hasOwn(rule.parts, part) ? rule.parts[part]! : rule.common;
  let node = root;
  for (const answer of heard) {
    const next = Object.hasOwn(node.next, answer) ? node.next[answer] : undefined;
    if (next === undefined) return { target: node.target, score: node.score, asksOn: false };
    node = next;
  }
  return { target: node.target, score: node.score, asksOn: draw < node.ask };
}

/** Sums over the items that came by a state. */
interface Counts {
  weight: number;
  target: number;
  score: number;
  low: number;
  high: number;
  readonly next: Map<string, Counts>;
}

function noCounts(): Counts {
  return { weight: 0, target: 0, score: 0, low: 1, high: 0, next: new Map() };
}

/** The root stands for nothing heard. */
function countTrie(items: readonly FullyAskedItem[]): Counts {
  const root = noCounts();
  for (const item of items) {
    let node = root;
    add(node, item, 0, 1);
    item.heard.forEach((answer, d) => {
      const next = node.next.get(answer) ?? noCounts();
      node.next.set(answer, next);
      node = next;
      const [low, high] = item.bounds[d] ?? [0, 1];
      add(node, item, low, high);
    });
  }
  return root;
}

function add(node: Counts, { target, score, weight }: FullyAskedItem, low: number, high: number): void {
  node.weight += weight;
  node.target += weight * target;
  node.score += weight * score;
  node.low = Math.min(node.low, low);
  node.high = Math.max(node.high, high);
}

/** What is expected at a state. */
interface Estimate {
  readonly weight: number;
  readonly target: number;
  readonly score: number;
  readonly low: number;
  readonly high: number;
  /** With the probability of each answer. */
  readonly next: ReadonlyMap<string, { readonly p: number; readonly estimate: Estimate }>;
}

/** @param wider the same state in a wider group; null = none, and `before` is leant on instead. */
function estimate(counts: Counts | undefined, wider: Estimate | null, before: Estimate | null): Estimate {
  const own = counts ?? noCounts();
  const prior = wider ?? before;
  const pull = wider !== null ? SHRINK : before !== null ? SHRINK_TO_BEFORE : 0;
  const [low, high] = own.weight > 0 ? [own.low, own.high] : [wider?.low ?? 0, wider?.high ?? 1];
  const shrunk = (sum: number, lean: number): number => (sum + pull * lean) / (own.weight + pull);
  const target = Math.min(high, Math.max(low, shrunk(own.target, prior?.target ?? 0)));
  const known = { weight: own.weight, target, score: shrunk(own.score, prior?.score ?? 0), low, high };
  const next = new Map<string, { p: number; estimate: Estimate }>();
  const self: Estimate = { ...known, next };
  const pullOfNext = wider === null ? 0 : SHRINK;
  for (const answer of new Set([...own.next.keys(), ...(wider?.next.keys() ?? [])])) {
    const child = own.next.get(answer);
    const widerChild = wider?.next.get(answer);
    const p = ((child?.weight ?? 0) + pullOfNext * (widerChild?.p ?? 0)) / (own.weight + pullOfNext);
    next.set(answer, { p, estimate: estimate(child, widerChild?.estimate ?? null, self) });
  }
  return self;
}

/** Each first answer leans on what is expected whatever the first answer was. */
function estimateRoots(counts: Counts, pooled: Estimate): Estimate {
  const next = [...counts.next].map(
    ([answer, child]) =>
      [answer, { p: child.weight / counts.weight, estimate: estimate(child, pooled, null) }] as const,
  );
  return { ...pooled, weight: counts.weight, next: new Map(next) };
}

interface Solution {
  readonly asks: boolean;
  /** Expected, from here on. */
  readonly cost: number;
  readonly loss: number;
  readonly next: ReadonlyMap<string, Solution>;
}

interface Solved {
  readonly common: Solution;
  readonly parts: readonly Solution[];
  readonly cost: number;
  readonly loss: number;
}

const NOTHING_NEXT: ReadonlyMap<string, Solution> = new Map();

/** `depth` 0 is the root, where nothing was heard and the first answer comes by itself. */
function solveState(state: Estimate, depth: number, prices: readonly number[], rate: number): Solution {
  const stop = Math.min(state.target, 1 - state.target);
  const price = depth === 0 ? 0 : prices[depth - 1];
  const isSettled = depth > 0 && (stop === 0 || state.low === state.high);
  if (price === undefined || state.next.size === 0 || isSettled || (depth > 0 && rate * price >= stop)) {
    return { asks: false, cost: 0, loss: stop, next: NOTHING_NEXT };
  }
  const next = new Map<string, Solution>();
  let cost = price;
  let loss = 0;
  for (const [answer, { p, estimate: after }] of state.next) {
    const solution = solveState(after, depth + 1, prices, rate);
    next.set(answer, solution);
    cost += p * solution.cost;
    loss += p * solution.loss;
  }
  const asks = depth === 0 || loss + rate * cost < stop;
  return asks ? { asks, cost, loss, next } : { asks, cost: 0, loss: stop, next: NOTHING_NEXT };
}

/** Where both agree to stop nothing further is kept. */
function merge(
  state: Estimate,
  frugal: Solution | undefined,
  generous: Solution | undefined,
  share: number,
): StoppingNode {
  const ask = frugal?.asks === true ? 1 : generous?.asks === true ? share : 0;
  const next: Record<string, StoppingNode> = {};
  if (ask > 0) {
    for (const [answer, { estimate: after }] of state.next) {
      next[answer] = merge(after, frugal?.next.get(answer), generous?.next.get(answer), share);
    }
  }
  return { weight: state.weight, target: state.target, score: state.score, ask, next };
}
