import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTable } from '../src/cli/format';
import { finish, flagValue, runScript, scriptFlags } from './support/script';

/**
 * What takes too long for every change, one after the other: `npm run -s nightly -- [--json] [--only NAME,…] [--quick]`.
 * Goes on after a step that fails, and ends with code 1 when one did. Each step's output is in `.cache/nightly/NAME.log`;
 * `.cache/nightly/summary.json` holds exit code, minutes and figures of all, and the minutes are the next run's estimates.
 * `--quick` shortens the steps that can be, to some ten minutes in all.
 */
const FOLDER = join('.cache', 'nightly');
const SUMMARY = join(FOLDER, 'summary.json');

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly quick: readonly string[];
  /** On two idle cores, before a run here has measured it. */
  readonly minutes: number;
  readonly env?: Readonly<Record<string, string>>;
}

const script = (name: string, ...args: string[]): string[] => ['npm', 'run', '-s', name, '--', '--json', ...args];

const STEPS: readonly Step[] = [
  {
    name: 'hostile',
    command: script('test:hostile', '--nightly'),
    quick: script('test:hostile', '--quick'),
    minutes: 20,
  },
  {
    name: 'protocol',
    command: script('simulate:protocol', '--schedules', '50000'),
    quick: script('simulate:protocol', '--quick'),
    minutes: 22,
  },
  { name: 'chaos', command: script('chaos', '--cycles', '24'), quick: script('chaos', '--quick'), minutes: 17 },
  { name: 'overload', command: script('bench:overload'), quick: script('bench:overload', '--quick'), minutes: 11 },
  { name: 'soak', command: script('soak', '--minutes', '30'), quick: script('soak', '--quick'), minutes: 32 },
  {
    name: 'replies',
    command: ['npx', 'jest', 'test/property/judge/provider-fuzz.test.ts'],
    quick: ['npx', 'jest', 'test/property/judge/provider-fuzz.test.ts'],
    minutes: 5,
    env: { PLUMBLINE_FUZZ: '1000000' },
  },
];

interface StepResult {
  readonly name: string;
  readonly exit: number | null;
  readonly minutes: number;
  /** The last line of its output where that is JSON; null where it is not, and why. */
  readonly figures: unknown;
  readonly why?: string;
}

runScript(async () => {
  const flags = scriptFlags();
  const only = flagValue('--only')?.split(',');
  const steps = STEPS.filter(({ name }) => only?.includes(name) ?? true);
  const unknown = only?.filter((name) => !STEPS.some((step) => step.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`--only wants some of ${STEPS.map(({ name }) => name).join(', ')}`);
  mkdirSync(FOLDER, { recursive: true });
  const estimates = flags.quick ? new Map<string, number>() : minutesOfLastRun();
  const estimateOf = ({ name, minutes }: Step): number => (flags.quick ? 1.5 : (estimates.get(name) ?? minutes));
  const results: StepResult[] = [];
  for (const [i, step] of steps.entries()) {
    const leftMinutes = steps.slice(i).reduce((sum, one) => sum + estimateOf(one), 0);
    const done = new Date(Date.now() + leftMinutes * 60_000);
    const about = `about ${estimateOf(step).toFixed(0)} min; all done about ${clockTime(done)}`;
    process.stderr.write(`${clockTime(new Date())} ${i + 1} of ${steps.length}: ${step.name}, ${about}\n`);
    const result = await run(step, flags.quick);
    process.stderr.write(`${clockTime(new Date())} ${step.name}: exit code ${result.exit}, ${result.minutes} min\n`);
    results.push(result);
  }
  const summary = { at: new Date().toISOString(), quick: flags.quick, steps: results };
  writeFileSync(SUMMARY, `${JSON.stringify(summary, null, 2)}\n`);
  const rows = results.map(({ name, exit, minutes }) => [name, String(exit), minutes.toFixed(1)]);
  finish(flags, `${formatTable([['step', 'exit code', 'minutes'], ...rows])}\nfigures: ${SUMMARY}`, summary);
  if (results.some(({ exit }) => exit !== 0)) process.exitCode = 1;
});

function run({ name, command, quick, env = {} }: Step, isQuick: boolean): Promise<StepResult> {
  const [program = '', ...args] = isQuick ? quick : command;
  const startedAt = performance.now();
  const log = createWriteStream(join(FOLDER, `${name}.log`));
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(isQuick ? {} : env) },
  });
  let tail = '';
  child.stdout.on('data', (chunk: Buffer) => {
    log.write(chunk);
    tail = (tail + chunk.toString('utf8')).slice(-1_000_000);
  });
  child.stderr.on('data', (chunk: Buffer) => log.write(chunk));
  return new Promise((resolve) => {
    const end = (exit: number | null): void => {
      log.end();
      const minutes = Math.round((performance.now() - startedAt) / 6_000) / 10;
      resolve({ name, exit, minutes, ...figuresIn(tail) });
    };
    child.once('error', (error) => {
      log.write(String(error));
      end(null);
    });
    child.once('close', end);
  });
}

function figuresIn(output: string): { readonly figures: unknown; readonly why?: string } {
  try {
    return { figures: JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as unknown };
  } catch {
    return { figures: null, why: 'the last line of its output is not JSON' };
  }
}

function minutesOfLastRun(): Map<string, number> {
  if (!existsSync(SUMMARY)) return new Map();
  const { quick, steps } = JSON.parse(readFileSync(SUMMARY, 'utf8')) as { quick: boolean; steps: StepResult[] };
  return new Map(quick ? [] : steps.filter(({ exit }) => exit === 0).map(({ name, minutes }) => [name, minutes]));
}

function clockTime(at: Date): string {
  return at.toTimeString().slice(0, 5);
}
