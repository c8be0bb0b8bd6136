import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { verdictLine } from '../../src/compose/codecs';
import { openDataDirectory } from '../../src/compose/data-directory';
import type { GoldenRunReport } from '../../src/compose/golden/run';
import { foldDirectory } from '../../src/compose/ledger/fold';
import { openRecorded } from '../../src/compose/replay/recorded';
import type { GoldenRunSummary } from '../../src/domain/golden-standing';
import { labelRecord } from '../../src/domain/ledger-record';
import { normaliseForJudge } from '../../src/judge/normalise';
import { buildInteraction } from '../support/builders/interaction';
import { buildLabel } from '../support/builders/keyed-record';
import { buildMarker } from '../support/builders/ledger-record';
import { monitorConfig } from '../support/builders/monitor-config';
import { buildCriterionVerdict, buildVerdict } from '../support/builders/verdict';
import { loadedText } from '../support/config-text';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import type { CliResult } from '../support/run-cli';
import { runInProcess } from '../support/run-in-process';

interface Row {
  readonly item_id: string;
  readonly prompt: string;
  readonly response: string;
  readonly response_model: string;
  readonly human_label: 'error' | 'no_error';
  readonly verdicts: readonly { readonly judge: string; readonly prompt: string; readonly parsed: string | null }[];
}

const FILE = join(process.env['PLUMBLINE_DATA'] ?? join(__dirname, '../../../shared/data'), 'realmistake.jsonl.gz');
const isThere = existsSync(FILE);
if (!isThere && process.env['PLUMBLINE_REQUIRE_ALL'] === undefined) {
  process.stderr.write('recorded judges are not re-run: no realmistake.jsonl.gz under PLUMBLINE_DATA\n');
}
const suite = isThere || process.env['PLUMBLINE_REQUIRE_ALL'] !== undefined ? describe : describe.skip;

/** What each configured judge is before and after the provider changes it: recorded judge and prompt. */
const CHANGES: Readonly<Record<string, readonly [string, string]>> = {
  gpt: ['gpt-4-0613/p1', 'gpt-4-0125-preview/p1'],
  claude: ['claude-3-opus-20240229/p1', 'claude-3-opus-20240229/p2'],
  quiet: ['gpt-4-0613/p1', 'gpt-4-0613/p2'],
};

jest.setTimeout(300_000);

suite('a golden run on recorded judges whose version changes', () => {
  let directory: string;
  let server: JudgeServer;
  let phase: 0 | 1 = 0;
  const path = (name: string): string => join(directory, name);
  const loaded = () => loadedText(readFileSync(path('plumbline.yaml'), 'utf8'));
  const cli = (...args: string[]): Promise<CliResult> =>
    runInProcess([...args, '--config', path('plumbline.yaml'), '--json']);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'plumbline-recorded-'));
    const rows = gunzipSync(readFileSync(FILE))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    const byAnswer = new Map(rows.map((row) => [normaliseForJudge(row.response, 100_000), row]));
    server = await startJudgeServer((request) => {
      const said = CHANGES[request.body.model]?.[phase] ?? '';
      const row = byAnswer.get(request.fields['answer'] ?? '');
      const parsed = row?.verdicts.find(({ judge, prompt }) => `${judge}/${prompt}` === said)?.parsed ?? null;
      const verdict = parsed === 'no_error' ? 'pass' : 'fail';
      return completion(parsed === null ? 'I cannot say.' : verdicts(request, { verdict, confidence: 100 }), {
        model: said,
      });
    });
    const judge = (name: string, family: string): object => ({ name, model: name, family, baseUrl: server.baseUrl });
    const panels = { cheap: [['claude']], ensemble: [['gpt', 'quiet']] };
    writeFileSync(
      path('plumbline.yaml'),
      monitorConfig({
        criteria: [{ name: 'correct', rubric: 'Is the answer free of errors?' }],
        models: [
          { match: 'gpt-4*', family: 'openai' },
          { match: 'Llama*', family: 'meta' },
        ],
        privacy: { retain: 'redacted' },
        judges: [judge('gpt', 'openai'), judge('claude', 'anthropic'), judge('quiet', 'mistral')],
        cascade: { ...panels, independence: 'warn', inputBudgetChars: 100_000 },
        golden: { set: path('golden.jsonl'), duplicates: 20, concurrency: 16 },
      }),
    );
    appendFileSync(path('ledger.jsonl'), '');
    const lines = rows.map((row) => {
      const built = buildInteraction();
      const interaction = buildInteraction({
        interactionId: row.item_id,
        conversationId: row.item_id,
        producer: { ...built.producer, model: row.response_model },
        input: [{ role: 'user', content: row.prompt }],
        context: [],
        output: { ...built.output, text: row.response, toolCalls: [] },
      });
      const criteria = [buildCriterionVerdict({ criterion: 'correct', cheap: [] })];
      return verdictLine(buildVerdict({ interactionId: row.item_id, interaction, criteria }));
    });
    writeFileSync(path('verdicts.jsonl'), `${lines.join('\n')}\n`);
    const recorded = await openRecorded(loaded(), { directory });
    await recorded.append(
      rows.map(({ item_id: interactionId, human_label: said }) => {
        const label = { interactionId, criterion: 'correct', value: said === 'no_error' ? 1 : 0, judges: [] };
        return labelRecord(buildLabel({ ...label, reason: 'import', probability: null }), 1);
      }),
    );
    const frozen = await cli('golden', 'freeze', '--data', directory, '--out', path('golden.jsonl'), '--size', '1000');
    expect([frozen.code, frozen.stderr]).toEqual([
      0,
      expect.stringContaining(`${rows.length} of ${rows.length} items`),
    ]);
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = async (id: string): Promise<Map<string, GoldenRunSummary>> => {
    const result = await cli('golden', 'run', '--data', directory, '--id', id);
    expect([result.code, result.stderr]).toEqual([0, expect.any(String)]);
    const { runs } = JSON.parse(result.stdout) as GoldenRunReport;
    return new Map(runs.map((summary) => [summary.judge, summary]));
  };
  const drifted = async (): Promise<string[]> => {
    const data = await openDataDirectory(directory);
    // A monitor writes one every second; alerts are told at markers.
    await data.ledger.append([buildMarker([], { recordedAt: Date.now() })]);
    const { alerts } = await foldDirectory(data, loaded());
    await data.close();
    return alerts.filter(({ series }) => series.kind === 'judge_drift').map(({ series }) => series.panel);
  };

  it('says nothing while they stay, names those whose verdicts moved, and not the one whose did not', async () => {
    const same = await run('same');
    for (const summary of same.values()) expect(summary.changed).toMatchObject({ up: 0, down: 0 });
    expect(await drifted()).toEqual([]);

    phase = 1;
    const moved = await run('moved');
    expect(moved.get('gpt')?.reportedVersion).toBe('gpt-4-0125-preview/p1');
    expect((await drifted()).sort()).toEqual(['claude', 'gpt']);
  });

  it('tells the fresh part apart, and observes judges on answers of their own family', async () => {
    const { items, drift, freshDrift, byProducer } = (await run('again')).get('gpt')!;
    expect(freshDrift?.n).toBeGreaterThan(0.15 * items);
    expect(freshDrift?.n).toBeLessThan(0.25 * items);
    expect(drift?.n).toBeGreaterThan(freshDrift?.n ?? 0);
    expect(Object.keys(byProducer).sort()).toEqual(['meta', 'openai']);
    expect(byProducer['openai']?.n).toBeGreaterThan(100);
  });
});
