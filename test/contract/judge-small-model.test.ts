import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { dataFile, readRows } from '../../bench/support/data';
import type { JudgeAnswer } from '../../src/domain/verdict';
import { createAsk } from '../../src/judge/ask';
import { createOpenAiClient } from '../../src/judge/client/openai';
import { createNonceSource } from '../../src/judge/fence';
import { resolveJudge } from '../../src/judge/judge';
import { criterionOptions, judgeOptions } from '../../src/judge/options';
import { buildInteraction } from '../support/builders/interaction';

/**
 * A real model at the other end of the OpenAI wire. It takes minutes and its weights are no dependency of ours, so it runs
 * where it is asked for: `npm run test:small-model`, which brings them.
 */
const FOLDER = join(process.env['PLUMBLINE_CACHE'] ?? resolve(__dirname, '..', '..', '.cache'), 'small-model');
const ITEMS = Number(process.env['PLUMBLINE_SMALL_MODEL_ITEMS'] ?? 50);
/** The machine may be busy with other things. */
const LONGEST_MS = 3 * 3_600_000;

interface Row {
  readonly prompt: string;
  readonly response: string;
}

const describeIfAsked = process.env['PLUMBLINE_SMALL_MODEL'] === '1' ? describe : describe.skip;
if (describeIfAsked === describe.skip) {
  process.stderr.write('SKIPPED a real small model as a judge: PLUMBLINE_SMALL_MODEL=1 asks for it\n');
}

describeIfAsked('a real small model behind the OpenAI wire', () => {
  let server: ChildProcess | null = null;
  afterAll(() => server?.kill());

  it(
    `gives no unreadable answer about ${ITEMS} real interactions`,
    async () => {
      if (!existsSync(join(FOLDER, 'model.gguf')))
        throw new Error(`no model in ${FOLDER}: scripts/install-small-model.sh`);
      const path = dataFile('realmistake');
      if (path === null) throw new Error('no recorded rows: set PLUMBLINE_DATA');
      // The shortest, so that an hour is enough on a slow machine; the window of the model holds 4096 tokens.
      const rows = readRows<Row>(path)
        .sort((a, b) => lengthOf(a) - lengthOf(b))
        .slice(0, ITEMS);
      expect(rows).toHaveLength(ITEMS);

      const started = spawn(process.execPath, [join(__dirname, '..', 'support', 'small-model', 'serve.mjs'), FOLDER], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      server = started;
      const [baseUrl] = (await once(createInterface(started.stdout), 'line')) as [string];
      const options = judgeOptions.parse({
        name: 'small',
        model: 'gemma-3-270m',
        baseUrl,
        grammar: 'per_call',
        maxOutputTokens: 400,
        maxConcurrent: 1,
        timeoutMs: 600_000,
        retries: 0,
      });
      const client = createOpenAiClient(options, { apiKey: null });
      const judge = resolveJudge(options, [], client);
      const criteria = [criterionOptions.parse({ name: 'correct', rubric: 'Is every statement of the answer true?' })];
      const ask = createAsk({
        monotonicMs: () => performance.now(),
        drawNonce: createNonceSource(randomUUID),
        onCall: () => undefined,
        inputBudgetChars: 2000,
      });
      const answers: JudgeAnswer[] = [];
      try {
        for (const { prompt, response } of rows) {
          const output = { text: response, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] };
          const interaction = buildInteraction({ input: [{ role: 'user', content: prompt }], output });
          const reply = await ask(judge, { interaction, criteria }, new AbortController().signal);
          answers.push(...reply.values());
          const last = answers.at(-1);
          process.stderr.write(`${answers.length} of ${ITEMS}: ${last?.outcome}, ${Math.round(last?.ms ?? 0)} ms\n`);
        }
      } finally {
        await client.close();
      }
      const outcomes = countBy(answers.map(({ outcome }) => outcome));
      const seconds = answers.reduce((sum, { ms }) => sum + ms, 0) / 1000;
      process.stderr.write(`small model: ${JSON.stringify({ items: answers.length, outcomes, seconds })}\n`);
      expect((outcomes['scored'] ?? 0) + (outcomes['not_applicable'] ?? 0)).toBe(ITEMS);
    },
    LONGEST_MS,
  );
});

function lengthOf({ prompt, response }: Row): number {
  return prompt.length + response.length;
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
