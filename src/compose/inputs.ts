import { createRecordCodec } from '../decode/avro-codec';
import type { Decoder } from '../decode/port';
import { describeShapeFault } from '../decode/shape-fault';
import type { MonitorConfig } from '../config/config';
import type { LoadedConfig } from '../config/load';
import { err, ok } from '../domain/result';
import { createFileSource } from '../source/files';
import type { Source } from '../source/port';
import { systemClock } from '../platform/clock';

export function createFileDecoder(_config: MonitorConfig): Decoder {
  const i = createRecordCodec('interaction');
  const b = createRecordCodec('behaviour');
  return {
    decode(record) {
      let json: unknown;
      try { json = JSON.parse(String(record.value)); } catch { return err({ reason: 'undecodable', detail: 'json', schemaId: null }); }
      if ((json as { event_id?: string }).event_id !== undefined) {
        const r = b.fromJson(json);
        return r.ok ? ok({ kind: 'behaviour', behaviour: r.value }) : err({ reason: 'wrong_type', detail: describeShapeFault(r.error), schemaId: null });
      }
      const r = i.fromJson(json);
      return r.ok ? ok({ kind: 'interaction', interaction: r.value }) : err({ reason: 'wrong_type', detail: describeShapeFault(r.error), schemaId: null });
    },
  };
}
export function createKafkaDecoder(l: LoadedConfig): Decoder { return createFileDecoder(l.config); }
export function createReplaySource(files: readonly string[], speed: 'max' | number, config: MonitorConfig): Source {
  return createFileSource({ files, speed, eventTime: () => null, maxRecordBytes: config.source.maxRecordBytes, openAvroContainer: () => { throw new Error('no'); }, clock: systemClock });
}
