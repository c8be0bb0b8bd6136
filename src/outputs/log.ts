import pino from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { silentLogger } from '../platform/logger';
import type { LogFields, Logger } from '../platform/logger';
import { redactFields } from './log-redaction';
import type { TelemetryOptions } from './options';

export interface LoggerSetup {
  readonly level: TelemetryOptions['logLevel'];
  /** Fixed fields of every line, e.g. the instance's name. */
  readonly base?: LogFields;
  /** Values that never leave, wherever in a line they turn up. */
  readonly secretValues?: readonly string[];
  /** Standard error by default, so that standard output stays free for data. */
  readonly destination?: DestinationStream;
}

/** Shorter ones would tear holes into innocent lines. */
const SHORTEST_SECRET = 6;

/** One JSON object per line. Written at once, so that the last line before a crash is not lost. */
export function createLogger({ level, base = {}, secretValues = [], destination }: LoggerSetup): Logger {
  if (level === 'silent') return silentLogger;
  const log = pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are plain data by then; pino would take them for errors again.
      serializers: { err: (value: unknown) => value },
      hooks: { streamWrite: createLineFilter(secretValues) },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
  return {
    debug: writer(log, 'debug'),
    info: writer(log, 'info'),
    warn: writer(log, 'warn'),
    error: writer(log, 'error'),
  };
}

function writer(log: PinoLogger, level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] {
  return (fields, message) => {
    if (log.isLevelEnabled(level)) log[level](redactFields(fields), message);
  };
}

/** Works on the finished line, where nothing can hide in a nested field, an error's text or a stack. */
function createLineFilter(secretValues: readonly string[]): (line: string) => string {
  const hidden = secretValues
    .filter((value) => value.length >= SHORTEST_SECRET)
    .map((value) => JSON.stringify(value).slice(1, -1))
    .sort((a, b) => b.length - a.length);
  return (line) => {
    let safe = line;
    for (const value of hidden) if (safe.includes(value)) safe = safe.replaceAll(value, '***');
    return escapeTerminal(safe);
  };
}

/** JSON escapes C0 controls, not C1 (0x9B starts a terminal sequence too) nor bidirectional overrides. */
function escapeTerminal(line: string): string {
  return line.replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
