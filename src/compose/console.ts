import { join } from 'node:path';
import type { LoadedConfig } from '../config/load';
import { type ConsoleSetup, startConsoleServer } from '../console/console-server';
import type { ConsoleParts } from '../console/ports';
import type { StatusFigures } from '../console/answers';
import { readReviewDesk } from '../console/review-desk';
import { createRedactor } from '../privacy/redactor';
import type { HttpServer } from '../platform/http-server';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { alertFromJson, sessionFromJson, verdictFromJson } from './codecs';
import { widestScoreOf } from './ledger/fold';
import { reviewPartsOf } from './labels/reviews';
import { programVersion } from './version';

export interface ConsoleRequest {
  readonly loaded: LoadedConfig;
  readonly status: () => StatusFigures;
  /** Null where no evidence is kept in this process. */
  readonly parts: Pick<ConsoleParts, 'store' | 'snapshot' | 'append' | 'erase'> | null;
  /** Pages of others on the same port, and that port; absent = `server.apiHost` and `server.apiPort`. */
  readonly shared?: {
    readonly host: string;
    readonly port: number;
    readonly beside: NonNullable<ConsoleSetup['beside']>;
  };
  /** Told now and then how many reviews wait. */
  readonly onReviews?: (waiting: number) => void;
  /** Folder of the built page; absent = where `npm run build` puts it. */
  readonly webRoot?: string;
  readonly logger: Logger;
}

/** Where `npm run build` puts the page. */
const WEB_ROOT = join(__dirname, '..', 'web');

/** How often the reviews that wait are counted. */
const COUNT_EVERY_MS = 60_000;

/** Starts the console as configured. Rejects as `startConsoleServer`, and as `readGoldenSet`. */
export async function startConsole({
  loaded,
  status,
  parts,
  shared,
  webRoot = WEB_ROOT,
  onReviews,
  logger,
}: ConsoleRequest): Promise<HttpServer> {
  const { server } = loaded.config;
  const own = parts && (await consolePartsOf(loaded, parts));
  const started = await startConsoleServer({
    ...(shared === undefined
      ? { host: server.apiHost, port: server.apiPort, keys: { host: 'server.apiHost', port: 'server.apiPort' } }
      : { ...shared, keys: { host: 'server.host', port: 'server.port' } }),
    status,
    auth: server.auth ?? null,
    tokenOf: (variable) => loaded.secrets.get(variable),
    webRoot,
    version: programVersion(),
    logger,
    parts: own,
  });
  if (own === null || onReviews === undefined) return started;
  const count = (): void => {
    readReviewDesk(own).then(
      (desk) => onReviews(desk.open(null).length),
      (error: unknown) => logger.warn({ err: error }, 'the reviews that wait cannot be counted'),
    );
  };
  count();
  const timer = setInterval(count, COUNT_EVERY_MS);
  timer.unref();
  return {
    ...started,
    close: () => {
      clearInterval(timer);
      return started.close();
    },
  };
}

type OwnParts = Pick<ConsoleParts, 'store' | 'snapshot' | 'append' | 'erase'>;

/** What routes need, from the configuration and what differs between a server and a data directory. */
async function consolePartsOf(loaded: LoadedConfig, own: OwnParts): Promise<ConsoleParts> {
  const { config } = loaded;
  const { links, privacy } = config;
  const redactor = createRedactor(privacy);
  let reviews = await reviewPartsOf(loaded);
  const erase: ConsoleParts['erase'] =
    own.erase &&
    (async (...asked) => {
      const receipt = await own.erase!(...asked);
      // The golden set may have lost items; nobody is to be asked about them any more.
      reviews = await reviewPartsOf(loaded);
      return receipt;
    });
  return {
    ...own,
    erase,
    get reviews() {
      return reviews;
    },
    parseVerdict: verdictFromJson,
    parseAlert: alertFromJson,
    parseSession: sessionFromJson,
    widestScore: widestScoreOf(config),
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
