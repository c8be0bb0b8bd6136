import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoldenRunReport } from '../../src/compose/golden/run';
import { createRecordCodec } from '../../src/decode/avro-codec';
import type { LedgerRecord } from '../../src/domain/ledger-record';
import type { GoldenStanding } from '../../src/domain/golden-standing';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, pricedAt, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, type SeenRequest, startJudgeServer, verdicts } from '../support/judge-server';
import { type CliResult, runCli, startCli } from '../support/run-cli';

const ITEMS = 30;
const ledgerCodec = createRecordCodec('ledger-record');
const JUDGES = ['mini', 'gemini', 'qwen'];

jest.setTimeout(120_000);

let template: string;
let directory: string;
let server: JudgeServer;
/** What the provider says that it is, how it judges, and how slowly. */
let provider = { version: 'v1', failing: 10, delayMs: 0 };

/** Replayed and frozen once; each test has a copy. */
beforeAll(async () => {
  server = await startJudgeServer((request) => {
    const fails = numberOf(request) < provider.failing;
    const content = verdicts(request, { verdict: fails ? 'fail' : 'pass', confidence: 95 });
    return { ...completion(content, { model: provider.version }), delayMs: provider.delayMs };
  });
  template = mkdtempSync(join(tmpdir(), 'plumbline-golden-'));
  directory = template;
  await freeze();
});
afterAll(async () => {
  await server.close();
  rmSync(template, { recursive: true, force: true });
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plumbline-golden-'));
  cpSync(template, directory, { recursive: true });
  writeConfig();
  provider = { version: 'v1', failing: 10, delayMs: 0 };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function numberOf({ fields }: SeenRequest): number {
  return Number(/answer (\d+)/.exec(fields['answer'] ?? '')?.[1]);
}

const path = (name: string): string => join(directory, name);

function writeConfig(golden = {}): void {
  const judges = threeJudges(server.baseUrl, { mini: pricedAt(1) });
  const set = path('golden.jsonl');
  writeFileSync(path('plumbline.yaml'), monitorConfig({ judges, golden: { set, duplicates: 5, ...golden } }));
}

async function cli(...args: string[]): Promise<CliResult> {
  return runCli([...args, '--config', path('plumbline.yaml'), '--json']);
}

async function freeze(): Promise<void> {
  writeConfig();
  const codec = createRecordCodec('interaction');
  const rows = Array.from({ length: ITEMS }, (_, n) => {
    const { output } = buildInteraction();
    const ids = { interactionId: `i-${n}`, conversationId: `c-${n}` };
    return JSON.stringify(codec.toJson(buildInteraction({ ...ids, output: { ...output, text: `answer ${n}` } })));
  });
  writeFileSync(path('rows.jsonl'), rows.join('\n'));
  const replayed = await cli('replay', '--input', path('rows.jsonl'), '--out', path('data'));
  expect(replayed.code).toBe(0);
  const result = await cli('golden', 'freeze', '--data', path('data'), '--out', path('golden.jsonl'));
  expect(result.stderr).toContain('fewer than 400');
  expect(result.code).toBe(0);
}

const reportOf = ({ stdout }: CliResult): GoldenRunReport => JSON.parse(stdout) as GoldenRunReport;
const run = (...args: string[]): Promise<CliResult> => cli('golden', 'run', '--data', path('data'), ...args);

function goldenLines(): Extract<LedgerRecord, { kind: 'golden' }>[] {
  return readFileSync(path('data/ledger.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      const record = ledgerCodec.fromJson(JSON.parse(line));
      return record.ok && record.value.kind === 'golden' ? [record.value] : [];
    });
}

describe('the golden set, from files', () => {
  it('is frozen, run, quiet while the judge stays, and tells when its version moves its verdicts', async () => {
    const quiet = reportOf(await run('--id', 'a'));
    expect(quiet.ended).toBe('complete');
    expect(quiet.runs).toHaveLength(JUDGES.length);
    for (const summary of quiet.runs) {
      expect(summary).toMatchObject({ items: ITEMS, reportedVersion: 'v1' });
      expect(summary.drift?.mean).toBeCloseTo(0, 10);
      expect(summary.changed).toEqual({ pairs: ITEMS, up: 0, down: 0 });
      expect(summary.noise).toEqual({ pairs: 5, differing: 0 });
    }
    provider = { ...provider, version: 'v2', failing: 20 };
    const moved = reportOf(await run('--id', 'b'));
    for (const summary of moved.runs) {
      expect(summary).toMatchObject({ reportedVersion: 'v2', changed: { pairs: ITEMS, up: 0, down: 10 } });
      expect(summary.drift?.upper).toBeLessThan(0);
    }
    const { stdout } = await cli('golden', 'status', '--data', path('data'));
    expect((JSON.parse(stdout) as GoldenStanding).runs).toHaveLength(2 * JUDGES.length);
  });

  it('goes on after a kill without asking about an item whose answer is in the ledger, and says when it is complete', async () => {
    provider = { ...provider, delayMs: 20 };
    const args = ['golden', 'run', '--data', path('data'), '--id', 'a', '--config', path('plumbline.yaml')];
    const running = startCli(args);
    await eventually(() => goldenLines().length >= 20, { intervalMs: 5, timeoutMs: 60_000 });
    running.child.kill('SIGKILL');
    await running.exited;
    const before = new Set(goldenLines().map(({ key }) => key));
    expect(before.size).toBeLessThan(JUDGES.length * (ITEMS + 5));
    const askedBefore = server.requests.length;
    const resumed = reportOf(await run('--id', 'a'));
    expect(resumed.ended).toBe('complete');
    expect(server.requests.length - askedBefore).toBe(JUDGES.length * (ITEMS + 5) - before.size);
    const lines = goldenLines();
    expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
    expect(lines).toHaveLength(JUDGES.length * (ITEMS + 5));

    const again = await run('--id', 'a');
    expect(again.stderr).toContain('complete already');
    expect(goldenLines()).toHaveLength(lines.length);
  });

  it('is run by one of two processes, and the other one says so', async () => {
    provider = { ...provider, delayMs: 20 };
    const results = await Promise.all([run('--id', 'a'), run('--id', 'a')]);
    expect(results.map(({ code }) => code).sort()).toEqual([0, 2]);
    expect(results.find(({ code }) => code === 2)?.stderr).toMatch(/makes a golden run in .* already/);
    expect(goldenLines()).toHaveLength(JUDGES.length * (ITEMS + 5));
  });

  it('never costs more than its month allows', async () => {
    // 150 tokens a call at 1 USD per million: the bound of a call is larger than what it costs.
    writeConfig({ monthlyUsd: 0.01 });
    const result = await run('--id', 'a');
    expect(result.code).toBe(1);
    const report = reportOf(result);
    expect(report.ended).toBe('over_budget');
    expect(report.asked).toBeGreaterThan(2 * (ITEMS + 5));
    const spent = goldenLines().reduce((sum, { golden }) => sum + golden.costUsd, 0);
    expect(spent).toBeLessThanOrEqual(0.01);
    expect(goldenLines().filter(({ golden }) => golden.judge === 'gemini')).toHaveLength(ITEMS + 5);
  });

  it('is refused once it was edited by hand', async () => {
    appendFileSync(path('golden.jsonl'), '{}\n');
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('the seal is broken');
    expect(goldenLines()).toEqual([]);
  });
});
