/**
 * What the cascade is worth on recorded real judges: cheap judge alone, always-ensemble, and the cascade, as agreement
 * with people and cost. Prices and panels: the data set's README. Nothing here sees a human label but to be graded.
 * Usage: npm run -s bench:cascade -- [--json] [--quick] [--seed N]
 */
import { formatNumber, formatPercent, formatTable } from '../src/cli/format';
import { bootstrap, kappaOf, mean } from './judge-cascade/figures';
import type { CascadeSet } from './judge-cascade/item';
import { type Run, runLearnedStopping } from './judge-cascade/learned-stopping';
import { recordedSets } from './judge-cascade/recorded-sets';
import { type Prepared, prepare, routeProbability } from './judge-cascade/replay-cascade';
import { finish, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();

/** Most that the cascade may cost, as a share of always-ensemble. */
const GOAL_COST = 0.35;
/** Most that it may lose in kappa. */
const GOAL_LOSS = 0.01;
const BUDGETS = flags.quick ? [0.1, 0.2, 0.3, 0.35, 0.4, 0.6] : [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8];
const AUDIT = 0.1;

/** Audits of the product at its least. */
const LEAST_AUDIT = 0.05;

function main(): Promise<void> {
  const figures: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const [name, set] of recordedSets()) {
    if (set === null || set.items.length === 0) {
      const none = { cheap_kappa: null, ensemble_kappa: null, cascade_kappa: null, cost_ratio: null };
      figures[name] = { ...none, escalation_rate: null, best_single_kappa: null, why: 'no rows under PLUMBLINE_DATA' };
      texts.push(`${name}: no rows under PLUMBLINE_DATA\n`);
      continue;
    }
    const result = benchSet(set);
    figures[name] = result.figures;
    texts.push(result.text);
  }
  finish(flags, texts.join('\n'), figures);
  return Promise.resolve();
}

function benchSet(set: CascadeSet): { figures: object; text: string } {
  const prepared = prepare(set);
  const { scale } = set;
  const human = prepared.map(({ item }) => item.human);
  const kappa = (verdicts: readonly (number | null)[]): number | null => kappaOf(human, verdicts, scale);
  const always = mean(prepared.map(({ price }) => price));
  const ensembleKappa = kappa(prepared.map(({ ensemble }) => ensemble));
  // Which item falls into which tenth is chance: figures are means over several such divisions.
  const seeds = Array.from({ length: flags.quick ? 1 : 5 }, (_, i) => flags.seed + i);
  const learned = (share: number, audit: number): Run[] =>
    seeds.map((seed) => runLearnedStopping(set, prepared, { budget: share * always, audit, seed }));
  const runs = new Map(BUDGETS.map((share) => [share, learned(share, 0)]));
  const chosen = runs.get(GOAL_COST)?.[0];
  if (chosen === undefined) throw new Error('no operating point at the goal');
  const rules = [
    { name: 'doubt escalates', run: byRule(prepared, set.cheapPrice, 0) },
    { name: `doubt escalates, ${AUDIT * 100} % audit`, run: byRule(prepared, set.cheapPrice, AUDIT) },
  ];
  const singles = singleKappas(set);
  const best = [...singles].sort((a, b) => (b.kappa ?? -1) - (a.kappa ?? -1))[0];
  const summary = (...of: readonly Run[]): RunFigures => {
    const kappas = of.flatMap((run) => kappa(run.verdicts) ?? []);
    return {
      kappa: kappas.length === 0 ? null : mean(kappas),
      cost_ratio: mean(of.map((run) => mean(run.costs))) / always,
      escalation_rate: mean(of.map((run) => mean(run.escalated.map(Number)))),
      agreement_with_ensemble: mean(
        of.map((run) => mean(run.verdicts.map((v, i) => (v === prepared[i]?.ensemble ? 1 : 0)))),
      ),
    };
  };
  const at = summary(...(runs.get(GOAL_COST) ?? []));
  const audited = summary(...learned(GOAL_COST, LEAST_AUDIT));
  const loss = ensembleKappa === null || at.kappa === null ? null : ensembleKappa - at.kappa;
  const [cheapCi, ensembleCi, cascadeCi, lossCi] = bootstrap(
    prepared.length,
    flags.quick ? 200 : 2000,
    flags.seed,
    (indices) => {
      const pick = <T>(values: readonly T[]): T[] => indices.map((i) => values[i] as T);
      const people = pick(human);
      const ofEnsemble = kappaOf(people, pick(prepared.map(({ ensemble }) => ensemble)), scale);
      const ofCascade = kappaOf(people, pick(chosen.verdicts), scale);
      return [
        kappaOf(people, pick(prepared.map(({ item }) => item.cheap)), scale),
        ofEnsemble,
        ofCascade,
        ofEnsemble === null || ofCascade === null ? null : ofEnsemble - ofCascade,
      ];
    },
  );
  const frontier = [...runs].map(([budget, of]) => ({ budget, ...summary(...of) }));
  const reached = frontier.find(
    ({ kappa: k }) => k !== null && ensembleKappa !== null && k >= ensembleKappa - GOAL_LOSS,
  );
  const met = loss !== null && loss <= GOAL_LOSS && at.cost_ratio <= GOAL_COST + 1e-9;
  const why = met ? null : reason(prepared, set, reached?.cost_ratio ?? null, at.agreement_with_ensemble);
  const cheapKappa = kappa(prepared.map(({ item }) => item.cheap));
  const rulePoints = rules.map(({ name, run }) => ({ rule: name, asking: 'together', ...summary(run) }));
  const figures = {
    cheap_kappa: cheapKappa,
    ensemble_kappa: ensembleKappa,
    cascade_kappa: at.kappa,
    cost_ratio: at.cost_ratio,
    escalation_rate: at.escalation_rate,
    best_single_kappa: best?.kappa ?? null,
    best_single: best?.judge ?? null,
    intervals: { cheap: cheapCi, ensemble: ensembleCi, cascade: cascadeCi, loss: lossCi },
    loss,
    goal_met: met,
    ...(why === null ? {} : { why }),
    items: prepared.length,
    unjudged: set.items.length - prepared.length,
    cost_per_1000: { cheap: 1000 * set.cheapPrice, ensemble: 1000 * always, cascade: 1000 * at.cost_ratio * always },
    members_asked_until_decided_cost_ratio: mean(prepared.map(({ untilDecided }) => untilDecided)) / always,
    with_audit: { audit: LEAST_AUDIT, ...audited },
    rules: rulePoints,
    frontier,
  };
  const line = (label: string, k: number | null, ratio: number | null, rate: number | null): string[] => [
    label,
    formatNumber(k),
    formatPercent(ratio),
    formatPercent(rate),
    ratio === null ? '–' : (1000 * ratio * always).toFixed(0),
  ];
  const text = [
    `${set.name}: ${prepared.length} items, ${set.items.length - prepared.length} without a quorum`,
    set.panel,
    formatTable([
      ['', 'kappa with people', 'cost', 'escalated', 'units per 1,000'],
      line(`cheap alone ${interval(cheapCi)}`, cheapKappa, set.cheapPrice / always, 0),
      line(`always-ensemble ${interval(ensembleCi)}`, ensembleKappa, 1, 1),
      line(`best single judge: ${best?.judge ?? '–'}`, best?.kappa ?? null, null, null),
      ...rulePoints.map((p) => line(`route rule: ${p.rule}, asked together`, p.kappa, p.cost_ratio, p.escalation_rate)),
      ...frontier.map((p) => {
        const label = `learned stopping, <= ${formatPercent(p.budget)}`;
        const isChosen = p.budget === GOAL_COST;
        return line(`${label}${isChosen ? ` * ${interval(cascadeCi)}` : ''}`, p.kappa, p.cost_ratio, p.escalation_rate);
      }),
      line(
        `learned stopping, <= ${formatPercent(GOAL_COST)}, ${LEAST_AUDIT * 100} % audit in it`,
        audited.kappa,
        audited.cost_ratio,
        audited.escalation_rate,
      ),
    ]),
    met
      ? `goal met: ${formatNumber(loss)} below always-ensemble ${interval(lossCi)} at ${formatPercent(at.cost_ratio)}`
      : `goal not met: ${formatNumber(loss)} below always-ensemble ${interval(lossCi)}; ${why}`,
    '',
  ].join('\n');
  return { figures, text };
}

