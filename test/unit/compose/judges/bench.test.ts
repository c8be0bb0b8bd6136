import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchReport } from '../../../../src/compose/judges/bench';
import { monitorConfig, pricedAt } from '../../../support/builders/monitor-config';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../../../support/judge-server';
import { runInProcess } from '../../../support/run-in-process';

const JUDGES = ['fair', 'first', 'mute'];
let directory: string;
let server: JudgeServer;

/** `fair` goes by the word good, `first` takes the answer in the first place, `mute` says nothing readable. */
beforeAll(async () => {
  server = await startJudgeServer((request) => {
    const answer = request.fields['answer'] ?? '';
    const { model } = request.body;
    if (model === 'mute') return completion('no verdict');
    const passes = model === 'first' || answer.includes('good');
    return completion(verdicts(request, { verdict: passes ? 'pass' : 'fail', confidence: 99 }));
  });
  directory = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  const judges = JUDGES.map((name) => {
    return { name, model: name, family: `f-${name}`, baseUrl: server.baseUrl, ...pricedAt(1) };
  });
  writeFileSync(
    join(directory, 'plumbline.yaml'),
    monitorConfig({
      criteria: [{ name: 'helpful', rubric: 'Is it?' }],
      judges,
      cascade: { cheap: [['fair']], ensemble: [['first', 'mute']] },
    }),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function bench(rows: readonly object[]): Promise<{ code: number; report: BenchReport | null; stderr: string }> {
  const file = join(directory, 'rows.jsonl');
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const config = join(directory, 'plumbline.yaml');
  const { code, stdout, stderr } = await runInProcess([
    'judges',
    'audit',
    '--bench',
    file,
    '--json',
    '--config',
    config,
  ]);
  return { code: code ?? -1, report: code === 0 ? (JSON.parse(stdout) as BenchReport) : null, stderr };
}

describe('judges audit --bench', () => {
  it.each([
    ['llmbar', (good: number) => ({ prompt: 'p', ...pair(good, 'response_1', 'response_2'), gold: good })],
    [
      'pandalm',
      (good: number) => ({ prompt: 'p', input: 'x', ...pair(good, 'response_1', 'response_2'), human_majority: good }),
    ],
    [
      'judgebench',
      (good: number) => ({ prompt: 'p', ...pair(good, 'response_A', 'response_B'), gold: good === 1 ? 'A>B' : 'B>A' }),
    ],
  ] as const)('shows pairs of %s in both orders, and tells a judge that goes by the order', async (format, rowOf) => {
    const { report } = await bench(Array.from({ length: 20 }, (_, i) => rowOf(i % 2 === 0 ? 1 : 2)));
    expect(report).toMatchObject({ format, rows: 20 });
    const [fair, first, mute] = report?.judges ?? [];
    expect(fair).toMatchObject({
      judge: 'fair',
      calls: 40,
      pairwise: { accuracy: 1, consistency: 1, picksFirst: 0.5 },
    });
    expect(first).toMatchObject({ pairwise: { accuracy: 0.5, consistency: 0, picksFirst: 1 } });
    expect(mute).toMatchObject({ pairwise: { missing: 40 } });
    // 150 tokens a call at 1 USD a million.
    expect(fair?.costUsd).toBeCloseTo(40 * 150e-6, 9);
  });

  it('holds answers of realmistake against their labels', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => {
      return { prompt: 'p', response: i % 4 === 0 ? 'good' : 'poor', human_label: i % 4 === 0 ? 'no_error' : 'error' };
    });
    const { report } = await bench(rows);
    expect(report?.judges[0]).toMatchObject({ pointwise: { n: 40, missing: 0, accuracy: 1, kappa: 1 } });
    expect(report?.judges[1]).toMatchObject({ pointwise: { n: 40, accuracy: 0.25, kappa: 0 } });
    expect(report?.judges[2]).toMatchObject({ pointwise: { n: 0, missing: 40 } });
  });

  it('refuses rows that it does not know', async () => {
    const { code, stderr } = await bench([{ question: 'q' }]);
    expect(code).toBe(2);
    expect(stderr).toContain('no row as RealMistake');
  });
});

function pair(good: number, one: string, two: string): object {
  return { [one]: good === 1 ? 'good' : 'poor', [two]: good === 2 ? 'good' : 'poor' };
}
