import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { allAlerts } from '../../../dashboards/build';
import { alertName } from '../../../dashboards/alerts/alert';
import { firstCommand } from '../../../dashboards/rules/runbook-page';
import { METRIC_CATALOGUE, METRIC_PREFIX, type MetricKey, metricName } from '../../../src/outputs/metric-catalogue';
import { eventually } from '../../support/eventually';
import { TOOLS_FOLDER } from '../../support/tools';
import { type PanelQueries, panelQueries } from './board-targets';
import { getJson, queryPrometheus } from './http-api';
import { NOT_IN_DEMO } from './not-in-demo';
import { DEMO, OUTAGE, type Stack, startStack } from './stack';
import { ALONE, INHIBITING } from './synthetic-metrics';

export interface LiveReport {
  readonly panels: number;
  readonly with_data: number;
  readonly empty_listed: Readonly<Record<string, string>>;
  /** Panels without data and without an excuse: a fault. */
  readonly empty_unlisted: readonly string[];
  readonly kinds: number;
  /** Kinds that a receiver heard fire or that the program raised, the same of resolving, and those held back and never heard. */
  readonly fired: readonly string[];
  readonly resolved: readonly string[];
  readonly inhibited: readonly string[];
  /** What the real program raised, as Alertmanager had it; `fired` holds those that were held back too. */
  readonly program: ProgramFigures;
  /** What the message about the fallen score told beyond its labels, as a receiver heard it. */
  readonly story: Readonly<Record<string, string>>;
  /** What the message about the real program's incident told. */
  readonly incident: Readonly<Record<string, string>>;
  /** Kinds heard on a receiver other than their severity's. */
  readonly misrouted: readonly string[];
  /** Firing notifications about one alert through a rolling update, a second WATCH and a time without an owner of the ledger: 1. */
  readonly notifications_through_handover: number;
  /** Metrics of the catalogue that the stories never exported although they should. */
  readonly metrics_missing: readonly string[];
  /** Runbooks whose first command failed as printed. */
  readonly runbook_failures: readonly string[];
  readonly seconds: number;
}

interface ProgramFigures {
  readonly fired: readonly string[];
  readonly resolved: readonly string[];
  readonly inhibited: readonly string[];
  /** What had not ended when the stories were over, by its labels: nothing. */
  readonly lasting: readonly string[];
}

const WATCHDOG = 'watchdog';
/** The stories take 90 s on an idle machine. */
const LONGEST_MS = 420_000;

export async function runLive(): Promise<LiveReport> {
  const startedAt = performance.now();
  const stack = await startStack();
  try {
    const kinds = allAlerts().map(({ kind }) => kind);
    const [boards, alerts, program] = await Promise.all([
      checkPanels(stack),
      driveAlerts(stack, kinds),
      watchProgram(stack),
    ]);
    const metrics_missing = await missingMetrics(stack.prometheus);
    const runbook_failures = await runFirstCommands(stack.prometheus);
    const heard = (status: string, byProgram: readonly string[]): string[] =>
      [...new Set([...kindsHeard(stack, status, isSynthetic), ...byProgram])].sort();
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return {
      ...boards,
      kinds: kinds.length,
      ...alerts,
      fired: heard('firing', program.fired),
      resolved: heard('resolved', program.resolved),
      program,
      incident: toldOfIncident(stack),
      metrics_missing,
      runbook_failures,
      seconds,
    };
  } finally {
    await stack.close();
  }
}

type BoardFigures = Pick<LiveReport, 'panels' | 'with_data' | 'empty_listed' | 'empty_unlisted'>;

async function checkPanels({ prometheus }: Stack): Promise<BoardFigures> {
  const panels = panelQueries(DEMO);
  const full = new Set<string>();
  const look = async (): Promise<PanelQueries[]> => {
    for (const panel of panels.filter(({ name }) => !full.has(name))) {
      if (await hasData(prometheus, panel)) full.add(panel.name);
    }
    return panels.filter(({ name }) => !full.has(name));
  };
  // Rare outcomes take a while on the demo's traffic; what is excused is not waited for.
  await eventually(async () => (await look()).every(({ mayBeEmpty }) => mayBeEmpty !== null), {
    timeoutMs: LONGEST_MS,
    intervalMs: 2_000,
  }).catch(() => undefined);
  const empty = await look();
  return {
    panels: panels.length,
    with_data: full.size,
    empty_listed: Object.fromEntries(
      empty.flatMap(({ name, mayBeEmpty }) => (mayBeEmpty === null ? [] : [[name, mayBeEmpty]])),
    ),
    empty_unlisted: empty.filter(({ mayBeEmpty }) => mayBeEmpty === null).map(({ name }) => name),
  };
}

