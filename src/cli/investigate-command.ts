import { Command } from 'commander';
import { type InvestigateRequest, readReport, verifyBundleFile, writeBundleFile } from '../compose/on-call/on-call';
import { MonitorError } from '../domain/error';
import { EXIT_FAILED, EXIT_OK, jsonOption } from './config-options';
import type { CliIo } from './io';
import { placeOf, type StateFlags, withState } from './state-options';

interface InvestigateFlags extends StateFlags {
  readonly alert?: string;
  readonly segment?: string;
  readonly criterion?: string;
  readonly from?: string;
  readonly to?: string;
  readonly bundle?: string;
  readonly json: boolean;
}

export function investigateCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = withState(
    new Command('investigate').description(
      'what moved, since when, why, and what was ruled out: of an alert, or of a segment and a time',
    ),
  )
    .option('--alert <id>', 'id of an alert, as in its link')
    .option('--segment <segment>', 'without an alert, e.g. `product=support`')
    .option('--criterion <name>', 'without an alert; else the first one')
    .option(
      '--from <time>',
      'without an alert: what came since is compared with what came before, e.g. 2026-11-02T08:00:00Z',
    )
    .option('--to <time>', 'end of the time looked at')
    .option('--bundle <file>', 'also write one file with all numbers, to be checked by `investigate verify`')
    .addOption(jsonOption())
    .action(async (flags: InvestigateFlags) => {
      const request = toRequest(flags);
      const place = await placeOf(io, flags);
      const text = await readReport(place, request, flags.json ? 'json' : 'markdown');
      io.stdout(text.endsWith('\n') ? text : `${text}\n`);
      if (flags.bundle !== undefined) {
        await writeBundleFile(place, request, flags.bundle);
        io.stderr(`written to ${flags.bundle}\n`);
      }
      exit(EXIT_OK);
    });
  command
    .command('verify')
    .description('whether a bundle is as it was written; exit code 1 when a byte differs')
    .argument('<file>', 'written by `investigate --bundle`')
    .action(async (file: string) => {
      const problem = await verifyBundleFile(file);
      if (problem === null) io.stdout(`${file}: as it was written\n`);
      else io.stderr(`${file}: ${problem}\n`);
      exit(problem === null ? EXIT_OK : EXIT_FAILED);
    });
  return command;
}

function toRequest({ alert, segment, criterion, from, to }: InvestigateFlags): InvestigateRequest {
  if (alert === undefined && segment === undefined) {
    throw new MonitorError('USAGE', 'give --alert ID, or --segment k=v (`all` for the whole stream)');
  }
  return {
    alert: alert ?? null,
    segment: segment ?? null,
    criterion: criterion ?? null,
    from: from ?? null,
    to: to ?? null,
  };
}
