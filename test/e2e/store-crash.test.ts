import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite';
import { openDatabase } from '../../src/store/sqlite-database';
import { buildOutcomeItem } from '../support/builders/ledger-record';
import { seededRandom } from '../support/builders/random';
import { buildVerdict } from '../support/builders/verdict';

const KILLS = 50;
const PER_BATCH = 5;

/** Writes batch after batch from where the store left off, and says the number of each once it is acknowledged. */
const WRITER = `
const { openSqliteStore } = require(process.argv[1]);
const { item, verdict } = JSON.parse(process.argv[3]);
(async () => {
  const store = openSqliteStore({ path: process.argv[2], searchText: true, key: null });
  for (let n = Number((await store.position('test')) ?? 0); ; n++) {
    const verdicts = [], entries = [];
    for (let i = n * ${PER_BATCH}; i < (n + 1) * ${PER_BATCH}; i++) {
      const ids = { interactionId: 'i-' + i, conversationId: 'c-' + i, verdictId: 'v-' + i, occurredAt: 1000 * i };
      const interaction = { input: [{ role: 'user', content: 'question ' + i }], output: { text: 'answer '.repeat(200) } };
      verdicts.push({ value: { ...verdict, ...ids, interaction }, json: JSON.stringify({ ...verdict, ...ids, interaction }) });
      const source = { topic: 't', partition: 0, offset: BigInt(i) };
      entries.push({ position: BigInt(i), record: { kind: 'outcome', source, recordedAt: 1, outcome: 'judged', deadLetterReason: null, item: { ...item, ...ids } } });
    }
    await store.write({ verdicts, entries, positions: { test: String(n + 1) } });
    process.stdout.write(n + 1 + '\\n');
  }
})();
`;

/** Acknowledged batches according to the writer, when it was killed after so many of its own. */
async function writeUntilKilled(path: string, template: string, acknowledgements: number): Promise<number> {
  const store = resolve(__dirname, '..', '..', 'dist', 'store', 'sqlite.js');
  const child: ChildProcess = spawn(process.execPath, ['-e', WRITER, store, path, template], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let seen = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    seen = text.split('\n').length - 1;
    // Data comes in while the next batch is being written: the kill falls into its middle.
    if (seen >= acknowledgements) child.kill('SIGKILL');
  });
  await new Promise((settle) => child.once('close', settle));
  return Number(text.trim().split('\n').at(-1) ?? 0);
}

it('survives being killed while it writes: nothing acknowledged is lost, nothing is doubled, it opens clean', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'store-crash-'));
  const path = join(folder, 'evidence.db');
  const verdict = { ...buildVerdict(), source: null };
  const template = JSON.stringify({ item: buildOutcomeItem(), verdict });
  const random = seededRandom(11);
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await writeUntilKilled(path, template, 1 + Math.floor(random.next() * 6));
      const store = openSqliteStore({ path, searchText: true, key: null });
      const position = Number(await store.position('test'));
      expect(position).toBeGreaterThanOrEqual(acknowledged);
      const { interactions, verdicts } = await store.size();
      expect([kill, interactions, verdicts]).toEqual([kill, position * PER_BATCH, position * PER_BATCH]);
      const last = await store.interaction(`i-${position * PER_BATCH - 1}`);
      expect(last?.verdictJson).not.toBeNull();
      await store.close();
    }
    const db = openDatabase(path);
    expect(db.prepare('PRAGMA integrity_check').row()).toEqual(['ok']);
    expect(db.prepare(`INSERT INTO words (words) VALUES ('integrity-check')`).run().changes).toBeGreaterThanOrEqual(0);
    db.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