interface RunFigures {
  readonly kappa: number | null;
  /** Cost over that of always asking every member. */
  readonly cost_ratio: number;
  /** Items on which a member of the ensemble was asked. */
  readonly escalation_rate: number;
  readonly agreement_with_ensemble: number;
}

/** The product's route as it comes: doubt escalates, the rest is audited by a deterministic share. */
function byRule(prepared: readonly Prepared[], cheapPrice: number, audit: number): Run {
  // Golden-ratio steps spread the audit evenly over the file, so that no draw of luck is in the figure.
  const draws = prepared.map((_, i) => (i * 0.6180339887498949) % 1);
  const escalated = prepared.map(({ item }, i) => (draws[i] ?? 0) < routeProbability(item, audit));
  return {
    escalated,
    verdicts: prepared.map(({ item, ensemble }, i) => (escalated[i] === true ? ensemble : item.cheap)),
    costs: prepared.map(({ together }, i) => cheapPrice + (escalated[i] === true ? together : 0)),
  };
}

/** Each judge of the panel by itself, on the rows that it can be read on. */
function singleKappas(set: CascadeSet): { judge: string; kappa: number | null }[] {
  const names = set.items[0]?.members.map(({ judge }) => judge) ?? [];
  const human = set.items.map((item) => item.human);
  const members = names.map((judge) => ({
    judge,
    kappa: kappaOf(
      human,
      set.items.map((item) => item.members.find((member) => member.judge === judge)?.score ?? null),
      set.scale,
    ),
  }));
  const cheap = set.items.map((item) => item.cheap);
  return [{ judge: 'cheap', kappa: kappaOf(human, cheap, set.scale) }, ...members];
}

/** Why the goal is out of reach, in figures of this set. */
function reason(prepared: readonly Prepared[], set: CascadeSet, reachedAt: number | null, agreement: number): string {
  const sure = prepared.filter(({ item }) => !item.unsure);
  const wrong = sure.filter(({ item, ensemble }) => item.cheap !== ensemble).length;
  const always = mean(prepared.map(({ price }) => price));
  const turn = mean(prepared.map(({ untilDecided }) => untilDecided)) / always;
  const where = reachedAt === null ? 'not reached below always-ensemble' : `reached at ${formatPercent(reachedAt)}`;
  return (
    `${where}. Where the cheap stage is sure (${formatPercent(sure.length / prepared.length)} of the items) the ensemble ` +
    `says otherwise on ${formatPercent(sure.length === 0 ? null : wrong / sure.length)}: its readings share blind spots ` +
    `that no cheap signal marks. The cheap stage takes ${formatPercent(set.cheapPrice / always)} of the ensemble's cost, ` +
    `asking members until decided takes ${formatPercent(turn)} of asking all, and at the goal's cost the learned rule says ` +
    `what the ensemble says on ${formatPercent(agreement)}.`
  );
}

function interval(bounds: readonly [number, number] | null | undefined): string {
  return bounds === null || bounds === undefined ? '' : `[${bounds[0].toFixed(3)}, ${bounds[1].toFixed(3)}]`;
}

runScript(main);
