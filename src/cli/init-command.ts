import { existsSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type StarterAnswers, starterConfig } from '../compose/setup/starter-config';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './config-options';
import type { CliIo } from './io';

interface InitFlags {
  readonly name?: string;
  readonly brokers?: readonly string[];
  readonly topic?: string;
  readonly behaviourTopic?: string;
  readonly format: 'auto' | 'otlp';
  readonly model?: readonly string[];
  readonly judgeUrl?: string;
  readonly judgeKeyEnv: string;
  readonly segments?: readonly string[];
  readonly rate: number;
  readonly out: string;
  readonly force: boolean;
}

export function initCommand(io: CliIo, exit: (code: number) => void): Command {
  return new Command('init')
    .description('write a commented configuration to start from; asks on a terminal, takes flags anywhere')
    .option('--name <name>', 'name of the monitor')
    .option('--brokers <hosts...>', 'bootstrap brokers as host:port')
    .option('--topic <topic>', 'topic of the interactions')
    .option('--behaviour-topic <topic>', 'topic of what users do; `none` when there is none')
    .addOption(
      new Option('--format <format>', '`otlp` for spans of a Collector').choices(['auto', 'otlp']).default('auto'),
    )
    .option('--model <models...>', 'models that serve your users now; judges are taken from other families')
    .option('--judge-url <url>', 'OpenAI-compatible endpoint of the judges')
    .option('--judge-key-env <variable>', 'variable that holds its key', '')
    .option('--segments <names...>', 'slices that get figures of their own')
    .option('--rate <share>', 'share of conversations judged', parseRate, 0.1)
    .option('-o, --out <file>', 'where it goes', 'plumbline.yaml')
    .option('--force', 'overwrite a file that is there', false)
    .action(async (flags: InitFlags) => {
      if (existsSync(flags.out) && !flags.force) {
        io.stderr(`${flags.out} exists; give --out, or --force to overwrite it\n`);
        return exit(EXIT_USAGE);
      }
      let text: string;
      try {
        text = starterConfig(await answersOf(io, flags));
      } catch (error) {
        io.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
        return exit(EXIT_FAILED);
      }
      writeFileSync(flags.out, text);
      io.stdout(`wrote ${flags.out}\nnext: plumbline config check --config ${flags.out}\n`);
      exit(EXIT_OK);
    });
}

async function answersOf(io: CliIo, flags: InitFlags): Promise<StarterAnswers> {
  const ask = async (given: string | undefined, question: string, otherwise: string): Promise<string> =>
    given ?? ((await io.ask?.(`${question} [${otherwise}] `)) || otherwise);
  const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');
  const behaviour = await ask(flags.behaviourTopic, 'Topic of what users do, or none', 'llm.behaviour');
  return {
    name: await ask(flags.name, 'Name of the monitor', 'support-quality'),
    brokers: words(await ask(flags.brokers?.join(' '), 'Kafka brokers', 'localhost:9092')),
    interactions: await ask(flags.topic, 'Topic of the interactions', 'llm.interactions'),
    behaviour: behaviour === 'none' ? null : behaviour,
    format: flags.format,
    models: words(await ask(flags.model?.join(' '), 'Models that serve your users now', 'gpt-4.1')),
    judgeUrl: await ask(flags.judgeUrl, 'OpenAI-compatible endpoint of the judges', 'http://localhost:4000/v1'),
    judgeKeyEnv: flags.judgeKeyEnv,
    segments: words(await ask(flags.segments?.join(' '), 'Segments', 'product locale')),
    rate: flags.rate,
  };
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 1)) throw new InvalidArgumentError('wanted a share in (0, 1]');
  return rate;
}
