import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { allAlerts } from '../../../dashboards/build';
import { alertName } from '../../../dashboards/alerts/alert';
import { firstCommand } from '../../../dashboards/rules/runbook-page';
import { eventually } from '../../support/eventually';
import { TOOLS_FOLDER } from '../../support/tools';
import { type PanelQueries, panelQueries } from './board-targets';
import { getJson, queryPrometheus } from './http-api';
import { type Stack, startStack } from './stack';
import { ALONE, DEAD, INHIBITING } from './synthetic-metrics';

export interface LiveReport {
  readonly panels: number;
  readonly with_data: number;
  readonly empty_listed: Readonly<Record<string, string>>;
  /** Panels without data and without an excuse: a fault. */
  readonly empty_unlisted: readonly string[];
  readonly kinds: number;
  /** Kinds that a receiver heard fire, heard resolve, and those held back by another alert and never heard. */
  readonly fired: readonly string[];
  readonly resolved: readonly string[];
  readonly inhibited: readonly string[];
  /** Kinds that the demo itself raised, and that a receiver heard under its name. */
  readonly fired_by_demo: readonly string[];
  /** What the message about the fallen score told beyond its labels, as a receiver heard it. */
  readonly story: Readonly<Record<string, string>>;
  /** Kinds heard on a receiver other than their severity's. */
  readonly misrouted: readonly string[];
  /** Firing notifications about one alert through a restart of the ledger's owner: 1. */
  readonly notifications_through_handover: number;
  /** Runbooks whose first command failed as printed. */
  readonly runbook_failures: readonly string[];
  readonly seconds: number;
}

const WATCHDOG = 'watchdog';

export async function runLive(): Promise<LiveReport> {
  const startedAt = performance.now();
  const stack = await startStack();
  try {
    const kinds = allAlerts().map(({ kind }) => kind);
    const [boards, alerts] = await Promise.all([checkPanels(stack), driveAlerts(stack, kinds)]);
    const runbook_failures = await runFirstCommands(stack.prometheus);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return { ...boards, kinds: kinds.length, ...alerts, runbook_failures, seconds };
  } finally {
    await stack.close();
  }
}

type BoardFigures = Pick<LiveReport, 'panels' | 'with_data' | 'empty_listed' | 'empty_unlisted'>;

async function checkPanels({ prometheus }: Stack): Promise<BoardFigures> {
  const panels = panelQueries('demo');
  const full = new Set<string>();
  const look = async (): Promise<PanelQueries[]> => {
    for (const panel of panels.filter(({ name }) => !full.has(name))) {
      if (await hasData(prometheus, panel)) full.add(panel.name);
    }
    return panels.filter(({ name }) => !full.has(name));
  };
  // Rare outcomes take a while on the demo's traffic; what is excused is not waited for.
  await eventually(async () => (await look()).every(({ mayBeEmpty }) => mayBeEmpty !== null), {
    timeoutMs: 60_000,
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

type AlertFigures = Pick<
  LiveReport,
  'fired' | 'resolved' | 'inhibited' | 'misrouted' | 'notifications_through_handover' | 'story' | 'fired_by_demo'
>;

interface HeldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

async function driveAlerts(
  { synthetic, webhook, alertmanager, prometheus }: Stack,
  kinds: readonly string[],
): Promise<AlertFigures> {
  const kindOf = new Map(kinds.map((kind) => [alertName(kind), kind]));
  const names = (status: string): string[] => {
    const heard = webhook.received.filter((one) => one.status === status && ofOurs(one.labels));
    return [...new Set(heard.map(({ labels }) => kindOf.get(labels['alertname'] ?? '') ?? '?'))].sort();
  };
  await eventually(
    async () => (await queryPrometheus(prometheus, 'up{monitor=~"alone|inhibiting|dead"} == 1')).length === 3,
  );
  // Counters need a past before they can rise.
  await new Promise((later) => setTimeout(later, 3_000));
  synthetic.setPhase('broken');
  await settled(() => kinds.every((kind) => names('firing').includes(kind)), 40_000);
  let inhibited: string[] = [];
  await settled(async () => {
    const held = await getJson<readonly HeldAlert[]>(`${alertmanager}/api/v2/alerts`);
    inhibited = held
      .filter(({ status, labels }) => status.inhibitedBy.length > 0 && labels['monitor'] === INHIBITING)
      .filter(({ labels }) => !webhook.received.some((one) => sameAlert(one.labels, labels)))
      .map(({ labels }) => kindOf.get(labels['alertname'] ?? '') ?? '?')
      .sort();
    return inhibited.length >= 2;
  }, 20_000);
  synthetic.setPhase('handover');
  await new Promise((later) => setTimeout(later, 8_000));
  synthetic.setPhase('broken');
  await new Promise((later) => setTimeout(later, 4_000));
  const notifications = webhook.deliveries.filter(({ alerts }) =>
    alerts.some(({ labels }) => labels['monitor'] === ALONE && labels['alertname'] === alertName('score_regression')),
  ).length;
  synthetic.setPhase('over');
  await settled(
    () => kinds.filter((kind) => kind !== WATCHDOG).every((kind) => names('resolved').includes(kind)),
    60_000,
  );
  const told = webhook.received.find(
    ({ labels }) => labels['monitor'] === ALONE && labels['kind'] === 'score_regression',
  )?.annotations;
  const byDemo = webhook.received.filter(({ labels }) => labels['monitor'] === 'demo' && labels['kind'] !== undefined);
  return {
    story: Object.fromEntries(['change', 'interval', 'users', 'also'].map((name) => [name, told?.[name] ?? ''])),
    fired_by_demo: [...new Set(byDemo.map(({ labels }) => labels['kind'] ?? ''))].sort(),
    fired: names('firing'),
    resolved: names('resolved'),
    inhibited,
    misrouted: webhook.received
      .filter(
        ({ labels, receiver }) =>
          ofOurs(labels) && receiver !== (labels['kind'] === WATCHDOG ? WATCHDOG : labels['severity']),
      )
      .map(({ labels, receiver }) => `${labels['alertname']} on ${receiver}`),
    notifications_through_handover: notifications,
  };
}

function ofOurs({ monitor, alertname }: Readonly<Record<string, string>>): boolean {
  return [ALONE, INHIBITING, DEAD].includes(monitor ?? '') || alertname === alertName(WATCHDOG);
}

function sameAlert(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return a['monitor'] === b['monitor'] && a['alertname'] === b['alertname'];
}

/** Waits, but leaves the verdict to what was counted. */
async function settled(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  await eventually(condition, { timeoutMs, intervalMs: 200 }).catch(() => undefined);
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
