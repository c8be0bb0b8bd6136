import { Command, Option } from 'commander';
import { ACKNOWLEDGEMENT_ACTIONS } from '../domain/acknowledgement';
import { ANNOTATION_KINDS } from '../domain/annotation';
import { postAcknowledgement, postAnnotation, postErasure } from '../compose/on-call/on-call';
import { MonitorError } from '../domain/error';
import { EXIT_OK } from './config-options';
import type { CliIo } from './io';
import { placeOf, type StateFlags, withState } from './state-options';

interface AnnotateFlags extends StateFlags {
  readonly kind: string;
  readonly text: string;
  readonly at?: string;
  readonly id?: string;
}

/** Commands by which people, and pipelines, write into the ledger. */
export function annotateCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(new Command('annotate').description('note a release, a flag change, an incident on the timeline'))
    .addOption(new Option('--kind <kind>', 'what it is').choices(ANNOTATION_KINDS).default('note'))
    .requiredOption('--text <text>', 'what happened')
    .option('--at <time>', 'when, event time; else now')
    .option('--id <id>', 'of your own, so that sending it again changes nothing')
    .action(async (flags: AnnotateFlags) => {
      const { kind, text, at, id } = flags;
      io.stdout(`${await postAnnotation(await placeOf(io, flags), { kind, text, at: at ?? null, id: id ?? null })}\n`);
      exit(EXIT_OK);
    });
}

interface AcknowledgeFlags extends StateFlags {
  readonly action: string;
  readonly reason: string;
  readonly cause?: string;
}

export function acknowledgeCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(
    new Command('acknowledge').description(
      'say that someone looks, what it was, or that the new level is meant; resolves nothing by itself',
    ),
  )
    .argument('<alert>', 'id of the alert')
    .addOption(
      new Option('--action <action>', 'what is decided').choices(ACKNOWLEDGEMENT_ACTIONS).default('acknowledge'),
    )
    .option('--cause <cause>', 'for cause_found: product, judge, traffic, labels, users or false_alarm')
    .requiredOption('--reason <text>', 'why, in words')
    .action(async (alert: string, flags: AcknowledgeFlags) => {
      const { action, reason, cause } = flags;
      io.stdout(
        `${await postAcknowledgement(await placeOf(io, flags), alert, { action, reason, cause: cause ?? null })}\n`,
      );
      exit(EXIT_OK);
    });
}

export function eraseCommand(io: CliIo, exit: (code: number) => void): Command {
  return withState(new Command('erase').description('erase all text of a user or a conversation; prints the receipt'))
    .option('--user <id>', 'the user id as the product knows it')
    .option('--conversation <id>', 'id of the conversation')
    .action(async (flags: StateFlags & { readonly user?: string; readonly conversation?: string }) => {
      const { user, conversation } = flags;
      if ((user === undefined) === (conversation === undefined)) {
        throw new MonitorError('USAGE', 'give one of --user and --conversation');
      }
      const [kind, id] = user === undefined ? (['conversation', conversation!] as const) : (['user', user] as const);
      io.stdout(`${await postErasure(await placeOf(io, flags), kind, id)}\n`);
      exit(EXIT_OK);
    });
}
