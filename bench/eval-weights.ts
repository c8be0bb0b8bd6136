/**
 * Judges and string checks combined with weights learned from 200 labels drawn at random, graded on the other rows, mean
 * over 200 draws; beside it the best single judge (chosen with hindsight) and the plain majority, which is often below
 * it. Usage: npm run -s eval:weights -- [--json] [--quick] [--seed N]
 */
import { decidePromotion, type Promotion } from '../src/calibration/promotion';
import {
  combinedVerdict,
  combineScores,
  learnCombination,
  type LearnedCombination,
  type MemberScores,
} from '../src/calibration/learned-combination';
import { sidedOn, weightsHealth } from '../src/calibration/stale-weights';
import { formatNumber, formatTable } from '../src/cli/format';
import { cohenKappa, confusionMatrix } from '../src/stats/agreement';
import { equalMassBins, expectedCalibrationError } from '../src/stats/calibration-error';
import { mean, standardErrorOfMean } from '../src/stats/moments';
import { createRandom } from '../src/stats/seeded-random';
import { type PanelSet, panelSets } from './eval-weights/panels';
import { shuffled } from './support/shuffle';
import { finish, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();
const LABELS = 200;
const DRAWS = flags.quick ? 20 : 200;
const BINS = 15;
/** A judge that sides with the whole on so many fewer of the items is broken, not just another. */
const BROKEN_FROM = 0.1;

interface WeightFigures {
  readonly mean_kappa_200: number | null;
  readonly kappa_se: number | null;
  readonly mean_ece_200: number | null;
  /** ECE that perfectly calibrated probabilities show on so many rows, from labels drawn by the probabilities. */
  readonly ece_noise_floor: number | null;
  readonly draws: number;
  readonly best_single: string | null;
  readonly best_single_kappa: number | null;
  readonly majority_kappa: number | null;
  readonly rows: number;
  readonly members: number;
}

function main(): Promise<void> {
  const sets = panelSets();
  const figures: Record<string, unknown> = {};
  const rows: string[][] = [];
  for (const [name, set] of sets) {
    if (set === null || set.labels.length <= LABELS) {
      figures[name] = {
        mean_kappa_200: null,
        why: set === null ? 'no rows under PLUMBLINE_DATA' : 'not more rows than labels',
      };
      continue;
    }
    const found = evaluate(set);
    figures[name] = found;
    rows.push([
      name,
      String(found.members),
      formatNumber(found.mean_kappa_200),
      formatNumber(found.mean_ece_200),
      formatNumber(found.ece_noise_floor),
      `${found.best_single}`,
      formatNumber(found.best_single_kappa),
      formatNumber(found.majority_kappa),
    ]);
  }
  const stale = staleness(sets.get('triviaqa_judges/1') ?? null, sets.get('triviaqa_judges/2') ?? null);
  figures['stale'] = stale;
  const head = ['set', 'members', 'kappa', 'ECE', 'noise floor', 'best single', 'its kappa', 'majority'];
  finish(flags, `${formatTable([head, ...rows])}weights of round 1 in round 2: ${JSON.stringify(stale)}`, figures);
  return Promise.resolve();
}

function evaluate(set: PanelSet): WeightFigures {
  const random = createRandom(flags.seed);
  const kappas: number[] = [];
  const eces: number[] = [];
  const floors: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const order = shuffled(set.labels.length, random);
    const combination = learn(set, order.slice(0, LABELS));
    if (combination === null) continue;
    const others = order.slice(LABELS);
    const labels = others.map((i) => set.labels[i]!);
    const predicted = others.map((i) => combineScores(combination, set.scores[i]!));
    const verdicts = others.map((i) => combinedVerdict(combination, set.scores[i]!));
    const kappa = cohenKappa(confusionMatrix(labels, verdicts, 2)).kappa;
    if (kappa !== null) kappas.push(kappa);
    const eceOf = (observed: readonly number[]): number =>
      expectedCalibrationError(equalMassBins(predicted, observed, BINS)) ?? 0;
    eces.push(eceOf(labels));
    floors.push(eceOf(predicted.map((p) => Number(random() < p))));
  }
  const best = bestSingle(set);
  return {
    mean_kappa_200: mean(kappas),
    kappa_se: standardErrorOfMean(kappas),
    mean_ece_200: mean(eces),
    ece_noise_floor: mean(floors),
    draws: kappas.length,
    best_single: best?.member ?? null,
    best_single_kappa: best?.kappa ?? null,
    majority_kappa: majorityKappa(set),
    rows: set.labels.length,
    members: set.members.length,
  };
}

function learn(set: PanelSet, indices: readonly number[]): LearnedCombination | null {
  const scores = indices.map((i) => set.scores[i]!);
  const labels = indices.map((i) => set.labels[i]!);
  return learnCombination(set.members, scores, labels, { isPaired: set.isPaired });
}

/** Kappa over {fail, undecided, pass}: a judge that cannot decide is never right. Best with hindsight over all rows. */
function bestSingle(set: PanelSet): { member: string; kappa: number } | null {
  let best: { member: string; kappa: number } | null = null;
  set.members.forEach((member, j) => {
    const kappa = kappaOfThree(
      set.labels,
      set.scores.map((row) => row[j] ?? null),
    );
    if (kappa !== null && (best === null || kappa > best.kappa)) best = { member, kappa };
  });
  return best;
}

