import type { MonitorConfig } from '../../config/config';
import { partsShown } from '../../judge/needs';
import { allowedFields } from '../../privacy/allow-list';

/** What of production leaves for one place. */
export interface Flow {
  /** Host and port, or a path on this machine. */
  readonly to: string;
  /** As configured; null where nothing is said. */
  readonly region: string | null;
  readonly what: string;
  readonly fields: readonly string[];
}

/**
 * Every place that a configuration lets a field of production reach, redacted as `privacy` says; user ids only as salted
 * hashes. Places that the configuration does not name are not reached: there are no others.
 */
export function dataFlow(config: MonitorConfig): readonly Flow[] {
  return [...config.judges.map((judge) => judgeFlow(config, judge)), ...kafkaFlows(config), ...otherFlows(config)];
}

/** The answer is what is judged; request and conversation are shown with it unless a rule keeps them back. */
const ALWAYS = ['answer'];
const USUALLY = ['request', 'messages'];

function judgeFlow({ criteria, privacy }: MonitorConfig, judge: MonitorConfig['judges'][number]): Flow {
  const wanted: ReadonlySet<string> = new Set([...USUALLY, ...partsShown(criteria)]);
  const allowed: ReadonlySet<string> | null = allowedFields(privacy.allow, judge);
  const fields = [...wanted].filter((field) => allowed === null || allowed.has(field));
  return {
    to: new URL(judge.baseUrl).host,
    region: judge.region ?? null,
    what: `judge ${judge.name} (${judge.model})`,
    fields: [...ALWAYS, ...fields],
  };
}

function kafkaFlows({ source, instance, privacy }: MonitorConfig): Flow[] {
  const { kafka } = source;
  if (kafka === undefined) return [];
  const to = kafka.brokers.join(', ');
  const region = instance.region ?? null;
  const kept = privacy.retain === 'none' && privacy.retainIn.length === 0;
  const text = kept ? [] : [`text (retain: ${privacy.retain})`, ...exceptions(privacy.retainIn)];
  const topic = (name: string, fields: readonly string[]): Flow => ({
    to,
    region,
    what: `topic ${instance.topicPrefix}.${name}`,
    fields,
  });
  return [
    topic('verdicts', ['ids', 'scores', 'rationales', ...text]),
    topic('ledger', ['ids', 'scores', 'lengths', 'sketches', 'comments of labels']),
    topic('dead-letters', ['coordinates', 'reason', 'hash']),
  ];
}

function exceptions(retainIn: MonitorConfig['privacy']['retainIn']): string[] {
  return retainIn.map(({ where, retain }) => {
    const slice = Object.entries(where).map(([name, value]) => `${name}=${value}`);
    return `${retain} in ${slice.join(' ')}`;
  });
}

function otherFlows({ store, telemetry, source, instance }: MonitorConfig): Flow[] {
  const here = instance.region ?? null;
  const flows: Flow[] = [
    {
      to: store.path,
      region: here,
      what: 'evidence store of the console',
      fields: ['what the topics hold', ...(store.searchText ? ['index of words'] : [])],
    },
  ];
  const exported = [
    [telemetry.otlpEndpoint, 'traces', ['ids', 'models', 'durations']],
    [telemetry.otlpLogsEndpoint, 'evaluation events', ['ids', 'scores']],
    [telemetry.otlpMetricsEndpoint, 'metrics', ['counts', 'names of segments, models and judges']],
  ] as const;
  for (const [endpoint, what, fields] of exported) {
    if (endpoint !== undefined) flows.push({ to: new URL(endpoint).host, region: null, what, fields });
  }
  if (source.registry !== undefined) {
    flows.push({
      to: new URL(source.registry.url).host,
      region: null,
      what: 'schema registry',
      fields: ['schema ids'],
    });
  }
  return flows;
}
