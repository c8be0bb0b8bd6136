import { request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { MonitorError } from '../../domain/error';
import { systemClock } from '../../platform/clock';

export interface DrillRequest {
  /** Address of Alertmanager, e.g. `http://localhost:9093`. */
  readonly alertmanager: string;
  readonly kind: string;
  readonly severity: string;
  readonly segment: string;
  readonly monitor: string;
  readonly owner: string;
  /** After this the alert resolves by itself. */
  readonly minutes: number;
}

/** `score_regression` to `PlumblineScoreRegression`, as in the rules. */
export function alertNameOf(kind: string): string {
  const words = kind.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Plumbline${words.join('')}`;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends a marked alert to Alertmanager, with the labels that the real one would have, so that it goes the real way to people. The label
 * `drill` keeps it apart. Rejects with USAGE when Alertmanager does not take it.
 */
export async function sendDrill(drill: DrillRequest): Promise<string> {
  const { kind, severity, segment, monitor, owner, minutes } = drill;
  const now = systemClock.now();
  const alertname = alertNameOf(kind);
  const alert = {
    labels: {
      ...{ alertname, kind, severity, segment, monitor, drill: 'true' },
      ...(owner === '' ? {} : { owner, team: owner }),
    },
    annotations: {
      summary: `Drill of ${kind} in ${segment}`,
      description: `Sent by \`plumbline drill\`; nothing is wrong. It resolves by itself within ${minutes} minutes.`,
    },
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + minutes * 60_000).toISOString(),
  };
  await post(new URL('/api/v2/alerts', drill.alertmanager), JSON.stringify([alert]));
  return alertname;
}

function post(url: URL, body: string): Promise<void> {
  const refused = (why: string, cause?: unknown): MonitorError =>
    new MonitorError('USAGE', `Alertmanager at ${url.origin} did not take the drill: ${why}`, { cause });
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? requestSecurely : request;
    const asked = open(
      url,
      { method: 'POST', timeout: TIMEOUT_MS, headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve();
        else reject(refused(`status ${status}`));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', (error) => reject(refused(error.message, error)));
    asked.end(body);
  });
}
