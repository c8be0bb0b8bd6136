import { WebSocket } from 'undici';
import { eventually } from '../../test/support/eventually';

/** A Node process that was started with `--inspect=127.0.0.1:PORT`, looked at from outside. */
export interface Inspector {
  /** Right after a full collection: what is really held, without garbage that nobody has come to yet. */
  held(): Promise<HeldMemory>;
  /** What is held, bytes by constructor, after a full collection. Takes seconds, and memory of the process it looks at. */
  byConstructor(): Promise<Map<string, number>>;
  close(): void;
}

/** MB. */
export interface HeldMemory {
  readonly heapUsedMb: number;
  readonly heapTotalMb: number;
  /** Machine code and bytecode, a part of the heap in use. */
  readonly codeMb: number;
  /** Objects outside of the heap, `arrayBuffersMb` among them. */
  readonly externalMb: number;
  readonly arrayBuffersMb: number;
}

/** An expression for the process that is looked at. */
const MEMORY = `JSON.stringify({
  ...process.memoryUsage(),
  code: process.getBuiltinModule('v8').getHeapSpaceStatistics()
    .filter(({ space_name }) => space_name.startsWith('code'))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0),
})`;

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly chunk?: string };
  readonly result?: { readonly result?: { readonly value?: string } };
  readonly error?: { readonly message: string };
}

/** Rejects when nothing listens within 10 s. */
export async function openInspector(port: number): Promise<Inspector> {
  const url = await eventually(
    async () => {
      const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
        webSocketDebuggerUrl: string;
      }[];
      if (target === undefined) throw new Error('the inspector has no target');
      return target.webSocketDebuggerUrl;
    },
    { timeoutMs: 10_000 },
  );
  const socket = new WebSocket(url);
  const waiting = new Map<number, (reply: Reply) => void>();
  let chunks: string[] = [];
  let sent = 0;
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(reply.params?.chunk ?? '');
    if (reply.id === undefined) return;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error(`no inspector at port ${port}`)), { once: true });
  });
  const ask = (method: string, params: object = {}): Promise<NonNullable<Reply['result']>> =>
    new Promise((resolve, reject) => {
      const id = ++sent;
      waiting.set(id, ({ result, error }) =>
        result === undefined ? reject(new Error(`${method}: ${error?.message}`)) : resolve(result),
      );
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    async held() {
      await ask('HeapProfiler.collectGarbage');
      const { result } = await ask('Runtime.evaluate', { expression: MEMORY, returnByValue: true });
      const bytes = JSON.parse(result?.value ?? '{}') as NodeJS.MemoryUsage & { readonly code: number };
      return {
        heapUsedMb: bytes.heapUsed / 1e6,
        heapTotalMb: bytes.heapTotal / 1e6,
        codeMb: bytes.code / 1e6,
        externalMb: bytes.external / 1e6,
        arrayBuffersMb: bytes.arrayBuffers / 1e6,
      };
    },
    async byConstructor() {
      chunks = [];
      await ask('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
      const text = chunks.join('');
      chunks = [];
      return sizesIn(text);
    },
    close: () => socket.close(),
  };
}

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: string[]; readonly node_types: [string[], ...unknown[]] };
  };
  readonly nodes: number[];
  readonly strings: string[];
}

/** Shallow sizes: of strings and compiled code by their kind, of objects by the name of their constructor. */
function sizesIn(text: string): Map<string, number> {
  const { snapshot, nodes, strings } = JSON.parse(text) as Snapshot;
  const fields = snapshot.meta.node_fields;
  const [kinds] = snapshot.meta.node_types;
  const [type, name, size] = [fields.indexOf('type'), fields.indexOf('name'), fields.indexOf('self_size')];
  const sizes = new Map<string, number>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = kinds[nodes[at + type] ?? 0] ?? '';
    const key = kind === 'object' ? (strings[nodes[at + name] ?? 0] ?? '') : `(${kind})`;
    sizes.set(key, (sizes.get(key) ?? 0) + (nodes[at + size] ?? 0));
  }
  return sizes;
}
