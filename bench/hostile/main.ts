import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTable } from '../../src/cli/format';
import { finish, runScript, scriptFlags } from '../support/script';
import { type FuzzResult, fuzzAvro, fuzzChecks, fuzzConfigs, fuzzJson, fuzzReplies } from './fuzz';
import { hasPassed, runRows } from './run-rows';

/** Inputs of a full run; `--quick` takes a hundredth, `--nightly` ten times as many. */
const INPUTS = { avro: 1_000_000, json: 200_000, judge: 100_000, config: 10_000, checks: 100_000 };

async function main(): Promise<void> {
  const flags = scriptFlags();
  const scale = flags.quick ? 0.01 : process.argv.includes('--nightly') ? 10 : 1;
  const root = process.env['PLUMBLINE_ROOT'] ?? process.cwd();
  // Comments are most of the example and would take most of the mutations.
  const sample = readFileSync(join(root, 'examples', 'plumbline.yaml'), 'utf8').replaceAll(/^\s*#.*\n/gm, '');
  const fuzzing: Record<string, FuzzResult> = {
    avro: fuzzAvro(INPUTS.avro * scale, flags.seed),
    json: fuzzJson(INPUTS.json * scale, flags.seed),
    judge: fuzzReplies(INPUTS.judge * scale, flags.seed),
    checks: fuzzChecks(INPUTS.checks * scale, flags.seed),
    config: fuzzConfigs(INPUTS.config * scale, flags.seed, sample),
  };
  const rows = await runRows(root);
  const results = Object.values(fuzzing);
  const most = (take: (one: FuzzResult) => number): number => Math.max(...results.map(take));
  const crashes = results.reduce((sum, one) => sum + one.crashes, 0);
  const open = rows.filter((row) => !hasPassed(row));
  const figures = {
    avro_fuzz: fuzzing['avro']?.inputs,
    json_fuzz: fuzzing['json']?.inputs,
    judge_fuzz: fuzzing['judge']?.inputs,
    config_fuzz: fuzzing['config']?.inputs,
    checks_fuzz: fuzzing['checks']?.inputs,
    crashes,
    max_ms: round(most(({ maxMs }) => maxMs)),
    grown_mb: round(most(({ grownMb }) => grownMb)),
    rows_passed: rows.length - open.length,
    rows_open: open.length,
    open: open.map(({ threat, failed, open: left }) => ({ threat, failed, left })),
    by_format: fuzzing,
  };
  const tables = [
    formatTable([
      ['fuzzed', 'inputs', 'read as sound', 'crashes', 'slowest, CPU ms', 'heap grown, MB', 'seconds'],
      ...Object.entries(fuzzing).map(([name, one]) => [
        name,
        ...[one.inputs, one.sound, one.crashes, round(one.maxMs), round(one.grownMb), Math.round(one.seconds)].map(
          String,
        ),
      ]),
    ]),
    formatTable([
      ['threat', 'tests passed', 'not passed', 'note'],
      ...rows.map((row) => [row.threat, String(row.passed), String(row.failed.length), row.open ?? row.reason ?? '']),
    ]),
  ];
  finish(flags, tables.join('\n\n'), figures);
  if (crashes > 0 || rows.some(({ failed }) => failed.length > 0)) process.exitCode = 1;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

runScript(main);
