import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFencedFields, readItemNonce } from '../../src/judge/fence';

/** A request as the server double saw it. */
export interface SeenRequest {
  /** 0-based, over the server's life. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: ChatBody;
  readonly system: string;
  readonly user: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly nonce: string | null;
  /** Names of the criteria that the schema asks for. */
  readonly criteria: readonly string[];
}

export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly response_format: {
    readonly type: string;
    readonly json_schema: { readonly name: string; readonly strict: boolean; readonly schema: ReplySchema };
  };
}

interface ReplySchema {
  readonly properties: { readonly criteria: { readonly properties: Readonly<Record<string, unknown>> } };
}

/** What the double does with one request. */
export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | Buffer | object;
  /** Waits before it answers, ms; `Infinity` = never answers. */
  readonly delayMs?: number;
  /** Sends the body byte by byte with this pause, ms. */
  readonly dripMs?: number;
  /** Resets the connection instead of answering. */
  readonly reset?: boolean;
  /** Promises the whole body, sends so many bytes and closes. */
  readonly closeAfterBytes?: number;
}

export type Respond = (request: SeenRequest) => Scripted | Promise<Scripted>;

export interface JudgeServer {
  /** As in `judges[].baseUrl`. */
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
  /** Requests being answered right now, and the most there ever were. */
  readonly inFlight: () => { readonly now: number; readonly peak: number };
  /** Requests whose connection the client closed before it had the whole answer. */
  readonly abandoned: () => number;
  close(): Promise<void>;
}

/** A loopback double of an OpenAI-compatible endpoint, answering by function. */
export async function startJudgeServer(respond: Respond): Promise<JudgeServer> {
  const requests: SeenRequest[] = [];
  let now = 0;
  let peak = 0;
  let abandoned = 0;
  const server = createServer((incoming, outgoing) => {
    peak = Math.max(peak, ++now);
    outgoing.once('close', () => {
      now--;
      if (!outgoing.writableFinished) abandoned++;
    });
    void (async () => {
      const seen = toSeen(requests.length, incoming, await readAll(incoming));
      requests.push(seen);
      await play(await respond(seen), outgoing);
    })().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    inFlight: () => ({ now, peak }),
    abandoned: () => abandoned,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A chat completion that holds `content`. */
export function completion(content: string | null, overrides: CompletionOverrides = {}): Scripted {
  const { finishReason = 'stop', refusal = null, usage = { prompt_tokens: 120, completion_tokens: 30 } } = overrides;
  return {
    body: {
      id: 'c-1',
      object: 'chat.completion',
      model: overrides.model ?? 'judge-2026-01-01',
      choices: [{ index: 0, finish_reason: finishReason, message: { role: 'assistant', content, refusal } }],
      usage,
    },
  };
}

export interface CompletionOverrides {
  readonly finishReason?: string | null;
  readonly refusal?: string | null;
  readonly usage?: unknown;
  readonly model?: string;
}

export interface ScriptedVerdict {
  readonly verdict?: 'pass' | 'fail' | 'not_applicable';
  readonly confidence?: number;
  /** For a criterion on a scale, in place of the other two. */
  readonly score?: number;
  readonly rationale?: string;
}

/** The right reply to `request`, the same verdict on every criterion unless `byName` says otherwise. */
export function verdicts(
  request: Pick<SeenRequest, 'nonce' | 'criteria'>,
  all: ScriptedVerdict = {},
  byName: Readonly<Record<string, ScriptedVerdict>> = {},
): string {
  const criteria = request.criteria.map((name): [string, object] => {
    const { score, verdict = 'pass', confidence = 90, rationale = `scripted for ${name}` } = byName[name] ?? all;
    return [name, score === undefined ? { rationale, verdict, confidence } : { rationale, score }];
  });
  return JSON.stringify({ nonce: request.nonce, criteria: Object.fromEntries<object>(criteria) });
}

function toSeen(index: number, incoming: IncomingMessage, raw: string): SeenRequest {
  const body = JSON.parse(raw) as ChatBody;
  const { system, user, schema } = partsOf(JSON.parse(raw) as WireBody);
  return {
    index,
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body,
    system,
    user,
    fields: readFencedFields(user),
    nonce: readItemNonce(user),
    criteria: Object.keys(schema?.properties?.criteria?.properties ?? {}),
  };
}

/** A request in any of the protocols, as far as a judge double reads it. */
interface WireBody {
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: { readonly json_schema: { readonly schema: PartialSchema } };
  readonly system?: readonly { readonly text: string }[];
  readonly output_config?: { readonly format: { readonly schema: PartialSchema } };
  readonly systemInstruction?: { readonly parts: readonly { readonly text: string }[] };
  readonly contents?: readonly { readonly parts: readonly { readonly text: string }[] }[];
  readonly generationConfig?: { readonly responseJsonSchema: PartialSchema };
}

interface PartialSchema {
  readonly properties?: { readonly criteria?: { readonly properties?: Readonly<Record<string, unknown>> } };
}

function partsOf(body: WireBody): { system: string; user: string; schema: PartialSchema | undefined } {
  const said = (role: string): string | undefined => body.messages?.find((message) => message.role === role)?.content;
  return {
    system: said('system') ?? body.system?.[0]?.text ?? body.systemInstruction?.parts[0]?.text ?? '',
    user: said('user') ?? body.contents?.[0]?.parts[0]?.text ?? '',
    schema:
      body.response_format?.json_schema.schema ??
      body.output_config?.format.schema ??
      body.generationConfig?.responseJsonSchema,
  };
}

async function play(scripted: Scripted, outgoing: ServerResponse): Promise<void> {
  if (scripted.reset === true) return void outgoing.socket?.resetAndDestroy();
  if (scripted.delayMs === Infinity) return;
  if (scripted.delayMs !== undefined) await later(scripted.delayMs);
  const { body = '' } = scripted;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  outgoing.writeHead(scripted.status ?? 200, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...scripted.headers,
  });
  if (scripted.closeAfterBytes !== undefined) {
    outgoing.write(bytes.subarray(0, scripted.closeAfterBytes), () => outgoing.destroy());
    return;
  }
  if (scripted.dripMs !== undefined) {
    for (const byte of bytes) {
      if (outgoing.destroyed) return;
      outgoing.write(Buffer.of(byte));
      await later(scripted.dripMs);
    }
    outgoing.end();
    return;
  }
  outgoing.end(bytes);
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
