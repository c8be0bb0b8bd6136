import { Command, InvalidArgumentError, Option } from 'commander';
import { sendDrill } from '../compose/on-call/drill';
import { ALERT_SEVERITIES, type AlertSeverity } from '../domain/alert';
import { EXIT_OK } from './config-options';
import type { CliIo } from './io';

interface DrillFlags {
  readonly kind: string;
  readonly segment: string;
  readonly severity: AlertSeverity;
  readonly alertmanager: string;
  readonly monitor: string;
  readonly owner: string;
  readonly minutes: number;
}

export function drillCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('drill')
    .description('send a marked alert through the real route, to see whom it reaches')
    .requiredOption('--kind <kind>', 'as in docs/runbooks, e.g. score_regression', parseKind)
    .option('--segment <segment>', 'e.g. product=support', 'all')
    .addOption(new Option('--severity <severity>', 'decides the route').choices(ALERT_SEVERITIES).default('ticket'))
    .option('--alertmanager <url>', 'address of Alertmanager', 'http://localhost:9093')
    .option('--monitor <name>', 'name of the monitor, as in the label', 'drill')
    .option('--owner <team>', 'owner of the segment, as in the configuration', '')
    .option('--minutes <n>', 'when it resolves by itself', parseMinutes, 5)
    .action(async (flags: DrillFlags) => {
      const alertname = await sendDrill(flags);
      io.stdout(
        `sent ${alertname} (${flags.severity}, ${flags.segment}) to ${flags.alertmanager}; it resolves within ${flags.minutes} minutes\n` +
          `silence it: amtool silence add --alertmanager.url=${flags.alertmanager} --duration=10m --comment=drill drill=true\n`,
      );
      exit(EXIT_OK);
    });
}

function parseKind(text: string): string {
  if (!/^[a-z]+(_[a-z]+)*$/.test(text)) throw new InvalidArgumentError('wanted a kind such as score_regression');
  return text;
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 240)) throw new InvalidArgumentError('wanted minutes up to 240');
  return minutes;
}
