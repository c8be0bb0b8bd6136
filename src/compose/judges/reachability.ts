import { connect } from 'node:net';
import type { Closers } from '../closers';

interface Endpoint {
  readonly name: string;
  readonly baseUrl: string;
}

const PROBE_MS = 2_000;
const AGAIN_MS = 2_000;

/**
 * Which judges have not been reached since start, in words, for readiness. A judge that goes away later is not asked
 * about here: its failures are counted as `unjudged`, and a monitor that checks everything else goes on.
 */
export function watchJudges(judges: readonly Endpoint[], closers: Closers): () => readonly string[] {
  const missing = new Map(
    judges.map(({ name, baseUrl }) => [name, `judge ${name} at ${hostOf(baseUrl)}: not reached yet`]),
  );
  const timers = new Set<NodeJS.Timeout>();
  let ended = false;
  const probe = async (judge: Endpoint): Promise<void> => {
    const problem = await tryToConnect(judge.baseUrl);
    if (problem === null) missing.delete(judge.name);
    else if (!ended) {
      missing.set(judge.name, `judge ${judge.name} at ${hostOf(judge.baseUrl)} cannot be reached: ${problem}`);
      const timer = setTimeout(() => {
        timers.delete(timer);
        void probe(judge);
      }, AGAIN_MS);
      timers.add(timer);
    }
  };
  for (const judge of judges) void probe(judge);
  closers.add(() => {
    ended = true;
    for (const timer of timers) clearTimeout(timer);
  });
  return () => [...missing.values()];
}

/** Null when something listens there; a connection is all it takes, no request is paid for. */
function tryToConnect(baseUrl: string): Promise<string | null> {
  const { hostname, port, protocol } = new URL(baseUrl);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) });
    const settle = (problem: string | null): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(PROBE_MS, () => settle('no answer in time'));
    socket.once('connect', () => settle(null));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}

function hostOf(baseUrl: string): string {
  return new URL(baseUrl).host;
}
