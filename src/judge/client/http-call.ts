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
 * Dispatched, not requested: `request` makes a stream with its listeners of every response, for bytes that we only count and join.
 */
export function post(dispatcher: Dispatcher, call: HttpCall, signal: AbortSignal): Promise<HttpResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let controller: Dispatcher.DispatchController | null = null;
    let status: number | null = null;
    let headers: ResponseHeaders = {};
    let size = 0;
    let isOver = false;

    const end = (result: HttpResult): void => {
      isOver = true;
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    /** What is still to come is not read: the connection is closed. */
    const giveUp = (fault: HttpFault, detail: string): void => {
      if (isOver) return;
      end({ kind: 'fault', fault, detail, afterStatus: status });
      controller?.abort(GIVEN_UP);
    };
    const onAbort = (): void => giveUp('aborted', 'aborted');
    if (signal.aborted) return giveUp('aborted', 'aborted');
    signal.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        // Given up while it waited for a connection.
        if (isOver) started.abort(GIVEN_UP);
      },
      onResponseStart(_, statusCode, received) {
        status = statusCode;
        headers = received;
        const encoding = header(received, 'content-encoding');
        if (encoding !== null && encoding.toLowerCase() !== 'identity') giveUp('encoded', 'content-encoding refused');
      },
      onResponseData(_, chunk) {
        size += chunk.length;
        if (size > MAX_BODY_BYTES) giveUp('too_large', 'body over 256 kB');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (isOver || status === null) return;
        const text = decodeUtf8(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
        if (text === null) giveUp('bad_utf8', 'invalid utf-8');
        else end({ kind: 'response', status, headers, text });
      },
      onResponseError(_, error) {
        giveUp('broken', errorCode(error));
      },
    };
    try {
      dispatcher.dispatch({ ...call, method: 'POST', headersTimeout: 0, bodyTimeout: 0 }, handler);
    } catch (error) {
      giveUp('broken', errorCode(error));
    }
  });
}

const GIVEN_UP = new Error('given up');

/** The first value of a header; null when absent. */
export function header(headers: ResponseHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
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
