import { ok } from '../../domain/result';
import { parseJsonRecord } from '../json-record';
import type { DecodeOptions } from '../options';
import { type DecodeResult, fault, readValue, type ReadPayload, type Route } from '../record-reader';
import { readJsonSpans } from './json';
import { readProtoSpans } from './proto';
import { OtlpFault, type OtlpSpan } from './span';
import { turnOf } from './turn';

/**
 * Records as the Collector's Kafka exporter writes them, `otlp_json` and `otlp_proto` told apart by the first byte. The spans of one
 * trace are one turn; a record without a model call is filtered. A record with the turns of several traces is refused, since
 * accounting is per source offset: `partition_traces_by_id` of the exporter gives every trace records of its own.
 */
export function createOtlpReader(
  route: Route,
  { otlp, maxDepth }: Pick<DecodeOptions, 'otlp' | 'maxDepth'>,
): ReadPayload {
  return (payload) => {
    const spans = readSpans(payload, maxDepth);
    if (!Array.isArray(spans)) return spans as DecodeResult;
    const turns = [...byTrace(spans)].map((trace) => turnOf(trace, otlp)).filter((turn) => turn !== null);
    const [turn] = turns;
    if (turn === undefined) return ok({ kind: 'filtered' });
    if (turns.length > 1) {
      return fault(
        'invalid',
        `wanted one trace a record, saw ${turns.length} (set partition_traces_by_id on the exporter)`,
      );
    }
    if (!Object.hasOwn(turn['output'] as object, 'text')) {
      return fault('unmapped', 'found nothing for output.text (is capture of message content switched on?)');
    }
    return readValue({ ...route, mapping: null }, turn, 'json');
  };
}

const OPENING_BRACE = 0x7b;

function readSpans(payload: Buffer, maxDepth: number): readonly OtlpSpan[] | DecodeResult {
  try {
    if (payload[0] !== OPENING_BRACE) return readProtoSpans(payload, maxDepth);
    const json = parseJsonRecord(payload, maxDepth);
    return json.ok ? readJsonSpans(json.value) : json;
  } catch (failure) {
    if (failure instanceof OtlpFault) return fault('undecodable', `OTLP: ${failure.message}`);
    throw failure;
  }
}

function byTrace(spans: readonly OtlpSpan[]): Iterable<readonly OtlpSpan[]> {
  const traces = new Map<string, OtlpSpan[]>();
  for (const span of spans) {
    const known = traces.get(span.traceId);
    if (known === undefined) traces.set(span.traceId, [span]);
    else known.push(span);
  }
  return traces.values();
}
