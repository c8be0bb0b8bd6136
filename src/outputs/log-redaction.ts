import type { LogFields } from '../platform/logger';

const HIDDEN = '***';
const SECRET_KEY = /(api[-_]?key|authorization|cookie|secret|password|passwd|token|credential|salt)$/i;
/** Fields that by their name hold what people or models wrote; a log line has no business with them. */
const TEXT_KEY = /^(text|content|prompt|rationale|messages?Text|userText|completion)$/i;
const MAX_DEPTH = 5;
const MAX_TEXT = 2000;

/** A copy of the fields that is safe to write: secrets hidden by key, URLs without passwords, errors as plain data. */
export function redactFields(fields: LogFields): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(value: object, depth: number): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const hides = typeof inner !== 'number' && typeof inner !== 'boolean' && inner !== null;
    if (key === '__proto__') continue;
    safe[key] = hides && (SECRET_KEY.test(key) || TEXT_KEY.test(key)) ? HIDDEN : redactValue(inner, depth + 1);
  }
  return safe;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '…';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactValue(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return redactObject(value, depth);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(cause === undefined ? {} : { cause: redactValue(cause, depth + 1) }),
  };
}

function redactText(text: string): string {
  const plain = text
    .replaceAll(/:\/\/[^/"@\s]{1,512}@/g, `://${HIDDEN}@`)
    .replaceAll(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, `$1 ${HIDDEN}`);
  return plain.length > MAX_TEXT ? `${plain.slice(0, MAX_TEXT)}…` : plain;
}
