import { MUTANTS } from '../test/support/protocol/mutants';
import { runSchedule } from '../test/support/protocol/schedule';
import { finish, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s simulate:protocol -- [--json] [--quick] [--seed N] [--schedules N]
 *
 * Seeded runs of the real pipeline, fold and checkpoints over ports that are faked, in virtual time: kills, zombies,
 * lost acknowledgements, refused writes, reorders, rebalances, changes of configuration. Then the same with mistakes
 * planted at the ports, each of which has to be caught.
 *
 * `--schedules N` (default 5000, some 10 ms each; `--quick` 1000), `--seed S` where the seeds begin.
 */
const DEFAULT_SCHEDULES = 5000;
const QUICK_SCHEDULES = 1000;
const MUTANT_SCHEDULES = 500;
const SHOWN = 10;

runScript(async () => {
  const flags = scriptFlags();
  const args = process.argv.slice(2);
  const at = args.indexOf('--schedules');
  const schedules = at >= 0 ? Number(args[at + 1]) : flags.quick ? QUICK_SCHEDULES : DEFAULT_SCHEDULES;
  if (!Number.isInteger(schedules) || schedules < 1) throw new Error('--schedules wants a whole number of at least 1');
  const startedAt = performance.now();

  let [lost, wrong, lines, duplicates] = [0, 0, 0, 0];
  const events: Record<string, number> = {};
  const failures: string[] = [];
  for (let i = 0; i < schedules; i++) {
    const seed = flags.seed * 1_000_003 + i;
    const outcome = await runSchedule(seed);
    lost += outcome.lost;
    lines += outcome.lines;
    duplicates += outcome.duplicates;
    if (outcome.wrong.length > 0) {
      wrong += 1;
      failures.push(`schedule ${seed}: lost ${outcome.lost}; ${outcome.wrong.join('; ')}`);
    }
    for (const [name, count] of Object.entries(outcome.events)) events[name] = (events[name] ?? 0) + count;
  }

  const caught: Record<string, number> = {};
  const tried = Math.min(schedules, MUTANT_SCHEDULES);
  for (const mutant of MUTANTS) {
    caught[mutant] = 0;
    for (let i = 0; i < tried; i++) {
      const { wrong: differences } = await runSchedule(flags.seed * 1_000_003 + i, mutant);
      if (differences.length > 0) caught[mutant] += 1;
    }
  }
  const mutantsCaught = MUTANTS.filter((mutant) => (caught[mutant] ?? 0) > 0).length;
  const seconds = (performance.now() - startedAt) / 1000;

  const table = [
    `${schedules} schedules in ${seconds.toFixed(0)} s: ${lost} records lost, ${wrong} schedules wrong`,
    `${lines} lines in the ledger, ${duplicates} of them again for an offset that had one`,
    `events: ${Object.entries(events)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    ...MUTANTS.map((mutant) => `mutant "${mutant}": caught in ${caught[mutant] ?? 0} of ${tried}`),
    ...failures.slice(0, SHOWN),
  ];
  finish(flags, table.join('\n'), {
    schedules,
    lost,
    wrong,
    mutants: MUTANTS.length,
    mutants_caught: mutantsCaught,
    caught,
    lines,
    duplicates,
    seconds: Math.round(seconds),
  });
  if (lost > 0 || wrong > 0 || mutantsCaught < MUTANTS.length) process.exitCode = 1;
});
