import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunReport } from '../../src/compose/replay/run-report';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { skipLoudly } from '../support/kafka/availability';

const MAIN = join(resolve(__dirname, '..', '..'), 'dist', 'main.js');
const RECORDS = 300;

/**
 * In a mount namespace of its own: a disk of 8 MB, all but a little of it taken, a replay onto it; room is made when the
 * file `free` appears, and what the replay left is copied to where the test can see it.
 */
const SCRIPT = `
set -e
mount -t tmpfs -o size=8m tmpfs "$DISK"
head -c 8200000 /dev/zero > "$DISK/filler"
"$NODE" "$MAIN" replay --input "$INPUT" --config "$CONFIG" --out "$DISK/out" &
replay=$!
until [ -e "$FREE" ]; do sleep 0.1; done
rm "$DISK/filler"
wait $replay
cp -r "$DISK/out/." "$OUT"
`;

const canMount = ((): boolean => {
  try {
    execFileSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    skipLoudly('a full disk', { kind: 'none', why: 'no mount namespace can be had here' });
    return false;
  }
})();

(canMount ? describe : describe.skip)('a full disk', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'full-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds a replay up, which goes on when there is room, and loses and repeats nothing', async () => {
    const at = (name: string): string => join(folder, name);
    const codec = createRecordCodec('interaction');
    const record = (n: number): string =>
      JSON.stringify(codec.toJson(buildInteraction({ interactionId: `i${n}`, conversationId: `c${n}` })));
    writeFileSync(at('in.jsonl'), Array.from({ length: RECORDS }, (_, n) => `${record(n)}\n`).join(''));
    const judges = threeJudges('http://127.0.0.1:9/v1');
    const config = monitorConfig({ judges, sampling: { rate: 0 }, privacy: { retain: 'redacted' } });
    writeFileSync(at('plumbline.yaml'), config);
    for (const name of ['disk', 'out']) mkdirSync(at(name));
    const paths = {
      DISK: at('disk'),
      OUT: at('out'),
      FREE: at('free'),
      INPUT: at('in.jsonl'),
      CONFIG: at('plumbline.yaml'),
    };
    const child = spawn('unshare', ['-rm', '--kill-child', 'sh', '-c', SCRIPT], {
      env: { ...process.env, NODE: process.execPath, MAIN, ...paths },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const exited = new Promise<number | null>((settle) => child.once('close', settle));
    try {
      await eventually(() => expect(stderr).toContain('"code":"ENOSPC"'), { timeoutMs: 30_000 });
      expect(stderr).toContain('writing failed, scoring waits for it');
      writeFileSync(at('free'), '');
      expect({ code: await exited, stderr }).toMatchObject({ code: 0 });
    } finally {
      child.kill('SIGKILL');
    }
    const lines = (name: string): Record<string, unknown>[] =>
      readFileSync(join(at('out'), name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const ids = lines('verdicts.jsonl').map((verdict) => verdict['interaction_id']);
    expect(new Set(ids).size).toBe(RECORDS);
    const report = JSON.parse(readFileSync(join(at('out'), 'report.json'), 'utf8')) as RunReport;
    expect(report.records).toMatchObject({ in: RECORDS, checked_only: RECORDS, duplicate: 0 });
  });
});
