import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newCriterion } from '../../../../src/compose/criteria/new';
import { coverageOf } from '../../../../src/compose/judges/coverage';
import { loadMonitorConfig } from '../../../../src/compose/monitor-config';
import { RUBRICS } from '../../../../src/judge/rubrics';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../../../support/judge-server';
import { runInProcess } from '../../../support/run-in-process';

let folder: string;
let server: JudgeServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-criteria-'));
  let calls = 0;
  // Passes what names a reason; where the rubric asks for two, nothing; wavers on the word "maybe".
  server = await startJudgeServer((request) => {
    calls += 1;
    const answer = request.fields['answer'] ?? '';
    const wavers = answer.includes('maybe') && calls % 2 === 0;
    const passes = answer.includes('because') && !request.system.includes('two reasons') && !wavers;
    return completion(verdicts(request, { verdict: passes ? 'pass' : 'fail', confidence: 90 }));
  });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function config(rubric: string): string {
  const path = join(folder, `${rubric.length}.yaml`);
  const text = `
instance: { name: try }
criteria:
  - name: reasoned
    rubric: ${rubric}
    examples:
      - { expect: pass, request: Why?, answer: It is closed because of the holiday. }
      - { expect: pass, request: Why?, answer: It is maybe closed because of the holiday. }
      - { expect: fail, request: Why?, answer: It is closed. }
judges:
  - { name: mini, baseUrl: "${server.baseUrl}", model: gpt-4.1-mini, maxConcurrent: 1, prices: { inputPerMTok: 1, outputPerMTok: 1 } }
  - { name: claude, baseUrl: "${server.baseUrl}", model: claude-sonnet-4 }
  - { name: gemini, baseUrl: "${server.baseUrl}", model: gemini-2.5-flash }
cascade: { cheap: [[mini]], ensemble: [[claude, gemini]] }
`;
  writeFileSync(path, text);
  return path;
}

describe('criteria try', () => {
  it('judges the examples, says which are as expected, which waver, and what it cost', async () => {
    const path = config('Does it name a reason?');
    const { code, stdout } = await runInProcess(['criteria', 'try', 'reasoned', '--config', path, '--json']);
    const report = JSON.parse(stdout) as { rows: { verdicts: string[] }[]; [key: string]: unknown };
    expect(report).toMatchObject({ judge: 'mini', examples: 3 });
    expect(report.rows.map(({ verdicts: all }) => all.length)).toEqual([2, 2, 2]);
    expect([report.rows[0]?.verdicts, report.rows[2]?.verdicts]).toEqual([
      ['pass', 'pass'],
      ['fail', 'fail'],
    ]);
    expect(report['costUsd']).toBeGreaterThan(0);
    expect(code).toBe(report['right'] === 3 ? 0 : 1);
  });

  it('ends with 2 for a criterion or judge that is not there', async () => {
    const path = config('Does it name a reason?');
    for (const args of [['nothing'], ['reasoned', '--judge', 'nobody']]) {
      const { code, stderr } = await runInProcess(['criteria', 'try', ...args, '--config', path]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('is named')]);
    }
  });
});

describe('criteria diff', () => {
  it('judges the same rows under both wordings and shows what changed', async () => {
    const [before, after] = [config('Does it name a reason?'), config('Does it name two reasons?')];
    const args = ['criteria', 'diff', 'reasoned', '--config', before, '--config2', after, '--json', '--repeats', '1'];
    const { code, stdout } = await runInProcess(args);
    const diff = JSON.parse(stdout) as { changed: number; before: { rows: { verdicts: string[] }[] } };
    expect(code).toBe(0);
    const passed = diff.before.rows.filter(({ verdicts: [verdict] }) => verdict === 'pass').length;
    expect(passed).toBeGreaterThan(0);
    expect(diff.changed).toBe(passed);
  });
});

describe('criteria new', () => {
  it.each(RUBRICS.map(({ name }) => name))('writes %s so that a configuration takes it as it is', (name) => {
    const rest = config('Does it name a reason?');
    const own = join(folder, 'own.yaml');
    writeFileSync(own, newCriterion(`my_${name}`, name));
    const loaded = loadMonitorConfig({ files: [rest, own], env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    expect(loaded.value.config.criteria.map((one) => one.name)).toEqual(['reasoned', `my_${name}`]);
  });

  it('writes a frame that a configuration takes, and over no file', async () => {
    const out = join(folder, 'mine.yaml');
    expect((await runInProcess(['criteria', 'new', 'mine', '--out', out])).code).toBe(0);
    expect((await runInProcess(['criteria', 'new', 'mine', '--out', out])).code).toBe(2);
    expect(loadMonitorConfig({ files: [config('Does it?'), out], env: {} }).ok).toBe(true);
  });

  it('lists the library', async () => {
    const { stdout } = await runInProcess(['criteria', 'new', '--list']);
    for (const { name } of RUBRICS) expect(stdout).toContain(name);
  });
});

describe('the share of the traffic that judges may judge', () => {
  it('is told by judge and stage, with what to add', () => {
    const loaded = loadMonitorConfig({ files: [config('Does it name a reason?')], env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const byModel = new Map([
      ['gpt-4.1', 60],
      ['mistral-large', 30],
      ['house-model', 10],
    ]);
    const { judges, stages, advice } = coverageOf(loaded.value.config, byModel);
    expect(judges.map(({ judge, share }) => [judge, share])).toEqual([
      ['mini', 0.3],
      ['claude', 0.9],
      ['gemini', 0.9],
    ]);
    expect(stages).toEqual([
      { stage: 'cheap', share: 0.3 },
      { stage: 'ensemble', share: 0.9 },
    ]);
    expect(advice).toEqual([
      'gpt-4.1 (openai, 60.0 % of the traffic): no cheap panel may judge it; add one of judges of other families, such as claude, gemini',
      'house-model (10.0 % of the traffic): its family is not known; declare it under `models`',
    ]);
  });
});
