import { stringify } from 'yaml';
import type { Environment } from '../../config/secrets';
import { openAvroContainer } from '../../decode/avro-container';
import { createDecoder } from '../../decode/decoder';
import { type FieldRate, fillRates } from '../../decode/fill-rates';
import { parseJsonRecord } from '../../decode/json-record';
import { type DecodeOptions, decodeOptions } from '../../decode/options';
import type { DecodeFault, Decoded, EncodedRecord } from '../../decode/port';
import { type FoundField, proposeMapping } from '../../decode/propose-mapping';
import type { Interaction } from '../../domain/interaction';
import type { Result } from '../../domain/result';
import { silentLogger } from '../../platform/logger';
import { privacyOptions } from '../../privacy/options';
import { createRedactor } from '../../privacy/redactor';
import { readFileRecords } from '../../source/files-reader';
import { sampleTopic } from '../../source/kafka-sample';
import { kafkaOptions } from '../../source/options';

export interface InspectRequest {
  readonly from:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'topic'; readonly topic: string; readonly brokers: readonly string[] };
  /** How many records are looked at. */
  readonly count: number;
  readonly env: Environment;
}

/** Field names are part of the interface of `inspect --json`. */
export interface Inspection {
  readonly records: number;
  /** What the records are: our own shape, OpenTelemetry spans, some other JSON, or not to be read. */
  readonly shape: 'own' | 'otlp' | 'json' | 'unreadable';
  /** The part of a configuration to start from, as YAML. */
  readonly config: string;
  readonly found: readonly FoundField[];
  readonly missing: readonly string[];
  readonly outcomes: Readonly<Record<string, number>>;
  /** Up to three different reasons, with what was wanted and seen. */
  readonly faults: readonly string[];
  readonly interactions: readonly Interaction[];
  readonly fill: readonly FieldRate[];
}

const SHOWN = 5;
const SHOWN_FAULTS = 3;
const SAMPLE_TIMEOUT_MS = 20_000;

/**
 * Samples records, says what they are, proposes the configuration that reads them and shows what it makes of them, with personal
 * data taken out. Rejects as the file reader and the topic sampler do.
 */
export async function inspectRecords(request: InspectRequest): Promise<Inspection> {
  const records = await sample(request);
  const attempts: readonly Attempt[] = [
    attempt('own', records, { format: 'auto' }),
    attempt('otlp', records, { format: 'otlp' }),
  ];
  const best = attempts.find(({ interactions }) => interactions.length > 0);
  if (best !== undefined) return report(records.length, best, [], []);
  const parsed = records.flatMap(({ value, decoded }) => (decoded === undefined ? parse(value) : [decoded]));
  if (parsed.length === 0)
    return report(records.length, { ...attempt('own', records, {}), shape: 'unreadable' }, [], []);
  const { mapping, found, missing } = proposeMapping(parsed);
  return report(records.length, attempt('json', records, { mapping }), found, missing);
}

async function sample({ from, count, env }: InspectRequest): Promise<readonly EncodedRecord[]> {
  if (from.kind === 'topic') {
    const kafka = kafkaOptions.parse({ brokers: from.brokers });
    return sampleTopic({
      kafka,
      environment: env,
      logger: silentLogger,
      topic: from.topic,
      count,
      timeoutMs: SAMPLE_TIMEOUT_MS,
    });
  }
  const records: EncodedRecord[] = [];
  const { maxRecordBytes } = decodeOptions.parse({});
  for await (const record of readFileRecords(from.path, { maxRecordBytes, openAvroContainer })) {
    records.push({ topic: from.path, headers: {}, ...record });
    if (records.length >= count) break;
  }
  return records;
}

interface Attempt {
  readonly shape: Inspection['shape'];
  readonly options: Partial<DecodeOptions>;
  readonly results: readonly Result<Decoded, DecodeFault>[];
  readonly interactions: readonly Interaction[];
}

function attempt(
  shape: Inspection['shape'],
  records: readonly EncodedRecord[],
  options: Partial<DecodeOptions>,
): Attempt {
  const decoder = createDecoder(
    { ...decodeOptions.parse({}), ...options },
    { topics: { interactions: '', behaviour: null }, readSchemaFile: () => '' },
  );
  // Without a registry nothing has to be waited for.
  const results = records.map((record) => decoder.decode(record) as Result<Decoded, DecodeFault>);
  const interactions = results.flatMap((one) =>
    one.ok && one.value.kind === 'interaction' ? [one.value.interaction] : [],
  );
  return { shape, options, results, interactions };
}

function report(records: number, best: Attempt, found: readonly FoundField[], missing: readonly string[]): Inspection {
  const redactor = createRedactor(privacyOptions.parse({}));
  const outcomes: Record<string, number> = {};
  const faults = new Set<string>();
  for (const result of best.results) {
    const outcome = result.ok ? result.value.kind : `dead letter: ${result.error.reason}`;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (!result.ok && faults.size < SHOWN_FAULTS) faults.add(`${result.error.reason}: ${result.error.detail}`);
  }
  return {
    records,
    shape: best.shape,
    config: configFor(best),
    found,
    missing,
    outcomes,
    faults: [...faults],
    interactions: best.interactions.slice(0, SHOWN).map((one) => redactor.redactInteraction(one).interaction),
    fill: fillRates(best.interactions),
  };
}

function configFor({ shape, options }: Attempt): string {
  if (shape === 'own' || shape === 'unreadable') return '';
  const source =
    shape === 'otlp'
      ? { format: 'otlp', otlp: { segments: { product: 'service.name' } } }
      : { format: 'json', ...options };
  return stringify({ source }, { lineWidth: 0 });
}

function parse(value: Buffer | null): unknown[] {
  if (value === null) return [];
  const { maxDepth } = decodeOptions.parse({});
  const parsed = parseJsonRecord(value, maxDepth);
  return parsed.ok ? [parsed.value] : [];
}
