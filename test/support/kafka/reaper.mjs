/**
 * Outlives a test process that dies without stopping its brokers (kill -9 included) and cleans up after it.
 * Told on standard input, a line each: "started <pid>", "ended <pid>", "folder <path>". When the input closes, it kills
 * every process started but not ended, removes the folders, and exits.
 */
import { rmSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

const pids = new Set();
const folders = new Set();

for await (const line of createInterface({ input: process.stdin })) {
  const space = line.indexOf(' ');
  const subject = line.slice(space + 1);
  switch (line.slice(0, space)) {
    case 'started':
      pids.add(Number(subject));
      break;
    case 'ended':
      pids.delete(Number(subject));
      break;
    case 'folder':
      folders.add(subject);
      break;
  }
}

for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the last word and now.
  }
}
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
