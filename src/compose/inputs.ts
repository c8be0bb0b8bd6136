import { readFileSync } from 'node:fs';
import type { MonitorConfig } from '../config/config';
import type { LoadedConfig } from '../config/load';
import { openAvroContainer } from '../decode/avro-container';
import { createDecoder } from '../decode/decoder';
import { compilePath } from '../decode/path';
import type { Decoder } from '../decode/port';
import { createSchemaRegistry } from '../decode/registry';
import { systemClock } from '../platform/clock';
import { createFileSource } from '../source/files';
import type { Source } from '../source/port';
import type { Closers } from './closers';

/** For records of files, where nothing names a schema by its id. */
export function createFileDecoder({ source }: MonitorConfig): Decoder {
  return createDecoder(source, { topics: source.topics, readSchemaFile });
}

/** For records of topics. */
export function createKafkaDecoder({ config: { source }, secrets }: LoadedConfig, closers: Closers): Decoder {
  const deps = { topics: source.topics, readSchemaFile };
  if (source.registry === undefined) return createDecoder(source, deps);
  const registry = createSchemaRegistry(source.registry, {
    secret: (variable) => secrets.get(variable),
    monotonicMs: () => systemClock.monotonicMs(),
  });
  closers.add(() => registry.close());
  return createDecoder(source, { ...deps, registry });
}

/**
 * Recorded files as a source. Paced by `occurred_at` of our own shape, or by the field that the mapping fills it from
 * when that is a plain path to milliseconds; what has no such time comes at once.
 */
export function createReplaySource(files: readonly string[], speed: 'max' | number, { source }: MonitorConfig): Source {
  const rule = source.mapping?.fields['occurred_at'];
  const timeOf = compilePath(typeof rule === 'string' ? rule : 'occurred_at');
  return createFileSource({
    files,
    speed,
    eventTime: ({ value, decoded }) => {
      const time = timeOf(decoded ?? parseOrNull(value));
      return typeof time === 'number' ? time : null;
    },
    maxRecordBytes: source.maxRecordBytes,
    openAvroContainer,
    clock: systemClock,
  });
}

function parseOrNull(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null') as unknown;
  } catch {
    return null;
  }
}

function readSchemaFile(path: string): string {
  return readFileSync(path, 'utf8');
}
