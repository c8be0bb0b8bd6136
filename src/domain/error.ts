/** Every code has a line in docs/errors.md. `retriable` says whether trying the same again can help. */
const ERROR_CODES = {
  CONFIG_INVALID: { retriable: false, exitCode: 2 },
  USAGE: { retriable: false, exitCode: 2 },
  TOPIC_MISSING: { retriable: false, exitCode: 2 },
  TOPIC_UNSUITABLE: { retriable: false, exitCode: 2 },
  FOREIGN_LEDGER: { retriable: false, exitCode: 2 },
  NEWER_STATE: { retriable: false, exitCode: 2 },
  KAFKA_UNREACHABLE: { retriable: true, exitCode: 1 },
  KAFKA_DENIED: { retriable: false, exitCode: 1 },
  CONSUMER_CRASHED: { retriable: false, exitCode: 1 },
  POISONED_INPUT: { retriable: false, exitCode: 3 },
  OFFSET_GAP: { retriable: false, exitCode: 1 },
  DRAIN_FAILED: { retriable: false, exitCode: 4 },
  SCHEMA_REGISTRY_UNAVAILABLE: { retriable: true, exitCode: 1 },
  FILE_UNREADABLE: { retriable: false, exitCode: 1 },
  PORT_IN_USE: { retriable: false, exitCode: 1 },
  STORE_FULL: { retriable: true, exitCode: 1 },
  STORE_FAILED: { retriable: false, exitCode: 1 },
  INTERNAL: { retriable: false, exitCode: 1 },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The one error type thrown on purpose: a broken dependency or a start that cannot succeed. */
export class MonitorError extends Error {
  readonly code: ErrorCode;
  readonly retriable: boolean;
  /** Process exit code when it reaches the command line. */
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MonitorError';
    this.code = code;
    this.retriable = ERROR_CODES[code].retriable;
    this.exitCode = ERROR_CODES[code].exitCode;
  }
}
