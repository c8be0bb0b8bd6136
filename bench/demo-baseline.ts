import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { closingAfter } from '../src/compose/closers';
import { startFileRun } from '../src/compose/replay/file-run';
import { createFileDecoder } from '../src/compose/inputs';
import { foldOptionsOf } from '../src/compose/ledger/fold';
import { loadMonitorConfig } from '../src/compose/monitor-config';
import { segmentLabel } from '../src/domain/segment';
import type { LedgerReader } from '../src/ledger/port';
import { DEMO_JUDGES, demoConfig } from '../src/simulate/demo-setup';
import { startJudgeEndpoint } from '../src/simulate/judge-endpoint';
import { SCENARIOS } from '../src/simulate/scenario';
import { simulateTraffic } from '../src/simulate/traffic';
import { createTrafficSource } from '../src/simulate/traffic-source';
import { createFold } from '../src/watch/fold';
import type { FoldOptions, FoldState } from '../src/watch/state';
import { createWatch } from '../src/watch/watch';

/**
 * Writes src/simulate/demo-baseline.ts: what the series of the demo look like while nothing is wrong. The demo's own
 * pipeline runs over the steady scenario with a seed that the demo does not use, and the values that its alert engine
 * would learn from are kept. Run it again after a change of the demo's traffic, judges or configuration, or of what
 * becomes a value:
 *
 *   npx tsx bench/demo-baseline.ts
 */
const SEED = 20261;
const INTERACTIONS = 48_000;
const RECORDS_PER_SECOND = 300;
/** Fewer say too little to hold anything against them. */
const FEWEST = 300;
/** Values are rounded to this many places; a mean moves by far less than that. */
const PLACES = 2;

async function main(): Promise<void> {
  const state = await closingAfter(async (closers) => {
    const judges = await startJudgeEndpoint(DEMO_JUDGES, SEED);
    closers.add(() => judges.close());
    const directory = await mkdtemp(join(tmpdir(), 'plumbline-baseline-'));
    closers.add(() => rm(directory, { recursive: true, force: true }));
    const text = demoConfig(judges.baseUrl, 0, []);
    const loaded = loadMonitorConfig({ text: { name: 'demo.yaml', text }, env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const source = createTrafficSource({
      records: simulateTraffic({
        seed: SEED,
        scenario: SCENARIOS.steady,
        interactions: INTERACTIONS,
        startAt: Date.UTC(2026, 9, 1),
        gapMs: 20_000,
      }),
      topics: { interactions: 'llm.interactions', behaviour: 'llm.behaviour' },
      recordsPerSecond: RECORDS_PER_SECOND,
      now: () => Date.now(),
    });
    const decoder = createFileDecoder(loaded.value.config);
    const run = await startFileRun({ loaded: loaded.value, source, decoder, directory }, closers);
    await run.finish();
    return learnAll(run.data.reader, foldOptionsOf(loaded.value.config));
  });
  const lines = [...state.alerts.series.values()].flatMap(({ id, reference }) => {
    if (reference === null || reference.seen < FEWEST) return [];
    const names = [id.kind, segmentLabel(id.segment), id.criterion, id.panel];
    return [`[${names.map((name) => JSON.stringify(name)).join(', ')}, '${countsText(reference.values)}'],`];
  });
  const file = join(__dirname, '..', 'src', 'simulate', 'demo-baseline.ts');
  await writeFile(file, await format(toSource(lines), { ...(await resolveConfig(file)), filepath: file }));
  console.log(`${lines.length} series`);
}

/** The ledger once more, with a reference so long that no series ends learning. */
async function learnAll(reader: LedgerReader, options: FoldOptions): Promise<FoldState> {
  if (options.alerting === undefined) throw new Error('nothing is watched');
  const { detectors, ...rest } = options.alerting;
  const fold = createFold({
    ...options,
    alerting: { ...rest, detectors: { ...detectors, reference: 20_000, referenceDays: 90, baselines: [] } },
  });
  const state = fold.initial();
  const watch = createWatch({
    // Without the config records, which would bring the usual length back.
    reader: {
      read: (reading) =>
        reader.read({
          ...reading,
          onEntries: (entries) => reading.onEntries(entries.filter(({ record }) => record.kind !== 'config')),
        }),
    },
    fold,
    follow: false,
    restored: state,
  });
  watch.start();
  await watch.done;
  return state;
}

/** `0.9x120 0.85x31`: values with how often they came. */
function countsText(values: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const value of values) {
    const text = String(Number(value.toFixed(PLACES)));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([value, count]) => `${value}x${count}`)
    .join(' ');
}

function toSource(lines: readonly string[]): string {
  return `/**
 * Seeded baselines of the demo, SIMULATED: values that its series took on the steady scenario with seed ${SEED}, over
 * ${INTERACTIONS} interactions; each value with how often it came. Made by bench/demo-baseline.ts; do not edit.
 */
export const DEMO_BASELINES: readonly (readonly [
  kind: string,
  segment: string,
  criterion: string,
  panel: string,
  counts: string,
])[] = [
${lines.join('\n')}
];
`;
}

void main();
