import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerLines } from '../../../../src/compose/codecs';
import { verifyBundleFile } from '../../../../src/compose/on-call/on-call';
import type { Rerun } from '../../../../src/compose/on-call/rerun';
import { SMALL_CONFIG } from '../../../support/config-text';
import { completion, startJudgeServer, verdicts } from '../../../support/judge-server';
import { runInProcess } from '../../../support/run-in-process';
import { evidenceOf } from '../../../support/stored-evidence';

describe('on-call commands over a data directory', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'on-call-'));
    const all = Array.from({ length: 200 }, (_, n) =>
      evidenceOf(n, {
        text: n === 7 ? '\u001b[2Jcleared <b>you</b>' : `answer ${n}`,
        item: { occurredAt: 1e12 + n * 60_000 },
      }),
    );
    const lines = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');
    await writeFile(
      join(directory, 'verdicts.jsonl'),
      lines(all.flatMap(({ verdicts }) => verdicts.map(({ json }) => json))),
    );
    const entries = all.flatMap((one) => one.entries.map(({ record }) => ledgerLines.toJson(record)));
    await writeFile(join(directory, 'ledger.jsonl'), lines(entries));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const run = (...args: string[]): ReturnType<typeof runInProcess> => runInProcess([...args, '--data', directory]);

  it('explains a score in words, and lets no answer write escape sequences', async () => {
    const { code, stdout } = await run('explain', 'i-7');
    expect(code).toBe(0);
    expect(stdout).toContain('helpful: pass: 0 of 1 judges failed it');
    expect(stdout).toContain('cleared <b>you</b>');
    expect(stdout).not.toContain('\u001b');
    expect(JSON.parse((await run('explain', 'i-7', '--json')).stdout)).toMatchObject({ interaction_id: 'i-7' });
  });

  it('asks the judges of a verdict again, and prints today’s spread beside the score of then', async () => {
    const server = await startJudgeServer((request) =>
      completion(verdicts(request, request.index === 1 ? { verdict: 'fail', confidence: 60 } : { confidence: 80 })),
    );
    try {
      const config = join(directory, 'plumbline.yaml');
      const judges = SMALL_CONFIG.replaceAll('http://127.0.0.1/v1', server.baseUrl).replaceAll('one', 'cheap-1');
      await writeFile(config, judges);
      const { code, stdout } = await run('explain', 'i-7', '--rerun', '3', '--config', config, '--json');
      expect(code).toBe(0);
      const { rerun } = JSON.parse(stdout) as { rerun: Rerun };
      expect(server.requests).toHaveLength(3);
      expect(rerun.rows).toEqual([
        { criterion: 'helpful', judge: 'cheap-1', then: 0.9, now: [0.8, 0.4, 0.8], missing: {} },
      ]);
      const text = await run('explain', 'i-7', '--rerun', '1', '--config', config);
      expect(text.stdout).toContain('Asked again 1 times');
      expect((await run('explain', 'i-7', '--rerun', '99', '--config', config)).code).toBe(2);
    } finally {
      await server.close();
    }
  });

  it('says so when there is no such interaction', async () => {
    const { code, stderr } = await run('explain', 'nobody');
    expect([code, stderr]).toEqual([2, expect.stringContaining('no interaction nobody')]);
  });

  it('reports on a segment and a time, as Markdown and as JSON', async () => {
    const from = new Date(1e12 + 100 * 60_000).toISOString();
    const { code, stdout } = await run('investigate', '--segment', 'all', '--from', from);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing moved beyond doubt');
    const { stdout: json } = await run('investigate', '--segment', 'all', '--from', from, '--json');
    expect(JSON.parse(json)).toMatchObject({ periods: { before: { values: 100 }, after: { values: 100 } } });
    expect((await run('investigate')).code).toBe(2);
  });

  it('writes a bundle in which any changed byte is seen', async () => {
    const file = join(directory, 'incident.bundle');
    expect((await run('investigate', '--segment', 'all', '--bundle', file)).code).toBe(0);
    expect((await runInProcess(['investigate', 'verify', file])).code).toBe(0);
    const whole = await readFile(file);
    const damaged = join(directory, 'damaged.bundle');
    for (let n = 0; n < 60; n++) {
      const at = Math.floor((n / 60) * whole.length);
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ (1 << (n % 8));
      await writeFile(damaged, bytes);
      expect([at, await verifyBundleFile(damaged)]).toEqual([at, expect.any(String)]);
    }
    expect((await runInProcess(['investigate', 'verify', damaged])).code).toBe(1);
    await writeFile(damaged, whole.subarray(0, whole.length - 1));
    expect(await verifyBundleFile(damaged)).not.toBeNull();
  });

  it('notes a release in the ledger, which the timeline then shows', async () => {
    const at = new Date(1e12 + 90 * 60_000).toISOString();
    expect((await run('annotate', '--kind', 'release', '--text', 'went out 2026.11.2', '--at', at)).code).toBe(0);
    const from = new Date(1e12 + 100 * 60_000).toISOString();
    const { stdout } = await run('investigate', '--segment', 'all', '--from', from);
    expect(stdout).toContain('release: went out 2026.11.2 (local)');
  });

  it('erases a conversation from every file that holds its text, and prints a receipt without the id', async () => {
    const { code, stdout } = await run('erase', '--conversation', 'c-33');
    expect(code).toBe(0);
    expect(stdout).not.toContain('c-33');
    const { places } = JSON.parse(stdout) as { places: { place: string; erased: number }[] };
    const erasedIn = (name: string): number | undefined => places.find(({ place }) => place === name)?.erased;
    expect(erasedIn('evidence store: interactions')).toBe(1);
    expect(erasedIn('verdicts.jsonl')).toBe(1);
    for (const name of (await readdir(directory)).filter((one) => /^(verdicts|evidence)/.test(one))) {
      expect([name, (await readFile(join(directory, name))).includes('answer 33')]).toEqual([name, false]);
    }
    expect((await run('explain', 'i-33')).code).toBe(2);
    expect((await run('explain', 'i-34')).code).toBe(0);
    expect((await run('erase')).code).toBe(2);
  });

  it('tells the week', async () => {
    const { code, stdout } = await run('report', '--weekly');
    expect([code, stdout]).toEqual([0, expect.stringContaining('| helpful | all | 0.')]);
  });
});
