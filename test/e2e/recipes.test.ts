import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Inspection } from '../../src/compose/setup/inspect';
import { skipLoudly } from '../support/kafka/availability';
import { runCli } from '../support/run-cli';

const ROOT = resolve(__dirname, '..', '..');
const python = spawnSync('python3', ['--version']).status === 0;
if (!python) skipLoudly('the Python recipe', { kind: 'none', why: 'python3 is not installed' });

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'plumbline-recipe-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function inspectLines(text: string): Promise<Inspection> {
  const file = join(folder, 'records.jsonl');
  writeFileSync(file, text);
  const { stdout, stderr } = await runCli(['inspect', '--input', file, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Inspection;
}

(python ? it : it.skip)('the Python recipe prints records that need no mapping', async () => {
  const printed = execFileSync('python3', [join(ROOT, 'examples', 'emit.py'), '--stdout'], { encoding: 'utf8' });
  const seen = await inspectLines(printed);
  expect(seen).toMatchObject({ shape: 'own', outcomes: { interaction: 1, behaviour: 1 }, faults: [] });
});

it('the Node recipe runs as it stands, against the package as it is built', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'recipes', 'node.md'), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  // Only the broker is a double; session, response and messages are the application's own.
  const script = `
    const Module = require('node:module');
    const load = Module._load;
    const sent = [];
    class Kafka { producer() { return { connect: async () => {}, send: async (batch) => void sent.push(...batch.messages) }; } }
    Module._load = (name, ...rest) => {
      if (name === 'kafkajs') return { Kafka };
      if (name === 'plumbline/emit') return load(${JSON.stringify(join(ROOT, 'dist', 'emit', 'emit.js'))}, ...rest);
      return load(name, ...rest);
    };
    const crypto = require('node:crypto');
    const session = { id: 'c-9' };
    const messages = [{ role: 'user', content: 'Where is my parcel?' }];
    const response = { id: 'r-1', model: 'gpt-5-mini', text: 'On its way.', finishReason: 'stop' };
    (async () => {
      ${code.replace('rate: 0.2', 'rate: 1')}
      for (const { value } of sent) console.log(value);
    })();`;
  const printed = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const seen = await inspectLines(printed);
  expect(seen).toMatchObject({ shape: 'own', outcomes: { interaction: 1, behaviour: 1 }, faults: [] });
  expect(seen.interactions[0]).toMatchObject({ interactionId: 'r-1', conversationId: 'c-9' });
});

it('the package names the emitter as its only entry besides the command', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  expect(exports['./emit']).toEqual({ types: './dist/emit/emit.d.ts', default: './dist/emit/emit.js' });
});
