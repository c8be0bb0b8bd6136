import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PairwiseReport } from '../../../../src/compose/replay/pairwise';
import type { RunReport } from '../../../../src/compose/replay/run-report';
import { createRecordCodec } from '../../../../src/decode/avro-codec';
import { buildInteraction } from '../../../support/builders/interaction';
import { monitorConfig, pricedAt, threeJudges } from '../../../support/builders/monitor-config';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../../../support/judge-server';
import { runInProcess } from '../../../support/run-in-process';

let directory: string;
let judges: JudgeServer;

/** `gemini-pro` goes by the word good; `qwen-max` takes what stands in the first place. */
beforeAll(async () => {
  judges = await startJudgeServer((request) => {
    const isGood = (request.fields['answer'] ?? '').includes('good');
    const passes = request.body.model === 'qwen-max' ? true : isGood;
    return completion(verdicts(request, { verdict: passes ? 'pass' : 'fail', confidence: 99 }));
  });
  directory = mkdtempSync(join(tmpdir(), 'plumbline-pairs-'));
});
afterAll(async () => {
  await judges.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => (judges.requests as unknown[]).splice(0));

function config(pairs = 100): string {
  const path = join(directory, `pairs-${pairs}.yaml`);
  const each = { maxOutputTokens: 100, ...pricedAt(10) };
  writeFileSync(
    path,
    monitorConfig({
      replay: { pairs },
      segments: { producer: ['release'] },
      judges: threeJudges(judges.baseUrl, { each }),
      privacy: { retain: 'redacted' },
    }),
  );
  return path;
}

const ITEMS = 12;
/** The inputs of `release`, answered by `answerOf`. */
function recording(release: string, answerOf: (i: number) => string, model = 'gpt-4.1'): string {
  const codec = createRecordCodec('interaction');
  const usual = buildInteraction();
  const lines = Array.from({ length: ITEMS }, (_, i) =>
    JSON.stringify(
      codec.toJson(
        buildInteraction({
          interactionId: `${release}-${i}`,
          conversationId: `c${i}`,
          producer: { ...usual.producer, model, release },
          input: [{ role: 'user', content: `question ${i}` }],
          output: { ...usual.output, text: answerOf(i) },
        }),
      ),
    ),
  );
  const path = join(directory, `${release}.jsonl`);
  writeFileSync(path, lines.join('\n'));
  return path;
}

async function replay(input: string, out: string, ...more: readonly string[]): Promise<RunReport> {
  const args = ['replay', '--input', input, '--config', config(), '--out', join(directory, out), ...more];
  const { code, stderr } = await runInProcess(args);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(readFileSync(join(directory, out, 'report.json'), 'utf8')) as RunReport;
}

/** The later release is better on ten inputs, worse on one, and says the same on one. */
const OLD = (i: number): string => (i === 0 ? 'good old' : i === 1 ? 'the same' : `poor ${i}`);
const NEW = (i: number): string => (i === 0 ? 'poor new' : i === 1 ? 'the same' : `good ${i}`);

describe('two answers to the same input', () => {
  it('are judged in both orders by replay --compare; a judge that goes by the order decides nothing, and it shows', async () => {
    await replay(recording('v1', OLD), 'old');
    const report = await replay(recording('v2', NEW), 'new', '--compare', join(directory, 'old'));
    expect(report.pairs).toMatchObject({ inputs: ITEMS, same: 1, judged: 11, over_budget: 0, not_independent: 0 });
    const [helpful] = report.pairs?.criteria ?? [];
    expect(helpful).toMatchObject({ criterion: 'helpful', first: 10, second: 1, tie: 0, inconsistent: 0 });
    expect(helpful?.win_share).toBeCloseTo(10 / 11);
    expect(report.pairs?.judges).toEqual([
      { judge: 'gemini', first: 10, second: 1, tie: 0, inconsistent: 0, unjudged: 0 },
      { judge: 'qwen', first: 0, second: 0, tie: 0, inconsistent: 11, unjudged: 0 },
    ]);
    // Two judges, two orders, and never which side is which.
    const paired = judges.requests.filter(({ fields }) => fields['other_answer'] !== undefined);
    expect(paired).toHaveLength(4 * 11);
    expect(paired.every(({ system, user }) => !/\bv[12]\b|gpt-4/.test(`${system}${user}`))).toBe(true);
    const metrics = readFileSync(join(directory, 'new', 'metrics.prom'), 'utf8');
    expect(metrics).toMatch(/plumbline_pairs_total\{criterion="helpful",result="first"\} 10\b/);
    expect(metrics).toMatch(/plumbline_pair_readings_total\{judge="qwen",result="inconsistent"\} 11\b/);
    // 150 tokens a call at 10 USD a million.
    expect(report.pairs?.cost_usd).toBeCloseTo(44 * 150e-5, 6);
  });

  it('are told by compare --pairwise, of two recordings, and only on demand', async () => {
    await replay(recording('v1', OLD), 'old');
    await replay(recording('v2', NEW), 'new');
    const args = ['compare', '--data', join(directory, 'new'), '--against-data', join(directory, 'old')];
    const silent = await runInProcess([...args, '--json', '--config', config()]);
    expect(JSON.parse(silent.stdout)).not.toHaveProperty('pairs');
    const { stdout } = await runInProcess([...args, '--json', '--pairwise', '--config', config(5)]);
    const { pairs } = JSON.parse(stdout) as { pairs: PairwiseReport };
    expect(pairs).toMatchObject({ inputs: ITEMS, same: 1, judged: 5 });
    expect((await runInProcess([...args, '--pairwise', '--config', config(5)])).stdout).toContain('won by first');
  });

  it('are found in one recording too, where both releases served the same input', async () => {
    const both = join(directory, 'both.jsonl');
    const texts = [recording('v1', OLD), recording('v2', NEW)].map((path) => readFileSync(path, 'utf8'));
    writeFileSync(both, texts.join('\n'));
    await replay(both, 'both');
    const args = ['compare', '--data', join(directory, 'both'), '--where', 'release=v2', '--against', 'release=v1'];
    const { stdout } = await runInProcess([...args, '--json', '--pairwise', '--config', config()]);
    expect((JSON.parse(stdout) as { pairs: PairwiseReport }).pairs.criteria[0]).toMatchObject({ first: 10, second: 1 });
  });

  it('are not judged where no panel is independent of both models', async () => {
    await replay(recording('v1', OLD), 'old');
    const report = await replay(recording('g1', NEW, 'qwen-2.5'), 'own', '--compare', join(directory, 'old'));
    expect(report.pairs).toMatchObject({ judged: 0, not_independent: 11, criteria: [] });
  });

  it('are not judged beyond the budget of the run', async () => {
    await replay(recording('v1', OLD), 'old');
    const whole = await replay(recording('v2', NEW), 'new', '--compare', join(directory, 'old'), '--budget', '1000');
    expect(whole.pairs).toMatchObject({ judged: 11, over_budget: 0 });
    const short = await replay(recording('v2', NEW), 'new', '--compare', join(directory, 'old'), '--budget', '0.02');
    expect(short.pairs).toMatchObject({ judged: 0, over_budget: 11, cost_usd: 0 });
    expect(short.judge_cost_usd).toBeLessThanOrEqual(0.02);
  });

  it('cost nothing where the answers are the same', async () => {
    await replay(recording('v1', OLD), 'old');
    const report = await replay(recording('v1', OLD), 'again', '--compare', join(directory, 'old'));
    expect(report.pairs).toMatchObject({ inputs: ITEMS, same: ITEMS, judged: 0, cost_usd: 0 });
  });
});
