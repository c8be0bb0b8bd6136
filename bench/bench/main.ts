import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { finish, runScript, scriptFlags } from '../support/script';
import { openBroker } from './broker';
import { benchKafkaPath, type KafkaPathFigures } from './kafka-path';
import { type Row, toMarkdown } from './row';

/** A figure that could not be had, and why. */
interface Missing {
  readonly why: string;
}

interface Figures {
  kafka_path: KafkaPathFigures | (Record<keyof KafkaPathFigures, null> & Missing) | null;
}

async function main(): Promise<void> {
  const flags = scriptFlags();
  const rows: Row[] = [];
  const figures: Figures = { kafka_path: null };
  const broker = await openBroker();
  if (typeof broker === 'string') {
    process.stderr.write(`NO BROKER, NO FIGURES OF THE KAFKA PATH: ${broker}\n`);
  } else {
    try {
      const result = await benchKafkaPath(broker, flags);
      rows.push(...result.rows);
      figures.kafka_path = result.figures;
    } finally {
      await broker.close();
    }
  }
  const machine = { cores: cpus().length, node: process.version };
  const path = process.env['PLUMBLINE_BENCH_RESULTS'];
  if (!flags.quick && path !== undefined) {
    writeFileSync(path, `${JSON.stringify({ machine, seed: flags.seed, ...figures, rows }, null, 2)}\n`);
  }
  finish(flags, toMarkdown(rows), { ...figures, machine });
}

runScript(main);
