import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { finish, runScript, scriptFlags, type ScriptFlags } from '../support/script';
import { type BenchBroker, openBroker } from './broker';
import { benchFold } from './fold';
import { benchJudgeCalls } from './judge-calls';
import { benchKafkaPath } from './kafka-path';
import { benchRender } from './metrics-render';
import { type Row, type RowResult, toMarkdown } from './row';
import { benchStages } from './stages';
import { benchStartUp } from './start-up';

/** The parts in their order; the last two need a broker. Named so that `--only` can choose. */
const PARTS = ['fold', 'stages', 'render', 'judge', 'kafka', 'startup'] as const;
type Part = (typeof PARTS)[number];

/** Keeps what the parts found; a part that could not run leaves null and a `why` in its figures. */
function createReport() {
  const rows: Row[] = [];
  const missing: string[] = [];
  return {
    rows,
    missing,
    async add<F extends object>(part: string, names: readonly (keyof F & string)[], run: () => Run<F>) {
      process.stderr.write(`bench: ${part}\n`);
      try {
        const result = await run();
        rows.push(...result.rows);
        return result.figures;
      } catch (failure) {
        const why = failure instanceof Error ? failure.message : String(failure);
        process.stderr.write(`NO FIGURES OF ${part.toUpperCase()}: ${why}\n`);
        missing.push(`${part}: ${why}`);
        return { ...(Object.fromEntries(names.map((name) => [name, null])) as Record<keyof F, null>), why };
      }
    },
  };
}

type Run<F> = RowResult<F> | Promise<RowResult<F>>;

async function main(): Promise<void> {
  const flags = scriptFlags();
  const wanted = wantedParts();
  const report = createReport();
  const choose = <F>(part: Part, run: () => Run<F>) => {
    return (): Run<F> => (wanted.has(part) ? run() : Promise.reject(new Error('left out by --only')));
  };
  // Before anything else: opening one warms the jars' cache, and its absence should be known at once.
  const broker = wanted.has('kafka') || wanted.has('startup') ? await openBroker() : 'left out by --only';
  const onBroker = <F>(run: (open: BenchBroker) => Run<F>) => {
    return (): Run<F> => (typeof broker === 'string' ? Promise.reject(new Error(broker)) : run(broker));
  };
  try {
    const kafkaNames = ['us_per_kb', 'ratio_to_handwritten', 'ratio_without_checks_to_bare'] as const;
    const foldNames = ['records_per_second_500', 'records_per_second_10000', 'per_series_kb'] as const;
    const { per_series_kb, ...fold } = await report.add(
      'fold',
      foldNames,
      choose('fold', () => benchFold(flags)),
    );
    const stages = await report.add(
      'stages',
      [],
      choose('stages', () => benchStages(flags)),
    );
    const render = await report.add(
      'render',
      [],
      choose('render', () => benchRender(flags)),
    );
    const judgeNames = ['concurrency_ratio', 'cpu_ms_per_call'] as const;
    const judge = await report.add(
      'judge',
      judgeNames,
      choose('judge', () => benchJudgeCalls(flags)),
    );
    const onKafka = choose(
      'kafka',
      onBroker((open) => benchKafkaPath(open, flags)),
    );
    const kafka_path = await report.add('kafka path', kafkaNames, onKafka);
    const startNames = ['startup_seconds', 'idle_mb'] as const;
    const onStart = choose(
      'startup',
      onBroker((open) => benchStartUp(open, flags)),
    );
    const start = await report.add('start-up', startNames, onStart);
    const why = [...new Set([fold, start].flatMap((part) => ('why' in part ? [part.why] : [])))].join('; ');
    const figures = {
      kafka_path,
      judge,
      fold,
      memory: { idle_mb: start.idle_mb, per_series_kb, ...(why === '' ? {} : { why }) },
      startup_seconds: start.startup_seconds,
      ...('why' in start ? { startup_why: start.why } : {}),
      stages,
      render,
      machine: { cores: cpus().length, node: process.version },
    };
    keep(flags, wanted, { seed: flags.seed, ...figures, rows: report.rows });
    finish(flags, toMarkdown(report.rows), figures);
  } finally {
    if (typeof broker !== 'string') await broker.close();
  }
}

/** Only a whole full run is worth keeping. */
function keep({ quick }: ScriptFlags, wanted: ReadonlySet<Part>, results: object): void {
  const path = process.env['PLUMBLINE_BENCH_RESULTS'];
  if (quick || wanted.size < PARTS.length || path === undefined) return;
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}

function wantedParts(): ReadonlySet<Part> {
  const at = process.argv.indexOf('--only');
  if (at < 0) return new Set(PARTS);
  const names = (process.argv[at + 1] ?? '').split(',');
  const unknown = names.filter((name) => !PARTS.includes(name as Part));
  if (unknown.length > 0)
    throw new Error(`--only: no part is named ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  return new Set(names as Part[]);
}

runScript(main);
