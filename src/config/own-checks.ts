import type { MonitorConfig } from './config';
import type { CrossFault, KeyPath } from './fault';

/** Rules that no single room can see; those of one room come as `crossChecks`. */
export function ownFaults(config: MonitorConfig): CrossFault[] {
  return [...segmentFaults(config), ...topicFaults(config), ...urlFaults(config), ...serverFaults(config)];
}

function segmentFaults({ segments }: MonitorConfig): CrossFault[] {
  const known = new Set<string>([...segments.dimensions, ...segments.producer]);
  return segments.crosses.flatMap((cross, index) =>
    cross.flatMap((dimension, position): CrossFault[] =>
      known.has(dimension)
        ? []
        : [
            {
              path: ['segments', 'crosses', index, position],
              saw: dimension,
              wanted: `a dimension that is tracked: ${[...known].map((name) => `\`${name}\``).join(', ')}`,
            },
          ],
    ),
  );
}

function topicFaults({ source: { topics }, instance }: MonitorConfig): CrossFault[] {
  const faults: CrossFault[] = [];
  if (topics.behaviour === topics.interactions) {
    faults.push({
      path: 'source.topics.behaviour',
      saw: topics.behaviour,
      wanted: 'another topic than interactions come from',
    });
  }
  const ours = ['verdicts', 'ledger', 'dead-letters'].map((name) => `${instance.topicPrefix}.${name}`);
  for (const key of ['interactions', 'behaviour'] as const) {
    const topic = topics[key];
    if (topic !== null && ours.includes(topic)) {
      faults.push({ path: `source.topics.${key}`, saw: topic, wanted: 'a topic that this monitor does not write to' });
    }
  }
  return faults;
}

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** Text of users must not be there for everyone who can reach the machine. */
function serverFaults({ server }: MonitorConfig): CrossFault[] {
  if (server.auth !== undefined || LOOPBACK.includes(server.apiHost)) return [];
  const wanted = `one of ${LOOPBACK.join(', ')}, or \`server.auth\` to say who may use it`;
  return [{ path: 'server.apiHost', saw: server.apiHost, wanted }];
}

/** A password in a URL would be printed, hashed and logged with the rest of the configuration. */
export function urlFaults(value: unknown, path: KeyPath = []): CrossFault[] {
  if (typeof value === 'string' && /^(baseUrl|url|otlp(Logs|Metrics)?Endpoint)$/.test(String(path.at(-1)))) {
    const url = URL.canParse(value) ? new URL(value) : null;
    const wantsWeb = url !== null && url.protocol !== 'http:' && url.protocol !== 'https:';
    if (wantsWeb) return [{ path, saw: value, wanted: 'an http or https URL' }];
    if (url !== null && (url.username !== '' || url.password !== '')) {
      return [{ path, saw: '***', wanted: 'a URL without a user or password; name secrets by their `…Env` key' }];
    }
    return [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'mapping' ? [] : urlFaults(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
