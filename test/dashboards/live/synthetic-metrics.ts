import { createServer } from 'node:http';
import { ENGINE_ALERTS } from '../../../dashboards/alerts/engine-alerts';

/**
 * What the synthetic monitors go through. `handover`: the owner of the ledger restarts, nobody tells the alerts. `over`: good
 * things come in millions, so that the windows are clean again soon.
 */
export type Phase = 'before' | 'broken' | 'handover' | 'over';

export interface SyntheticMonitors {
  setPhase(phase: Phase): void;
  close(): Promise<void>;
}

/** Everything that can be driven goes wrong here, but nothing that would inhibit it. */
export const ALONE = 'alone';
/** Here an incident and a stalled consumer speak for others. */
export const INHIBITING = 'inhibiting';
/** This one does not answer while things are broken. */
export const DEAD = 'dead';

const LATER_MS = 9_000;

/** Serves `/alone`, `/inhibiting` and `/dead`: pages of metrics of monitors that do not exist, by phase. */
export async function startSyntheticMonitors(port: number): Promise<SyntheticMonitors> {
  let phase: Phase = 'before';
  let since = Date.now();
  const counters = createCounters(() => phase);
  const ticking = setInterval(counters.tick, 500);
  const server = createServer((request, response) => {
    const monitor = (request.url ?? '').slice(1);
    if (monitor === DEAD && isBroken(phase)) return void response.writeHead(503).end();
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(page(monitor, phase, Date.now() - since, counters.lines(monitor)));
  });
  await new Promise<void>((started) => server.listen(port, '127.0.0.1', started));
  return {
    setPhase: (next) => {
      if (isBroken(next) !== isBroken(phase)) since = Date.now();
      phase = next;
    },
    close: async () => {
      clearInterval(ticking);
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function page(monitor: string, phase: Phase, lastedMs: number, counters: readonly string[]): string {
  const lines = ['plumbline_build_info{version="synthetic"} 1'];
  const broken = isBroken(phase);
  const active = (kind: string, severity: string): string =>
    `plumbline_alert_active{kind="${kind}",segment="product=a",criterion="correct",severity="${severity}",owner="team-a",state="firing"} ${broken ? 1 : 0}`;
  if (monitor !== DEAD) lines.push(...counters);
  if (monitor === ALONE) {
    if (phase !== 'handover')
      lines.push(
        ...ENGINE_ALERTS.filter(({ kind }) => kind !== 'incident').map(({ kind, severity }) => active(kind, severity)),
      );
  }
  if (monitor === ALONE && broken) lines.push(...STORY);
  if (monitor === INHIBITING) {
    lines.push(active('score_regression', 'page'));
    // Later than the stall that explains it, as in life: it takes hours to be sure that traffic is gone.
    if (lastedMs > LATER_MS) lines.push(active('traffic_absent', 'info'));
    if (broken) lines.push('plumbline_incident_active{kind="score_regression",scope="product=a",severity="page"} 1');
    lines.push(`plumbline_consumer_lag{topic="t",partition="0"} ${broken ? 500 : 0}`);
    lines.push(`plumbline_last_progress_timestamp_seconds ${broken ? 1 : Math.round(Date.now() / 1000)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What a message about the fallen score is to tell. */
const STORY = [
  'plumbline_alert_info{kind="score_regression",segment="product=a",criterion="correct",began="2026-11-02T10:00Z",before="0.912",after="0.801"} 1',
  'plumbline_quality_lower{segment="product=a",criterion="correct"} 0.78',
  'plumbline_quality_upper{segment="product=a",criterion="correct"} 0.82',
  'plumbline_recovery_ratio{segment="product=a"} 0.61',
];

function isBroken(phase: Phase): boolean {
  return phase === 'broken' || phase === 'handover';
}

function createCounters(phase: () => Phase): { tick: () => void; lines: (monitor: string) => string[] } {
  const result = 'plumbline_criterion_results_total{criterion="correct",segment="all",result=';
  const calls = 'plumbline_judge_requests_total{family="f",judge=';
  const values: Record<string, { value: number; over: number; broken: number }> = {
    'plumbline_records_total{outcome="judged"}': { value: 0, over: 20_000_000, broken: 100 },
    'plumbline_records_total{outcome="dead_lettered"}': { value: 0, over: 0, broken: 20 },
    [`${result}"pass"}`]: { value: 0, over: 20_000_000, broken: 10 },
    [`${result}"unjudged"}`]: { value: 0, over: 0, broken: 200_000 },
    [`${calls}"gone",outcome="scored"}`]: { value: 0, over: 20_000_000, broken: 0 },
    [`${calls}"gone",outcome="timeout"}`]: { value: 0, over: 0, broken: 100_000 },
    [`${calls}"garbled",outcome="scored"}`]: { value: 0, over: 20_000_000, broken: 10 },
    [`${calls}"garbled",outcome="unreadable"}`]: { value: 0, over: 0, broken: 100_000 },
  };
  return {
    tick: () => {
      for (const counter of Object.values(values)) counter.value += amount(counter, phase());
    },
    lines: (monitor) =>
      Object.entries(values)
        // A judge that is out would hold back what it leaves unjudged, so they are seen at different monitors.
        .filter(([series]) => series.startsWith(calls) === (monitor === INHIBITING))
        .map(([series, { value }]) => `${series} ${value}`),
  };
}

function amount({ over, broken }: { readonly over: number; readonly broken: number }, phase: Phase): number {
  if (isBroken(phase)) return broken;
  return phase === 'over' ? over : Math.min(over, 100);
}
