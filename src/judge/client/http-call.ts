import type { Dispatcher } from 'undici';

/** One HTTP exchange, read to its end. Everything that is not a complete response in time is a fault. */
export type HttpResult =
  | { readonly kind: 'response'; readonly status: number; readonly headers: ResponseHeaders; readonly text: string }
  /** `afterStatus`: the status had come when the connection broke or the body proved unfit. */
  | { readonly kind: 'fault'; readonly fault: HttpFault; readonly detail: string; readonly afterStatus: number | null };

/** `aborted`: by the signal. `broken`: refused, reset, closed early, no such host. The others: see `detail`. */
export type HttpFault = 'aborted' | 'broken' | 'too_large' | 'encoded' | 'bad_utf8';

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Largest body read, bytes; a judge's answer takes a hundredth of it. */
export const MAX_BODY_BYTES = 256 * 1024;

export interface HttpCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Posts and reads the answer. Redirects are not followed: a key belongs to the host it was configured for. The
 * dispatcher's own timeouts are of no use here: `bodyTimeout` restarts with every byte, so a slow drip outlives it.
 */
export async function post(dispatcher: Dispatcher, call: HttpCall, signal: AbortSignal): Promise<HttpResult> {
  let status: number | null = null;
  try {
    const response = await dispatcher.request({ ...call, method: 'POST', signal, headersTimeout: 0, bodyTimeout: 0 });
    status = response.statusCode;
    const encoding = header(response.headers, 'content-encoding');
    if (encoding !== null && encoding.toLowerCase() !== 'identity') {
      discard(response.body);
      return { kind: 'fault', fault: 'encoded', detail: 'content-encoding refused', afterStatus: status };
    }
    const bytes = await readBody(response.body);
    if (bytes === null) return { kind: 'fault', fault: 'too_large', detail: 'body over 256 kB', afterStatus: status };
    const text = decodeUtf8(bytes);
    if (text === null) return { kind: 'fault', fault: 'bad_utf8', detail: 'invalid utf-8', afterStatus: status };
    return { kind: 'response', status, headers: response.headers, text };
  } catch (error) {
    if (signal.aborted) return { kind: 'fault', fault: 'aborted', detail: 'aborted', afterStatus: status };
    return { kind: 'fault', fault: 'broken', detail: errorCode(error), afterStatus: status };
  }
}

/** The first value of a header; null when absent. */
export function header(headers: ResponseHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

type Body = Dispatcher.ResponseData['body'];

/** Null when the body is larger than the limit; the rest is then not read and the connection is closed. */
async function readBody(body: Body): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      discard(body);
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function discard(body: Body): void {
  // Destroying emits the abort as an error event, which nobody else would hear.
  body.on('error', () => undefined);
  body.destroy();
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Buffer): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** A code such as `ECONNREFUSED` alone: messages of errors can hold addresses and headers. */
function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'connection failed';
}
