import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/load';
import { type ConsoleSetup, startConsoleServer } from '../console/console-server';
import type { ConsoleParts } from '../console/ports';
import { createRedactor } from '../privacy/redactor';
import type { HttpServer } from '../platform/http-server';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { alertFromJson, verdictFromJson } from './codecs';
import { programVersion } from './version';

export interface ConsoleRequest {
  readonly loaded: LoadedConfig;
  readonly status: () => unknown;
  /** Null where no evidence is kept in this process. */
  readonly parts: Pick<ConsoleParts, 'store' | 'snapshot' | 'append' | 'erase'> | null;
  /** Pages of others on the same port, and that port; absent = `server.apiHost` and `server.apiPort`. */
  readonly shared?: {
    readonly host: string;
    readonly port: number;
    readonly beside: NonNullable<ConsoleSetup['beside']>;
  };
  /** Folder of the built page; absent = where `npm run build` puts it. */
  readonly webRoot?: string;
  readonly logger: Logger;
}

/** Where `npm run build` puts the page. */
const WEB_ROOT = join(__dirname, '..', 'web');

/** Starts the console as configured. Rejects as `startConsoleServer`. */
export function startConsole({
  loaded,
  status,
  parts,
  shared,
  webRoot = WEB_ROOT,
  logger,
}: ConsoleRequest): Promise<HttpServer> {
  const { server } = loaded.config;
  return startConsoleServer({
    ...(shared === undefined
      ? { host: server.apiHost, port: server.apiPort, keys: { host: 'server.apiHost', port: 'server.apiPort' } }
      : { ...shared, keys: { host: 'server.host', port: 'server.port' } }),
    status,
    auth: server.auth ?? null,
    tokenOf: (variable) => loaded.secrets.get(variable),
    webRoot,
    version: programVersion(),
    logger,
    parts: parts && consolePartsOf(loaded, { ...parts, status }),
  });
}

type OwnParts = Pick<ConsoleParts, 'store' | 'snapshot' | 'append' | 'erase' | 'status'>;

/** What routes need, from the configuration and what differs between a server and a data directory. */
export function consolePartsOf({ config, secrets }: LoadedConfig, own: OwnParts): ConsoleParts {
  const { links, privacy } = config;
  const { userHashSaltEnv } = privacy;
  const salt = userHashSaltEnv === undefined ? randomBytes(16).toString('hex') : secrets.get(userHashSaltEnv);
  const redactor = createRedactor(privacy);
  return {
    ...own,
    parseVerdict: verdictFromJson,
    parseAlert: alertFromJson,
    hashRater: (name) => createHmac('sha256', salt).update(name).digest('hex').slice(0, 16),
    redact: (text) => redactor.redactText(text),
    criteria: config.criteria,
    now: () => systemClock.now(),
    version: programVersion(),
    links: {
      trace: links.trace ?? null,
      release: links.release ?? null,
      alertmanager: links.alertmanager?.replace(/\/$/, '') ?? null,
      runbook: links.runbook ?? null,
      ticket: links.ticket ?? null,
    },
  };
}
