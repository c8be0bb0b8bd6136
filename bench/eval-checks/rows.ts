import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Interaction } from '../../src/domain/interaction';
import { exchangeOf } from '../../src/judge/examples';

export type Row = Readonly<Record<string, unknown>>;

const DATA = process.env.PLUMBLINE_DATA ?? join(__dirname, '../../../shared/data');

/** The rows of one data set; empty when it is not there. */
export function rowsOf(name: string): readonly Row[] {
  const file = join(DATA, `${name}.jsonl.gz`);
  if (!existsSync(file)) return [];
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const listOf = (value: unknown): readonly Row[] => (Array.isArray(value) ? (value as Row[]) : []);

/** A plain interaction with this answer; `parts` replaces whole fields. */
export function exchange(prompt: string, answer: string, parts: Partial<Interaction> = {}): Interaction {
  return { ...exchangeOf(prompt, answer), ...parts };
}

export interface Tally {
  hits: number;
  falseAlarms: number;
  misses: number;
}

export interface Score {
  readonly positives: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

export function scoreOf({ hits, falseAlarms, misses }: Tally): Score {
  const precision = hits + falseAlarms === 0 ? null : round(hits / (hits + falseAlarms));
  const recall = hits + misses === 0 ? null : round(hits / (hits + misses));
  const f1 = 2 * hits + falseAlarms + misses === 0 ? null : round((2 * hits) / (2 * hits + falseAlarms + misses));
  return { positives: hits + misses, precision, recall, f1 };
}

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits));
