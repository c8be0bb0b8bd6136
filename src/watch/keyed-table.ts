import type { Acknowledgement } from '../domain/acknowledgement';
import type { Annotation } from '../domain/annotation';
import type { GoldenRunSummary } from '../domain/golden-standing';
import type { Label } from '../domain/label';
import type { KeyedRecord } from '../domain/ledger-record';
import type { EpochMs } from '../domain/time';
import {
  addGolden,
  createGoldenTable,
  decodeGolden,
  type EncodedGolden,
  encodeGolden,
  type GoldenTable,
} from './golden-table';
import { type AgreementCounts, countLabel, emptyAgreement } from './label-agreement';

/** What people and golden runs have said, by key, in order of last writing: the last record under a key counts. */
export interface KeyedTable {
  readonly labels: Map<string, Recorded<Label>>;
  readonly annotations: Map<string, Recorded<Annotation>>;
  readonly acknowledgements: Map<string, Recorded<Acknowledgement>>;
  readonly golden: GoldenTable;
  /** Made from the labels; no part of what is stored. */
  readonly agreement: AgreementCounts;
  /** Records that fell out because more came than are kept. */
  evicted: number;
}

export interface Recorded<T> {
  readonly recordedAt: EpochMs;
  readonly value: T;
}

/** Plain JSON. */
export interface EncodedKeyed {
  readonly labels: readonly EncodedEntry<Label>[];
  readonly annotations: readonly EncodedEntry<Annotation>[];
  readonly acknowledgements: readonly EncodedEntry<Acknowledgement>[];
  readonly golden: EncodedGolden;
  readonly evicted: number;
}

type EncodedEntry<T> = readonly [key: string, recordedAt: EpochMs, value: T];

/** About 600 bytes each: 12 MB when full. Agreement is reported over the labels that are kept. */
export const LABELS_KEPT = 20_000;
export const NOTES_KEPT = 2_000;

export function createKeyedTable(): KeyedTable {
  return {
    labels: new Map(),
    annotations: new Map(),
    acknowledgements: new Map(),
    golden: createGoldenTable(),
    agreement: emptyAgreement(),
    evicted: 0,
  };
}

/** Returns the summaries of the golden run that the record completes; mostly none. */
export function addKeyed(table: KeyedTable, record: KeyedRecord): readonly GoldenRunSummary[] {
  const { key, recordedAt } = record;
  switch (record.kind) {
    case 'label':
      putLabel(table, key, { recordedAt, value: record.label });
      return [];
    case 'annotation':
      table.evicted += put(table.annotations, key, { recordedAt, value: record.annotation }, NOTES_KEPT);
      return [];
    case 'acknowledgement':
      table.evicted += put(table.acknowledgements, key, { recordedAt, value: record.acknowledgement }, NOTES_KEPT);
      return [];
    case 'golden':
      return addGolden(table.golden, record);
  }
}

/** Shares the parts that are plain already. */
export function encodeKeyed({ labels, annotations, acknowledgements, golden, evicted }: KeyedTable): EncodedKeyed {
  return {
    labels: entriesOf(labels),
    annotations: entriesOf(annotations),
    acknowledgements: entriesOf(acknowledgements),
    golden: encodeGolden(golden),
    evicted,
  };
}

export function decodeKeyed({ labels, annotations, acknowledgements, golden, evicted }: EncodedKeyed): KeyedTable {
  return {
    labels: mapOf(labels),
    annotations: mapOf(annotations),
    acknowledgements: mapOf(acknowledgements),
    golden: decodeGolden(golden),
    agreement: countsOf(labels),
    evicted,
  };
}

/** A slice of the table for a checkpoint: some entries of one of its lists, or last all the rest. */
export type KeyedPart =
  | readonly ['labels', EncodedKeyed['labels']]
  | readonly ['annotations', EncodedKeyed['annotations']]
  | readonly ['acknowledgements', EncodedKeyed['acknowledgements']]
  | readonly ['rest', Pick<EncodedKeyed, 'golden' | 'evicted'>];

const ENTRIES_PER_PART = 256;

export function* keyedParts(table: KeyedTable): Generator<KeyedPart> {
  const { labels, annotations, acknowledgements, golden, evicted } = encodeKeyed(table);
  for (const slice of slicesOf(labels)) yield ['labels', slice];
  for (const slice of slicesOf(annotations)) yield ['annotations', slice];
  for (const slice of slicesOf(acknowledgements)) yield ['acknowledgements', slice];
  yield ['rest', { golden, evicted }];
}

/** Puts parts into a table, in their order. */
export function addKeyedPart(table: KeyedTable, part: KeyedPart): void {
  switch (part[0]) {
    case 'labels':
      for (const [, , label] of part[1]) countLabel(table.agreement, label, 1);
      return fill(table.labels, part[1]);
    case 'annotations':
      return fill(table.annotations, part[1]);
    case 'acknowledgements':
      return fill(table.acknowledgements, part[1]);
    case 'rest':
      Object.assign(table, { golden: decodeGolden(part[1].golden), evicted: part[1].evicted });
  }
}

function putLabel(table: KeyedTable, key: string, entry: Recorded<Label>): void {
  const { labels, agreement } = table;
  const before = labels.get(key);
  if (before !== undefined) countLabel(agreement, before.value, -1);
  countLabel(agreement, entry.value, 1);
  const [oldest] = before === undefined && labels.size >= LABELS_KEPT ? labels.values() : [];
  if (oldest !== undefined) countLabel(agreement, oldest.value, -1);
  table.evicted += put(labels, key, entry, LABELS_KEPT);
}

function countsOf(labels: readonly EncodedEntry<Label>[]): AgreementCounts {
  const counts = emptyAgreement();
  for (const [, , label] of labels) countLabel(counts, label, 1);
  return counts;
}

/** How many fell out. */
function put<T>(map: Map<string, Recorded<T>>, key: string, entry: Recorded<T>, kept: number): number {
  map.delete(key);
  map.set(key, entry);
  if (map.size <= kept) return 0;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
  return 1;
}

function entriesOf<T>(map: ReadonlyMap<string, Recorded<T>>): EncodedEntry<T>[] {
  return [...map].map(([key, { recordedAt, value }]) => [key, recordedAt, value]);
}

function mapOf<T>(entries: readonly EncodedEntry<T>[]): Map<string, Recorded<T>> {
  const map = new Map<string, Recorded<T>>();
  fill(map, entries);
  return map;
}

function fill<T>(map: Map<string, Recorded<T>>, entries: readonly EncodedEntry<T>[]): void {
  for (const [key, recordedAt, value] of entries) map.set(key, { recordedAt, value });
}

function* slicesOf<T>(entries: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < entries.length; at += ENTRIES_PER_PART) yield entries.slice(at, at + ENTRIES_PER_PART);
}
