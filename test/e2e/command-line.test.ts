import { mkdtempSync, rmSync, writeFileSync, readFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRecordCodec } from '../../src/decode/avro-codec';
import type { RunReport } from '../../src/compose/replay/run-report';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, THREE_JUDGES, threeJudges } from '../support/builders/monitor-config';
import { completion, startJudgeServer, verdicts } from '../support/judge-server';
import { runCli } from '../support/run-cli';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plumbline-cli-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function configOf(baseUrl: string, more = {}): string {
  return monitorConfig({ judges: threeJudges(baseUrl), ...more });
}

describe('the command line', () => {
  it('reports every fault of a broken configuration at once and exits with 2', async () => {
    const config = write(
      'plumbline.yaml',
      `instance: { name: t }
sampling: { rat: 1 }
criteria: [{ name: helpful, rubric: ok, passAt: 3 }]
judges: [{ name: mini, model: unheard-of, baseUrl: nowhere }]
cascade: { cheap: [[mini]], ensemble: [[mini]] }
`,
    );
    const { code, stderr } = await runCli(['config', 'check', '--config', config]);
    expect(code).toBe(2);
    expect(stderr).toContain('plumbline.yaml:2');
    expect(stderr).toContain('did you mean');
    expect(stderr).toContain('plumbline.yaml:3  criteria[0].passAt');
    expect(stderr).toContain('plumbline.yaml:4  judges[0].baseUrl');
    for (const command of [['run'], ['replay', '--input', config, '--out', directory]]) {
      expect((await runCli([...command, '--config', config])).code).toBe(2);
    }
  });

  it('prints a configuration that means the same when it is read again', async () => {
    const config = write('a.yaml', configOf('http://127.0.0.1:9/v1'));
    const printed = await runCli(['config', 'print', '--config', config]);
    const again = write('b.yaml', printed.stdout);
    const hashes = await Promise.all(
      [config, again].map(async (path) => {
        const { stdout } = await runCli(['config', 'check', '--config', path, '--json']);
        return (JSON.parse(stdout) as { hash: string }).hash;
      }),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('answers a wrong word with usage and exit code 2', async () => {
    const unknown = await runCli(['replay', '--speed', 'fast', '--input', 'x', '--out', 'y']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('wanted `max` or e.g. `10x`');
    expect((await runCli(['no-such-command'])).code).toBe(2);
    expect((await runCli(['--help'])).code).toBe(0);
  });

  it('names an input file that is not there', async () => {
    const config = write('plumbline.yaml', configOf('http://127.0.0.1:9/v1'));
    const gone = join(directory, 'gone.jsonl');
    const { code, stderr } = await runCli(['replay', '--input', gone, '--config', config, '--out', directory]);
    expect(code).toBe(1);
    expect(stderr).toContain(`FILE_UNREADABLE: cannot read ${gone}`);
  });

  it('says so when no monitor answers', async () => {
    const { code, stderr } = await runCli(['status', '--server', 'http://127.0.0.1:9']);
    expect(code).toBe(2);
    expect(stderr).toContain('no monitor answers at http://127.0.0.1:9 ');
  });

  it('gates a release: worse, no worse or undecided by the exit code', async () => {
    const judges = await startJudgeServer((request) =>
      completion(
        verdicts(request, {
          verdict: JSON.stringify(request.body).includes('BROKEN') ? 'fail' : 'pass',
          confidence: 95,
        }),
      ),
    );
    const codec = createRecordCodec('interaction');
    const { producer: usual, output, occurredAt } = buildInteraction();
    const lines = Array.from({ length: 400 }, (_, i) => {
      const release = `v${1 + (i % 2)}`;
      const text = release === 'v2' ? 'BROKEN answer' : 'a good answer';
      const id = { interactionId: `i${i}`, conversationId: `c${i}`, conversationKnown: true };
      const producer = { ...usual, model: 'gpt-4.1', release };
      const at = occurredAt + i * 60_000;
      return JSON.stringify(
        codec.toJson(buildInteraction({ ...id, producer, output: { ...output, text }, occurredAt: at })),
      );
    });
    const config = write(
      'plumbline.yaml',
      configOf(judges.baseUrl, { cascade: { ...THREE_JUDGES, auditProbability: 0.5 } }),
    );
    const replay = async (name: string, of: readonly string[]): Promise<string> => {
      const out = join(directory, name);
      const input = write(`${name}.jsonl`, of.join('\n'));
      expect((await runCli(['replay', '--input', input, '--config', config, '--out', out])).code).toBe(0);
      return out;
    };
    const [all, few] = await Promise.all([replay('all', lines), replay('few', lines.slice(0, 20))]).finally(() =>
      judges.close(),
    );
    const gate = (data: string, where: string, against: string): ReturnType<typeof runCli> =>
      runCli(['compare', '--data', data, '--where', where, '--against', against, '--config', config, '--json']);
    const worse = await gate(all, 'release=v2', 'release=v1');
    expect(worse.code).toBe(6);
    expect(JSON.parse(worse.stdout)).toMatchObject({ verdict: 'worse', sessions: { first: 200, second: 199 } });
    expect((await gate(all, 'release=v1', 'release=v2')).code).toBe(0);
    expect((await gate(few, 'release=v2', 'release=v1')).code).toBe(5);
    expect((await runCli(['compare', '--data', few, '--config', config])).code).toBe(2);
  }, 60_000);

  it('replays plain and gzipped lines, bad ones among them, and writes what it says', async () => {
    const judges = await startJudgeServer((request) =>
      completion(verdicts(request, { verdict: 'pass', confidence: 95 })),
    );
    const codec = createRecordCodec('interaction');
    const producer = { ...buildInteraction().producer, model: 'gpt-4.1' };
    const lines = Array.from({ length: 40 }, (_, i) =>
      JSON.stringify(codec.toJson(buildInteraction({ producer, interactionId: `i${i}`, conversationId: `c${i}` }))),
    );
    const plain = write('one.jsonl', `${lines.slice(0, 20).join('\n')}\n\n{"broken\n`);
    const zipped = write('two.jsonl.gz', gzipSync(`${lines.slice(20).join('\n')}\n${lines[20]}\n`));
    const config = write('plumbline.yaml', configOf(judges.baseUrl));
    const out = join(directory, 'out');
    const { code, stdout } = await runCli([
      'replay',
      '--input',
      plain,
      zipped,
      '--config',
      config,
      '--out',
      out,
      '--json',
    ]);
    await judges.close();
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as RunReport;
    expect(report.records).toMatchObject({ in: 42, judged: 40, dead_lettered: 1, duplicate: 1 });
    expect(report.criteria['helpful']).toMatchObject({ scored: 40, pass: 40, unjudged: 0 });
    for (const file of ['verdicts.jsonl', 'dead-letters.jsonl', 'ledger.jsonl', 'metrics.prom', 'report.json']) {
      expect(existsSync(join(out, file))).toBe(true);
    }
    expect(readFileSync(join(out, 'metrics.prom'), 'utf8')).toContain('plumbline_records_total{outcome="judged"} 40');
    const status = await runCli(['status', '--data', out, '--config', config, '--json']);
    expect(status.code).toBe(0);
    const folded = (JSON.parse(status.stdout) as { report: RunReport }).report;
    expect(folded.records).toEqual(report.records);
    expect(folded.estimates).toEqual(report.estimates);
    const baseline = (...args: string[]): ReturnType<typeof runCli> =>
      runCli(['baseline', ...args, '--data', out, '--config', config]);
    const series = JSON.parse((await baseline('list', '--json')).stdout) as { name: string; state: string }[];
    const score = series.find(({ name }) => name.startsWith('score_regression|all|helpful|'));
    expect(score).toMatchObject({ state: 'learning' });
    const decided = await baseline('reset', score?.name ?? '', '--reason', 'a new prompt', '--author', 'ada');
    expect(decided.code).toBe(0);
    expect(readFileSync(join(out, 'ledger.jsonl'), 'utf8')).toMatch(/"reason":"a new prompt","author":"ada"/);
    expect((await baseline('accept', 'score_regression|all|other|x', '--reason', 'why')).code).toBe(2);
    const seeds = join(directory, 'baselines.yaml');
    expect((await baseline('seed', '--out', seeds)).stdout).toContain('0 baselines');
    expect(readFileSync(seeds, 'utf8')).toContain('baselines: []');
  });
});
