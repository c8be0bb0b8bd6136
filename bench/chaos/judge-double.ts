import { completion, type JudgeServer, startJudgeServer, verdicts } from '../../test/support/judge-server';

/** One request that a judge was paid for. */
export interface Call {
  /** Who asked: the first part of the path that the instance was configured with. */
  readonly instance: string;
  readonly interactionId: string;
  readonly model: string;
  readonly startedAt: number;
}

export interface JudgeDouble {
  /** The base URL to configure an instance with, so that its calls can be told from the others'. */
  urlFor(instance: string): string;
  readonly calls: readonly Call[];
  /** Answers with 503 for so long. */
  fail(ms: number): void;
  close(): Promise<void>;
}

/** A slow judge that passes everything and remembers who asked about what. */
export async function startJudgeDouble(delayMs: number): Promise<JudgeDouble> {
  const calls: Call[] = [];
  let failsUntil = 0;
  const server: JudgeServer = await startJudgeServer((request) => {
    if (performance.now() < failsUntil) return { status: 503, body: '{}' };
    const interactionId = /\bchaos-\d+\b/.exec(request.user)?.[0] ?? '';
    const instance = request.path.split('/')[2] ?? '';
    calls.push({ instance, interactionId, model: request.body.model, startedAt: Date.now() });
    const reply = completion(verdicts(request, { verdict: 'pass', confidence: 95 }));
    // The spread keeps answers out of order; taken from the id, so that runs are alike.
    return { ...reply, delayMs: delayMs * (0.5 + (Number(interactionId.slice(6)) % 10) / 10) };
  });
  return {
    urlFor: (instance) => `${server.baseUrl}/${instance}`,
    calls,
    fail: (ms) => void (failsUntil = performance.now() + ms),
    close: () => server.close(),
  };
}
