import { eventually } from '../eventually';
import { type RunningCli, startCli } from '../run-cli';

/** A story takes half a minute, on a busy machine many times that. */
const STORY = { timeoutMs: 300_000 };

export interface RunningDemo {
  readonly running: RunningCli;
  readonly origin: string;
  read<T>(path: string): Promise<T>;
}

/** The demo of the built program to the end of its story, its console left open. */
export async function startDemo(scenario: string): Promise<RunningDemo> {
  const running = startCli(['demo', '--scenario', scenario, '--once', '--keep', '--port', '0']);
  const origin = await eventually(async () => {
    const found = /console {3}(http:\/\/127\.0\.0\.1:\d+)\//.exec(running.stdout())?.[1];
    if (found === undefined) throw new Error(`the demo has not started: ${running.stderr()}`);
    return found;
  }, STORY);
  await eventually(async () => {
    if (!running.stdout().includes('the console stays open')) throw new Error('the story is not told yet');
  }, STORY);
  const read = async <T>(path: string): Promise<T> => (await (await fetch(`${origin}/api/v1${path}`)).json()) as T;
  return { running, origin, read };
}
