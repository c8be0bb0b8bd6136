import { InvalidArgumentError } from 'commander';
import type { TopicPartition } from '../domain/coordinates';

/** `llm.interactions/3`. */
export function parsePartition(text: string): TopicPartition {
  const [, topic, partition] = /^(.+)\/(\d{1,6})$/.exec(text) ?? [];
  if (topic === undefined) throw new InvalidArgumentError('wanted topic/partition, e.g. llm.interactions/3');
  return { topic, partition: Number(partition) };
}

/** A moment as ISO 8601 has it, e.g. `2026-01-31T10:00Z`, as milliseconds since 1970. */
export function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('wanted a time, e.g. 2026-01-31T10:00Z');
  return time;
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('wanted a number above 0');
  return value;
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('wanted a whole number of at least 1');
  return Number(text);
}