function majorityKappa(set: PanelSet): number | null {
  const judges = set.members.flatMap((member, j) => (set.judges.includes(member) ? [j] : []));
  return kappaOfThree(
    set.labels,
    set.scores.map((row) => majority(row, judges)),
  );
}

function majority(row: MemberScores, judges: readonly number[]): number | null {
  const balance = judges.reduce((total, j) => total + ((row[j] ?? 0.5) - 0.5), 0);
  return balance === 0 ? 0.5 : balance > 0 ? 1 : 0;
}

function kappaOfThree(labels: readonly number[], scores: readonly (number | null)[]): number | null {
  const kept = labels.flatMap((label, i) => {
    const score = scores[i] ?? null;
    return score === null ? [] : [[2 * label, Math.round(2 * score)] as const];
  });
  return cohenKappa(
    confusionMatrix(
      kept.map(([a]) => a),
      kept.map(([, b]) => b),
      3,
    ),
  ).kappa;
}

interface Staleness {
  /** Share of draws in which weights of round 1 are reported as stale in round 2, and in round 1 itself (false alarms). */
  readonly reported: number | null;
  readonly reported_where_nothing_changed: number | null;
  readonly kappa_stale: number | null;
  readonly kappa_renewed: number | null;
  readonly changed_members: readonly string[];
  /** Those of them that side with the combined verdict in a tenth fewer items or less often still: broken. */
  readonly broken_members: readonly string[];
  /** What the paired test says of renewed weights on other labels, in the first draw. */
  readonly promotion: Promotion | null;
  readonly why?: string;
}

/** The judges that ran in both rounds; two of them broke in between. 200 labels of each, all other rows without. */
function staleness(first: PanelSet | null, second: PanelSet | null): Staleness {
  const none = { reported: null, reported_where_nothing_changed: null, kappa_stale: null, kappa_renewed: null };
  if (first === null || second === null) {
    return { ...none, changed_members: [], broken_members: [], promotion: null, why: 'no rows under PLUMBLINE_DATA' };
  }
  const shared = first.members.filter((member) => second.members.includes(member));
  const [before, after] = [narrowed(first, shared), narrowed(second, shared)];
  const random = createRandom(flags.seed);
  const draws = DRAWS / 2;
  let reported = 0;
  let falsely = 0;
  const kappas = { stale: [] as number[], renewed: [] as number[] };
  const changed = new Map<string, number>();
  const fallen = new Map<string, number>();
  let promotion: Promotion | null = null;
  for (let draw = 0; draw < draws; draw++) {
    const orderBefore = shuffled(before.labels.length, random);
    const orderAfter = shuffled(after.labels.length, random);
    const old = learn(before, orderBefore.slice(0, LABELS));
    const renewed = learn(after, orderAfter.slice(0, LABELS));
    if (old === null || renewed === null) continue;
    // How members side needs no labels: half of the other rows of round 1 tell of it, the other half is the quiet case.
    const middle = Math.floor((orderBefore.length + LABELS) / 2);
    const known = sidedOn(
      old,
      orderBefore.slice(LABELS, middle).map((i) => before.scores[i]!),
    );
    const health = healthOn(known, after, orderAfter);
    if (health.isStale) reported += 1;
    if (healthOn(known, before, orderBefore.slice(middle)).isStale) falsely += 1;
    for (const { member, then, now } of health.changedMembers) {
      changed.set(member, (changed.get(member) ?? 0) + 1);
      if (then - now >= BROKEN_FROM) fallen.set(member, (fallen.get(member) ?? 0) + 1);
    }
    const others = orderAfter.slice(LABELS);
    const verdictsOf = (combination: LearnedCombination): (0 | 1)[] =>
      others.map((i) => combinedVerdict(combination, after.scores[i]!));
    const labels = others.map((i) => after.labels[i]!);
    const [current, candidate] = [verdictsOf(old), verdictsOf(renewed)];
    kappas.stale.push(cohenKappa(confusionMatrix(labels, current, 2)).kappa ?? 0);
    kappas.renewed.push(cohenKappa(confusionMatrix(labels, candidate, 2)).kappa ?? 0);
    promotion ??= decidePromotion(
      others.slice(0, 400).map((item, i) => ({
        label: after.labels[item] === 1 ? 1 : 0,
        current: current[i]!,
        candidate: candidate[i]!,
        ageDays: 0,
      })),
    );
  }
  return {
    reported: reported / draws,
    reported_where_nothing_changed: falsely / draws,
    kappa_stale: mean(kappas.stale),
    kappa_renewed: mean(kappas.renewed),
    changed_members: inMostDraws(changed, draws),
    broken_members: inMostDraws(fallen, draws),
    promotion,
  };
}

function inMostDraws(counts: ReadonlyMap<string, number>, draws: number): string[] {
  return [...counts].flatMap(([member, n]) => (2 * n > draws ? [member] : [])).sort();
}

function healthOn(
  combination: LearnedCombination,
  set: PanelSet,
  indices: readonly number[],
): ReturnType<typeof weightsHealth> {
  return weightsHealth(
    combination,
    indices.map((i) => set.scores[i]!),
    indices.map((i, place) => (place < LABELS ? set.labels[i]! : null)),
  );
}

function narrowed(set: PanelSet, members: readonly string[]): PanelSet {
  const columns = members.map((member) => set.members.indexOf(member));
  return { ...set, members, scores: set.scores.map((row) => columns.map((j) => row[j] ?? null)) };
}

runScript(main);
