/**
 * Outlives a test process that dies without stopping its brokers (kill -9 included) and cleans up after it.
 * Its argument is the folder to remove in the end; on standard input it is told, a line each, "started <pid>" and
 * "ended <pid>". When the input closes, it kills every process started but not ended, removes the folder, and exits.
 */
import { rmSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

const pids = new Set();
const folder = process.argv[2];

for await (const line of createInterface({ input: process.stdin })) {
  const [event, pid] = line.split(' ');
  if (event === 'started') pids.add(Number(pid));
  else pids.delete(Number(pid));
}

for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the last word and now.
  }
}
if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
