import { createServer } from 'node:http';
import { ENGINE_ALERTS } from '../../../dashboards/alerts/engine-alerts';

/**
 * What the synthetic monitors go through. `overlap`: a rolling update, the new pod tells what the old one tells. `moved`: only the
 * new pod is there, as with a second WATCH that took over. `handover`: the ledger has no owner, nobody tells the alerts.
 */
export type Phase = 'before' | 'broken' | 'overlap' | 'moved' | 'handover' | 'over';

export interface SyntheticMonitors {
  setPhase(phase: Phase): void;
  close(): Promise<void>;
}

/** Every kind that the engine decides fires here, but nothing that would inhibit it. Its second pod is `TWIN`. */
export const ALONE = 'alone';
export const TWIN = 'alone-1';
/** Here an incident and a stalled consumer speak for others. */
export const INHIBITING = 'inhibiting';

const LATER_MS = 9_000;

/** Serves `/alone`, `/alone-1` and `/inhibiting`: pages of metrics of monitors that do not exist, by phase. */
export async function startSyntheticMonitors(port: number): Promise<SyntheticMonitors> {
  let phase: Phase = 'before';
  let since = Date.now();
  const judged = countJudged(() => phase);
  const server = createServer((request, response) => {
    const pod = (request.url ?? '').slice(1);
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(`${page(pod, phase, Date.now() - since, judged.lines()).join('\n')}\n`);
  });
  await new Promise<void>((started) => server.listen(port, '127.0.0.1', started));
  return {
    setPhase: (next) => {
      if (isBroken(next) !== isBroken(phase)) since = Date.now();
      phase = next;
    },
    close: async () => {
      judged.stop();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function page(pod: string, phase: Phase, lastedMs: number, judged: readonly string[]): string[] {
  const broken = isBroken(phase);
  const build = 'plumbline_build_info{version="synthetic"} 1';
  if (pod !== INHIBITING) return tells(pod, phase) ? [build, ...judged, ...everyKind(broken)] : [build];
  return [
    build,
    active('score_regression', 'page', broken),
    // Later than the stall that explains it, as in life: it takes hours to be sure that traffic is gone.
    ...(lastedMs > LATER_MS ? [active('traffic_absent', 'info', broken)] : []),
    ...(broken ? ['plumbline_incident_active{kind="score_regression",scope="product=a",severity="page"} 1'] : []),
    `plumbline_evidence_store_stalled ${broken ? 1 : 0}`,
    `plumbline_consumer_lag{topic="t",partition="0"} ${broken ? 500 : 0}`,
    `plumbline_last_progress_timestamp_seconds ${broken ? 1 : Math.round(Date.now() / 1000)}`,
  ];
}

/** Whether this pod owns the ledger, or still thinks so. */
function tells(pod: string, phase: Phase): boolean {
  if (phase === 'handover') return false;
  if (phase === 'overlap') return true;
  return (pod === TWIN) === (phase === 'moved' || phase === 'over');
}

function everyKind(broken: boolean): string[] {
  const kinds = ENGINE_ALERTS.filter(({ kind }) => kind !== 'incident');
  return [...kinds.map(({ kind, severity }) => active(kind, severity, broken)), ...(broken ? STORY : [])];
}

function active(kind: string, severity: string, broken: boolean): string {
  return `plumbline_alert_active{kind="${kind}",segment="product=a",criterion="correct",severity="${severity}",owner="team-a",state="firing"} ${broken ? 1 : 0}`;
}

const TICK_MS = 500;

/**
 * A criterion with an objective, records with one, and a judge. While things are broken all that is judged fails, all records are late and what the judge says
 * cannot be read; when
 * they are over good ones come in millions, so that the windows are clean again soon.
 */
function countJudged(phase: () => Phase): { lines(): readonly string[]; stop(): void } {
  const counts = { pass: 0, fail: 0 };
  const ticking = setInterval(() => {
    if (isBroken(phase())) counts.fail += 200_000;
    else counts.pass += phase() === 'over' ? 20_000_000 : 100;
  }, TICK_MS);
  return {
    lines: () => [
      'plumbline_quality_objective{criterion="correct"} 0.97',
      ...Object.entries(counts).map(
        ([result, count]) =>
          `plumbline_criterion_results_total{criterion="correct",segment="all",result="${result}"} ${count}`,
      ),
      `plumbline_judge_requests_total{family="f",judge="garbled",outcome="scored"} ${counts.pass}`,
      `plumbline_judge_requests_total{family="f",judge="garbled",outcome="unreadable"} ${counts.fail}`,
      `plumbline_processing_delay_seconds_bucket{le="60"} ${counts.pass}`,
      `plumbline_processing_delay_seconds_bucket{le="+Inf"} ${counts.pass + counts.fail}`,
    ],
    stop: () => clearInterval(ticking),
  };
}

/** What a message about the fallen score is to tell. */
const STORY = [
  'plumbline_alert_info{kind="score_regression",segment="product=a",criterion="correct",began="2026-11-02T10:00Z",before="0.912",after="0.801"} 1',
  'plumbline_quality_lower{segment="product=a",criterion="correct"} 0.78',
  'plumbline_quality_upper{segment="product=a",criterion="correct"} 0.82',
  'plumbline_recovery_ratio{segment="product=a"} 0.61',
];

function isBroken(phase: Phase): boolean {
  return phase !== 'before' && phase !== 'over';
}
