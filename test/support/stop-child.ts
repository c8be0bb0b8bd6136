import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Asks a process of ours to end, then makes it; resolves once it has. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await exited;
  clearTimeout(hard);
}