/** Every query of the panel is taken by Prometheus; one that excuses nothing needs data in all of them. */
async function hasData(prometheus: string, { exprs }: PanelQueries): Promise<boolean> {
  const answers = await Promise.all(exprs.map((expr) => queryPrometheus(prometheus, expr)));
  return answers.every((samples) => samples.some(({ value: [, text] }) => text !== 'NaN'));
}

type Labels = Readonly<Record<string, string>>;

interface HeldAlert {
  readonly labels: Labels;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

const KIND_OF = new Map(allAlerts().map(({ kind }) => [alertName(kind), kind]));

function kindOf({ alertname = '' }: Labels): string {
  return KIND_OF.get(alertname) ?? alertname;
}

function kindsHeard({ webhook }: Stack, status: string, isOurs: (labels: Labels) => boolean): Set<string> {
  const heard = webhook.received.filter((one) => one.status === status && isOurs(one.labels));
  return new Set(heard.map(({ labels }) => kindOf(labels)));
}

function isOfProgram({ monitor }: Labels): boolean {
  return monitor === DEMO || monitor === OUTAGE;
}

/**
 * What the program's own stories raise and end: a release that is rolled back, judges and records that fail for a while, and a
 * monitor that dies and comes back.
 */
async function watchProgram(stack: Stack): Promise<ProgramFigures> {
  const { alertmanager, webhook } = stack;
  const fired = new Set<string>();
  const held = new Set<string>();
  let active: readonly HeldAlert[] = [];
  const look = async (): Promise<void> => {
    active = (await getJson<readonly HeldAlert[]>(`${alertmanager}/api/v2/alerts`)).filter((one) =>
      isOfProgram(one.labels),
    );
    for (const { labels, status } of active) {
      fired.add(kindOf(labels));
      if (status.inhibitedBy.length > 0) held.add(kindOf(labels));
    }
  };
  const lookUntil = (condition: () => boolean): Promise<void> =>
    settled(async () => {
      await look();
      return condition();
    }, LONGEST_MS);
  const isQuiet = (monitor: string): boolean => active.every(({ labels }) => labels['monitor'] !== monitor);
  const inOutage = async (): Promise<void> => {
    await lookUntil(() => FAILING.every((kind) => fired.has(kind)));
    await lookUntil(() => isQuiet(OUTAGE));
    await stack.stopOutage();
    await lookUntil(() => fired.has('instance_down'));
    stack.restartOutage();
    await lookUntil(() => isQuiet(OUTAGE));
  };
  const inDemo = async (): Promise<void> => {
    await lookUntil(() => fired.has('incident') && fired.has('score_regression'));
    await lookUntil(() => isQuiet(DEMO));
  };
  await Promise.all([inOutage(), inDemo()]);
  const still = new Set(active.map(({ labels }) => kindOf(labels)));
  const heard = new Set(
    webhook.received.filter(({ labels }) => isOfProgram(labels)).map(({ labels }) => kindOf(labels)),
  );
  return {
    fired: [...fired].sort(),
    resolved: [...fired].filter((kind) => !still.has(kind)).sort(),
    inhibited: [...held].filter((kind) => !heard.has(kind)).sort(),
    lasting: active.map(({ labels }) => JSON.stringify(labels)).sort(),
  };
}

/** What the monitor of the outage is to raise while its judges and records fail. */
const FAILING = ['judge_unavailable', 'judged_ratio_low', 'dead_letters_rise'];

const TOLD = ['summary', 'change', 'interval', 'users', 'also', 'first_look'];

function toldOfIncident({ webhook }: Stack): LiveReport['incident'] {
  const told = webhook.received.findLast(
    ({ labels, status }) =>
      isOfProgram(labels) &&
      labels['kind'] === 'score_regression' &&
      kindOf(labels) === 'incident' &&
      status === 'firing',
  );
  return Object.fromEntries(TOLD.map((name) => [name, told?.annotations[name] ?? '']));
}

type AlertFigures = Pick<LiveReport, 'inhibited' | 'misrouted' | 'notifications_through_handover' | 'story'>;

async function driveAlerts(stack: Stack, kinds: readonly string[]): Promise<AlertFigures> {
  const { synthetic, webhook, alertmanager, prometheus } = stack;
  const heard = (status: string): Set<string> => kindsHeard(stack, status, isSynthetic);
  const driven = kinds.filter((kind) => !BY_PROGRAM.has(kind));
  await eventually(
    async () => (await queryPrometheus(prometheus, 'up{monitor=~"alone|inhibiting"} == 1')).length === 3,
  );
  // Counters need a past before they can rise.
  await new Promise((later) => setTimeout(later, 3_000));
  synthetic.setPhase('broken');
  await settled(() => driven.every((kind) => heard('firing').has(kind)), 60_000);
  let inhibited: string[] = [];
  await settled(async () => {
    const held = await getJson<readonly HeldAlert[]>(`${alertmanager}/api/v2/alerts`);
    inhibited = held
      .filter(({ status, labels }) => status.inhibitedBy.length > 0 && labels['monitor'] === INHIBITING)
      .filter(({ labels }) => !webhook.received.some((one) => sameAlert(one.labels, labels)))
      .map(({ labels }) => kindOf(labels))
      .sort();
    return inhibited.length >= 2;
  }, 30_000);
  for (const phase of ['overlap', 'moved', 'handover', 'moved'] as const) {
    synthetic.setPhase(phase);
    await new Promise((later) => setTimeout(later, 5_000));
  }
  const notifications = webhook.deliveries.filter(({ alerts }) =>
    alerts.some(({ labels }) => labels['monitor'] === ALONE && labels['alertname'] === alertName('score_regression')),
  ).length;
  synthetic.setPhase('over');
  await settled(() => driven.filter((kind) => kind !== WATCHDOG).every((kind) => heard('resolved').has(kind)), 60_000);
  const told = webhook.received.find(
    ({ labels }) => labels['monitor'] === ALONE && labels['kind'] === 'score_regression',
  )?.annotations;
  return {
    story: Object.fromEntries(['change', 'interval', 'users', 'also'].map((name) => [name, told?.[name] ?? ''])),
    inhibited,
    misrouted: webhook.received
      .filter(({ labels, receiver }) => receiver !== (kindOf(labels) === WATCHDOG ? WATCHDOG : labels['severity']))
      .map(({ labels, receiver }) => `${labels['alertname']} on ${receiver}`),
    notifications_through_handover: notifications,
  };
}

/** Raised by the real program alone. */
const BY_PROGRAM: ReadonlySet<string> = new Set([...FAILING, 'instance_down']);

function isSynthetic(labels: Labels): boolean {
  return !isOfProgram(labels);
}

function sameAlert(a: Labels, b: Labels): boolean {
  return a['monitor'] === b['monitor'] && a['alertname'] === b['alertname'];
}

/** Waits, but leaves the verdict to what was counted. */
async function settled(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  await eventually(condition, { timeoutMs, intervalMs: 200 }).catch(() => undefined);
}

async function missingMetrics(prometheus: string): Promise<string[]> {
  const seen = await queryPrometheus(
    prometheus,
    `group by (__name__) (last_over_time({__name__=~"${METRIC_PREFIX}.+",monitor=~"${DEMO}|${OUTAGE}"}[20m]))`,
  );
  const names = new Set(seen.map(({ metric }) => metric['__name__'] ?? ''));
  return (Object.keys(METRIC_CATALOGUE) as MetricKey[]).filter(
    (key) => !names.has(metricName(key)) && !names.has(`${metricName(key)}_bucket`) && NOT_IN_DEMO[key] === undefined,
  );
}

/** As printed in the runbook, with the tools on the path. */
async function runFirstCommands(prometheus: string): Promise<string[]> {
  const env = { ...process.env, PROMETHEUS_URL: prometheus, PATH: `${TOOLS_FOLDER}/bin:${process.env['PATH'] ?? ''}` };
  const failed: string[] = [];
  for (const { kind, runbook } of allAlerts()) {
    try {
      await promisify(execFile)('sh', ['-c', firstCommand(runbook.query)], { env });
    } catch (error) {
      failed.push(`${kind}: ${String(error).slice(0, 200)}`);
    }
  }
  return failed;
}
