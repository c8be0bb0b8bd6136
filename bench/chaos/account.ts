import { createRecordCodec } from '../../src/decode/avro-codec';
import { ledgerMessages } from '../../src/compose/codecs';
import type { LedgerRecord } from '../../src/domain/ledger-record';
import { createFold } from '../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../src/watch/options';
import type { FaultEvent } from './faults';
import type { Call } from './judge-double';
import { type Stage } from './stage';

/** What the topics say once everything has ended; nothing here asks the monitor. */
export interface Account {
  /** Records in the source topic. */
  readonly records: number;
  /** Source offsets without a line in the ledger. */
  readonly lost: number;
  /** Effective records beyond those in the source, or lines whose verdict is missing or is not theirs. */
  readonly doubled: number;
  /** Lines beyond the first of their offset. */
  readonly repeatedLines: number;
  /** Offsets taken away on purpose, and alerts on them, each counted once however often it was published. */
  readonly gaps: number;
  readonly gapAlerts: number;
  readonly kills: readonly KillAccount[];
  readonly storm: { readonly items: number; readonly extraCalls: number };
  /** Calls paid again, by what had happened in between. */
  readonly extraByKind: Readonly<Record<string, number>>;
}

export interface KillAccount {
  readonly at: string;
  /** Calls paid again because of it. */
  readonly extraCalls: number;
  /** Calls that the killed process had made for records that were not in the ledger yet. */
  readonly inFlight: number;
  /** From the kill to the next line of the partition that waited longest, s. */
  readonly recoverySeconds: number;
}

interface Line {
  readonly partition: number;
  readonly offset: bigint;
  readonly at: number;
  readonly interactionId: string | null;
}

export async function accountFor(stage: Stage, events: readonly FaultEvent[]): Promise<Account> {
  const source = await stage.kafka.readAll(stage.topic);
  const ledger = await stage.kafka.readAll(`${stage.prefix}.ledger`);
  const verdicts = await stage.kafka.readAll(`${stage.prefix}.verdicts`);
  const records = ledger.map(({ value, headers }) => ledgerMessages.decode(value ?? Buffer.alloc(0), texts(headers)));

  const fold = createFold({ segments: segmentOptions.parse({}), watch: watchOptions.parse({}), criteria: ['helpful'] });
  const state = fold.initial();
  records.forEach((record, i) => fold.applyEntry(state, { position: BigInt(i), record }));
  const { accounting } = fold.snapshot(state);

  const winners = new Map<string, LedgerRecord & { kind: 'outcome' }>();
  const lines: Line[] = [];
  for (const record of records) {
    if (record.kind !== 'outcome') continue;
    const { partition, offset } = record.source;
    const key = `${partition}@${offset}`;
    lines.push({ partition, offset, at: record.recordedAt, interactionId: record.item?.interactionId ?? null });
    if (!winners.has(key)) winners.set(key, record);
  }
  const lost = source.filter(({ partition, offset }) => !winners.has(`${partition}@${offset}`)).length;
  const doubled = Math.max(0, accounting.recordsIn - source.length) + wrongVerdicts(winners, verdicts);

  const faults = [...events].sort((one, other) => one.at - other.at);
  const { byEvent, byKind } = extraCallsOf(stage.judge.calls, faults);
  const kills = faults
    .filter(({ kind }) => kind === 'kill')
    .map((event) => ({
      at: event.detail,
      extraCalls: byEvent.get(event) ?? 0,
      inFlight: inFlightAt(event, stage.judge.calls, lines),
      recoverySeconds: recoveryOf(event, lines),
    }));
  const storm = faults.filter(({ kind }) => kind === 'storm');
  const stormed = { from: storm[0]?.at ?? 0, to: (storm.at(-1)?.at ?? 0) + 5_000 };
  return {
    records: source.length,
    lost,
    doubled,
    repeatedLines: lines.length - winners.size,
    gaps: stage.gaps(),
    gapAlerts: await gapAlertsIn(stage),
    kills,
    storm: {
      items: lines.filter(({ at }) => at >= stormed.from && at < stormed.to).length,
      extraCalls: byKind['storm'] ?? 0,
    },
    extraByKind: byKind,
  };
}

/** Winning lines that name a verdict which is not in the verdicts topic, or is one of another record. */
function wrongVerdicts(
  winners: ReadonlyMap<string, LedgerRecord & { kind: 'outcome' }>,
  verdicts: Awaited<ReturnType<Stage['kafka']['readAll']>>,
): number {
  const codec = createRecordCodec('verdict');
  const placeOf = new Map<string, string>();
  for (const { value, headers } of verdicts) {
    const { verdictId, source } = codec.decode(value ?? Buffer.alloc(0), String(headers['plumbline-schema']));
    placeOf.set(verdictId, `${source.partition}@${source.offset}`);
  }
  let wrong = 0;
  for (const [key, { item }] of winners) if (item !== null && placeOf.get(item.verdictId) !== key) wrong += 1;
  return wrong;
}

async function gapAlertsIn({ kafka, prefix }: Stage): Promise<number> {
  const codec = createRecordCodec('alert');
  const alerts = (await kafka.readAll(`${prefix}.alerts`)).map(({ value, headers }) =>
    codec.decode(value ?? Buffer.alloc(0), String(headers['plumbline-schema'])),
  );
  return new Set(alerts.filter(({ series }) => series.kind === 'offset_gap').map(({ id }) => id)).size;
}

/** A call is paid again when the same judge was asked about the same interaction before; the first fault after that is why. */
function extraCallsOf(
  calls: readonly Call[],
  faults: readonly FaultEvent[],
): { readonly byEvent: Map<FaultEvent, number>; readonly byKind: Record<string, number> } {
  const byEvent = new Map<FaultEvent, number>();
  const byKind: Record<string, number> = {};
  const last = new Map<string, Call>();
  for (const call of calls) {
    const key = `${call.interactionId} ${call.model}`;
    const before = last.get(key);
    last.set(key, call);
    if (before === undefined) continue;
    const why = faults.find(({ at, until = at }) => until >= before.startedAt && at <= call.startedAt);
    byKind[why?.kind ?? 'none'] = (byKind[why?.kind ?? 'none'] ?? 0) + 1;
    if (why !== undefined) byEvent.set(why, (byEvent.get(why) ?? 0) + 1);
  }
  return { byEvent, byKind };
}

function inFlightAt({ at, instance }: FaultEvent, calls: readonly Call[], lines: readonly Line[]): number {
  const done = new Set(lines.filter((line) => line.at <= at).map(({ interactionId }) => interactionId));
  return calls.filter((call) => call.instance === instance && call.startedAt <= at && !done.has(call.interactionId))
    .length;
}

function recoveryOf({ at }: FaultEvent, lines: readonly Line[]): number {
  const next = new Map<number, number>();
  for (const line of lines) {
    if (line.at > at && line.at < (next.get(line.partition) ?? Infinity)) next.set(line.partition, line.at);
  }
  return Math.max(0, ...[...next.values()].map((time) => (time - at) / 1000));
}

function texts(headers: Readonly<Record<string, Buffer>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toString()]));
}
