import { Command, InvalidArgumentError, Option } from 'commander';
import { runDemo } from '../compose/demo/demo';
import { sendDemoTraffic } from '../compose/demo/traffic';
import { SCENARIO_NAMES, type ScenarioName } from '../compose/demo/scenarios';
import { EXIT_OK, jsonOption } from './config-options';
import { formatNumber } from './format';
import type { CliIo } from './io';
import { printReport } from './print-report';
import { abortOnStop } from './stop-signal';

interface DemoFlags {
  readonly scenario: ScenarioName;
  readonly port: number;
  readonly once: boolean;
  readonly live: boolean;
  readonly seed: number;
  readonly rate?: number;
  readonly interactions?: number;
  readonly trafficTo?: string;
  readonly judgesPort?: number;
  readonly json: boolean;
  readonly keep: boolean;
}

/** `--once` tells the whole story in under half a minute; live it goes on until Ctrl-C. */
const ONCE = { interactions: 2_400, recordsPerSecond: 180 };
const ENDLESS = { interactions: 100_000, recordsPerSecond: 25 };
/** Twenty minutes, the change half-way: it is there for ten minutes of real scrapes. */
const LIVE = { interactions: 22_500, recordsPerSecond: 25 };

export function demoCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('demo')
    .description('run the pipeline on simulated traffic with simulated judges; needs no Kafka, no keys, no network')
    .addOption(new Option('--scenario <name>', 'the story told').choices(SCENARIO_NAMES).default('steady'))
    .option('--port <port>', 'telemetry port on loopback; 0 takes a free one', parsePort, 9464)
    .option('--once', 'run the scenario to its end, print a report, exit', false)
    .option('--live', 'a story of twenty minutes whose change is there for the last ten, for real scrapes', false)
    .option('--seed <seed>', 'seed of the traffic', (text) => parseWhole(text), 7)
    .option('--rate <records>', 'records per second, another than that of the story', parsePositive)
    .option('--interactions <n>', 'length of the story, another than its own', parsePositive)
    .option('--traffic-to <brokers>', 'runs no monitor here: sends the traffic to Kafka, for one elsewhere')
    .option('--judges-port <port>', 'with --traffic-to: the simulated judges answer there, on every address', parsePort)
    .addOption(jsonOption())
    .option('--keep', 'at the end leave the console open until Ctrl-C', false)
    .action(async (flags: DemoFlags) => {
      const say = flags.json ? io.stderr : io.stdout;
      if (flags.trafficTo !== undefined) return exit(await sendTraffic(io, flags, flags.trafficTo.split(',')));
      const story = flags.once ? ONCE : flags.live ? LIVE : ENDLESS;
      const report = await runDemo({
        interactions: flags.interactions ?? story.interactions,
        recordsPerSecond: flags.rate ?? story.recordsPerSecond,
        scenario: flags.scenario,
        seed: flags.seed,
        port: flags.port,
        signal: abortOnStop(io),
        isKept: flags.keep,
        onFinished: () => say(flags.keep ? '\nThe story is told; the console stays open until Ctrl-C.\n' : ''),
        onStarted: ({ summary, port, directory }) => say(introduction(flags, summary, port, directory)),
        onProgress: ({ accounting, estimates }, seconds) => {
          const all = estimates.find(
            ({ segment, criterion }) => segment.dimension === 'all' && criterion === 'correct',
          );
          const { judged, checked_only: checked, dead_lettered: dead, duplicate } = accounting.records;
          const quality = `${formatNumber(all?.mean ?? null)} (${formatNumber(all?.lower ?? null)} – ${formatNumber(all?.upper ?? null)})`;
          const line = `${seconds.toFixed(0).padStart(4)} s  ${accounting.recordsIn} records: ${judged} judged, ${checked} checked only, ${dead} dead-lettered, ${duplicate} duplicate   correct: ${quality}`;
          if (io.interactive) io.stderr(`\r${line}\u001b[K`);
          else if (!flags.once && Math.round(seconds) % 10 === 0) say(`${line}\n`);
        },
      });
      if (io.interactive) io.stderr('\n');
      if (!flags.json) io.stdout(`\n${printReport(report)}`);
      else io.stdout(`${JSON.stringify(demoFigures(report, flags.scenario))}\n`);
      exit(EXIT_OK);
    });
}

/** As `llm.interactions` and `llm.behaviour`, which a monitor reads unless told otherwise. */
const TOPICS = { interactions: 'llm.interactions', behaviour: 'llm.behaviour' };

async function sendTraffic(io: CliIo, flags: DemoFlags, brokers: readonly string[]): Promise<number> {
  const { scenario, seed, judgesPort = null } = flags;
  io.stdout(
    `Simulated traffic, scenario "${scenario}", to ${TOPICS.interactions} and ${TOPICS.behaviour} on ${brokers.join(', ')}.\n`,
  );
  if (judgesPort !== null) io.stdout(`Simulated judges answer on port ${judgesPort}, /v1/chat/completions.\n`);
  const records = await sendDemoTraffic({
    scenario,
    seed,
    interactions: flags.interactions ?? ENDLESS.interactions,
    recordsPerSecond: flags.rate ?? ENDLESS.recordsPerSecond,
    brokers,
    topics: TOPICS,
    judgesPort,
    signal: abortOnStop(io),
    onSent: (sent) => {
      if (io.interactive) io.stderr(`\r${sent} records sent\u001b[K`);
    },
  });
  io.stdout(`${records} records sent\n`);
  return EXIT_OK;
}

function demoFigures(report: Awaited<ReturnType<typeof runDemo>>, scenario: ScenarioName): object {
  const { records, criteria, escalations, estimates, alerts, incidents } = report;
  return { records, criteria, escalations, scenario, estimates, alerts, incidents };
}

function introduction(flags: DemoFlags, summary: string, port: number, directory: string): string {
  return `Plumbline demo, scenario "${flags.scenario}". Traffic and judges are simulated; pipeline, HTTP calls and figures are real.
${summary}

  Every interaction is redacted and checked. A sample of conversations is judged: a cheap judge first; unsure verdicts,
  failed checks, safety and a random tenth of the rest go to three judges of other families.

  console   http://127.0.0.1:${port}/
  metrics   http://127.0.0.1:${port}/metrics
  readiness http://127.0.0.1:${port}/readyz
  records   ${directory}  (verdicts.jsonl, ledger.jsonl, dead-letters.jsonl; removed at the end)
${flags.once ? '' : '\n  Ctrl-C ends it with a report.\n'}
`;
}

function parsePort(text: string): number {
  const port = parseWhole(text);
  if (port > 65535) throw new InvalidArgumentError('wanted a port from 0 to 65535');
  return port;
}

function parsePositive(text: string): number {
  const whole = parseWhole(text);
  if (whole === 0) throw new InvalidArgumentError('wanted 1 or more');
  return whole;
}

function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('wanted a whole number');
  return Number(text);
}
