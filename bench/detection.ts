/**
 * The product's own detectors on seeded streams without and with a change, beside the oracle and the usual detectors.
 * All streams are simulated. Usage: npm run -s bench:detection -- [--json] [--quick] [--seed N] [--only PART,...]
 * Goals of delays come from PLUMBLINE_VECTORS (default ../shared/stats-vectors). Takes about ten minutes of one processor;
 * `--quick` under a minute, with correspondingly large standard errors.
 * Parts: transfer, stress, learned, fleet, weekend, collapse, delay, defaults, five, coverage, cost.
 */
import { formatNumber, formatTable } from '../src/cli/format';
import { wilsonInterval } from '../src/stats/binomial-intervals';
import { updateCosts } from './detection/cost';
import { collapses } from './detection/collapse';
import { coverage } from './detection/coverage';
import { defaultDelays, fivePoints } from './detection/defaults';
import { type DelayRuns, delays, DROPS, fastest } from './detection/delay';
import { falsePages, type FleetPlan } from './detection/fleet';
import { delayGoals, type Goal, goalOf, goalTable, goalWith } from './detection/goals';
import { learnedRate } from './detection/learned-rate';
import { stress } from './detection/stress';
import type { Family } from './detection/streams';
import { transfer } from './detection/transfer';
import { weekend } from './detection/weekend';
import { finish, flagValue, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();
const { seed, quick } = flags;
const FAMILY_NAMES: readonly Family[] = ['bernoulli', 'rubric5', 'beta10'];

/** A part of the bench: its figures, and how they read. */
interface Part {
  readonly figures: object;
  readonly text: string;
  readonly goals?: readonly Goal[];
}

const PARTS: Readonly<Record<string, () => Part>> = {
  cost: () => {
    const figures = updateCosts();
    const goal = (name: string, value: number, atMost: number): Goal =>
      goalWith(`ns per update, ${name}`, value, null, { atMost });
    const goals = [
      goal('known baseline', figures.known, 50),
      goal('learned baseline', figures.learned, 5000),
      goal('confidence sequence', figures.sequence, 10_000),
    ];
    return { figures, text: `nanoseconds per update: ${JSON.stringify(figures)}\n`, goals };
  },
  transfer: () => {
    const figures = transfer(quick ? 150 : 5000, quick ? 20 : 200, seed);
    const rows = Object.entries(figures).map(([name, f]) => [
      name,
      ...[f.arl, f.se, f.page_hinkley_025, f.window_200, f.adwin].map((value) => formatNumber(value, 0)),
    ]);
    const head = ['stream without change', 'items between alarms', 'se', 'Page-Hinkley', 'window 200', 'ADWIN'];
    const goals = Object.entries(figures).map(([name, { arl, se, nominal }]) =>
      goalOf(`items between alarms, ${name}`, { value: arl, se }, { atLeast: nominal }),
    );
    return { figures, text: formatTable([head, ...rows]), goals };
  },
  stress: () => {
    const figures = stress(quick ? 100 : 2000, seed);
    const rows = Object.entries(figures).map(([name, f]) => [name, formatNumber(f.mean, 0), formatNumber(f.se, 0)]);
    const goals = Object.entries(figures).map(([name, { mean, se, nominal }]) =>
      goalOf(name, { value: mean, se }, { atLeast: nominal }),
    );
    return { figures, text: formatTable([['stream without change', 'between alarms', 'se'], ...rows]), goals };
  },
  learned: () => {
    const rate = (kind: 'growing' | 'fixed', family: Family, size: number): ReturnType<typeof learnedRate> =>
      learnedRate(kind, family, size, quick ? 20 : 300, quick ? 10_000 : 40_000, seed);
    const figures: Record<string, object | number | null> = {};
    const goals: Goal[] = [];
    for (const size of [2000, 10_000]) {
      const found = rate('growing', 'bernoulli', size);
      figures[`rate_times_A_${size}`] = found.mean;
      figures[`se_${size}`] = found.se;
      figures[`fixed_${size}`] = quick ? null : rate('fixed', 'bernoulli', size);
      goals.push(goalOf(`false alarms x A, pass/fail, n = ${size}`, { ...found, value: found.mean }, { atMost: 1 }));
      const rubric = quick ? null : rate('growing', 'rubric5', size);
      figures[`rubric_${size}`] = rubric;
      if (rubric === null) continue;
      goals.push(goalOf(`false alarms x A, rubric, n = ${size}`, { ...rubric, value: rubric.mean }, { atMost: 1 }));
    }
    return { figures, text: `learned baseline, false alarms x A: ${JSON.stringify(figures)}\n`, goals };
  },
  fleet: () => {
    const plan: FleetPlan = {
      segments: 500,
      days: 30,
      perDay: 40,
      fleets: quick ? 8 : 200,
      budgetDays: 30,
      tolerance: 0,
    };
    const known = falsePages(plan, 'known', seed);
    const learned = quick ? null : falsePages({ ...plan, fleets: 60 }, 'learned', seed + 1);
    const figures = {
      segments: plan.segments,
      days: plan.days,
      fleets: plan.fleets,
      sessions_per_day: plan.perDay,
      mean_false_pages: known.mean,
      se: known.se,
      nominal: plan.days / plan.budgetDays,
      learned: learned === null ? null : { fleets: learned.runs, mean_false_pages: learned.mean, se: learned.se },
      ...(learned === null ? { why: 'learned baselines are left out by --quick' } : {}),
    };
    const wanted = { atMost: figures.nominal };
    const goals = [
      goalOf('false pages of a fleet, known', { ...known, value: known.mean }, wanted),
      ...(learned === null ? [] : [goalOf('the same, learned', { ...learned, value: learned.mean }, wanted)]),
    ];
    return { figures, text: `fleet, tolerance 0 (the hardest case): ${JSON.stringify(figures)}\n`, goals };
  },
  weekend: () => {
    const figures = weekend(quick ? 2 : 20, seed);
    const goals = [
      goalOf('false pages, weekends lower', { ...figures, value: figures.mean }, { atMost: figures.nominal }),
      goalOf(
        'false tickets, weekends lower',
        { value: figures.tickets_mean, se: figures.tickets_se },
        { atMost: figures.tickets_nominal },
      ),
    ];
    return { figures, text: `weekends 10 points lower, 200 series, 30 days: ${JSON.stringify(figures)}\n`, goals };
  },
  collapse: () => {
    const figures = collapses(quick ? 10 : 100, seed);
    const rows = Object.entries(figures).map(([name, f]) => [
      name,
      formatNumber(f.minutes, 2),
      formatNumber(f.minutes_max, 2),
    ]);
    const head = ['collapse / share of answers', 'minutes to alert', 'at most'];
    const goals = Object.entries(figures).map(([name, f]) =>
      goalWith(`minutes to the alert, worst, ${name}`, f.minutes_max, null, { atMost: 5 }),
    );
    return { figures, text: `1,000 an hour, checks alone, as shipped\n${formatTable([head, ...rows])}`, goals };
  },
  delay: delayPart,
  defaults: () => {
    const figures = defaultDelays(quick ? 5 : 150, seed);
    const rows = Object.entries(figures).map(([name, f]) => [
      name,
      ...[
        f.days_to_baseline,
        f.days_to_page_10,
        f.days_to_ticket_10,
        f.days_to_page_05,
        f.days_to_ticket_05,
        f.days_to_page_10_cascade,
        f.days_to_ticket_10_cascade,
      ].map((value) => formatNumber(value, 1)),
    ]);
    const drops = ['page -10', 'ticket -10', 'page -5', 'ticket -5', 'page -10 cascade', 'ticket -10 cascade'];
    const head = ['segments x criteria / sessions a day', 'baseline', ...drops];
    return { figures, text: `median days, as shipped\n${formatTable([head, ...rows])}` };
  },
  five: () => {
    const figures = fivePoints(quick ? 5 : 150, seed);
    const rows = Object.entries(figures).map(([name, days]) => [
      name,
      ...Object.values(days).map((value) => formatNumber(value, 1)),
    ]);
    const head = ['median days to the page, -5 points', '100 judged sessions a day', '500'];
    return { figures, text: formatTable([head, ...rows]) };
  },
  coverage: () => {
    const figures = coverage(quick ? 60 : 2000, quick ? 1000 : 2000, seed);
    const { streams, wrong_ever: wrong, naive_wrong_ever: naive } = figures;
    const goals = [
      goalWith('streams whose sequence was ever wrong', wrong, wilsonInterval(wrong * streams, streams), {
        atMost: 0.05,
      }),
      goalWith('the same of the naive mean', naive, wilsonInterval(naive * streams, streams), { atLeast: 0.05 }),
      goalWith('width against the oracle', figures.width_ratio, null, { atMost: 1.3 }),
    ];
    return { figures, text: `estimates under selective escalation: ${JSON.stringify(figures)}\n`, goals };
  },
};

function delayPart(): Part {
  const runs: DelayRuns = quick
    ? { known: 300, learned: 20, learnedLong: 6, comparators: 40 }
    : { known: 5000, learned: 2000, learnedLong: 1000, comparators: 800 };
  const figures: Record<string, Record<string, object>> = {};
  const texts: string[] = [];
  const goals: Goal[] = [];
  for (const family of FAMILY_NAMES) {
    const found = delays(family, runs, seed);
    figures[family] = Object.fromEntries(
      DROPS.map((drop) => [
        drop,
        {
          known: found['known']?.[drop].mean ?? null,
          known_se: found['known']?.[drop].se ?? null,
          learned_2000: found['learned_2000']?.[drop].mean ?? null,
          learned_2000_se: found['learned_2000']?.[drop].se ?? null,
          learned_2000_fixed: found['learned_2000_fixed']?.[drop].mean ?? null,
          learned_10000: found['learned_10000']?.[drop].mean ?? null,
          learned_10000_se: found['learned_10000']?.[drop].se ?? null,
          oracle_cusum: fastest(found, 'cusum', drop),
          window: fastest(found, 'window', drop),
          page_hinkley: fastest(found, 'page_hinkley', drop),
          adwin: found['adwin']?.[drop].mean ?? null,
        },
      ]),
    );
    for (const [name, most] of Object.entries(delayGoals(family))) {
      for (const drop of DROPS) {
        const { mean: value = null, se = null } = found[name]?.[drop] ?? {};
        goals.push(goalOf(`items to the alarm, ${family}, ${name}, -${drop}`, { value, se }, { atMost: most[drop]! }));
      }
    }
    const rows = Object.entries(found).map(([name, delay]) => [
      name,
      ...DROPS.flatMap((drop) => [formatNumber(delay[drop].mean, 1), formatNumber(delay[drop].se, 1)]),
    ]);
    texts.push(
      `${family}, items until the alarm\n${formatTable([['detector', '-5 points', 'se', '-10 points', 'se'], ...rows])}`,
    );
  }
  return { figures, text: texts.join('\n'), goals };
}

async function main(): Promise<void> {
  const only = flagValue('--only')?.split(',') ?? Object.keys(PARTS);
  const unknown = only.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) throw new Error(`--only knows no part ${unknown.join(', ')}; see --help`);
  const figures: Record<string, unknown> = {};
  const seconds: Record<string, number> = {};
  const goals: Goal[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (!only.includes(name)) {
      figures[name] = { why: 'left out by --only' };
      continue;
    }
    const before = process.cpuUsage();
    const found = part();
    figures[name] = found.figures;
    goals.push(...(found.goals ?? []));
    process.stdout.write(`${found.text}\n`);
    const { user, system } = process.cpuUsage(before);
    seconds[name] = Math.round((user + system) / 1e5) / 10;
  }
  figures['cost_ns'] = figures['cost'];
  delete figures['cost'];
  const readable = `${goalTable(goals)}\nprocessor seconds: ${JSON.stringify(seconds)}`;
  finish(flags, readable, { ...figures, goals, seed, quick, cpu_seconds: seconds });
}

runScript(main);
