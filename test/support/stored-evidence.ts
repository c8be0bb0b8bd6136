import { verdictLine } from '../../src/compose/codecs';
import type { OutcomeItem } from '../../src/domain/ledger-record';
import type { Verdict } from '../../src/domain/verdict';
import type { EvidenceBatch, EvidenceStore, LedgerLine, WithJson } from '../../src/store/port';
import { openSqliteStore, type SqliteStoreOptions } from '../../src/store/sqlite';
import { IN_MEMORY } from '../../src/store/sqlite-database';
import { buildInteraction } from './builders/interaction';
import { at, buildOutcome } from './builders/ledger-record';
import { buildVerdict } from './builders/verdict';

export function memoryStore(options: Partial<SqliteStoreOptions> = {}): EvidenceStore {
  return openSqliteStore({ path: IN_MEMORY, searchText: true, key: null, ...options });
}

export function storedVerdict(overrides: Partial<Verdict> = {}): WithJson<Verdict> {
  const value = buildVerdict(overrides);
  return { value, json: verdictLine(value) };
}

export function outcomeLine(position: number, item: Partial<OutcomeItem> = {}): LedgerLine {
  return { position: BigInt(position), record: buildOutcome(at(position), item) };
}

/** One interaction as the console gets it: its verdict, and the line of the ledger that names it. */
export function evidenceOf(
  n: number,
  { text = 'all is well', item = {} }: { text?: string; item?: Partial<OutcomeItem> } = {},
): Required<Pick<EvidenceBatch, 'verdicts' | 'entries'>> {
  const ids = { interactionId: `i-${n}`, conversationId: `c-${n}`, ...pickIds(item) };
  const verdictId = item.verdictId ?? `v-${n}`;
  const base = buildInteraction();
  const interaction = {
    ...base,
    ...ids,
    userHash: item.userHash ?? null,
    output: { ...base.output, text },
  };
  const occurredAt = item.occurredAt ?? 1_000 * n;
  return {
    verdicts: [storedVerdict({ ...ids, verdictId, occurredAt, interaction })],
    entries: [outcomeLine(n, { ...ids, verdictId, occurredAt, userHash: null, ...item })],
  };
}

function pickIds({ interactionId, conversationId }: Partial<OutcomeItem>): {
  readonly interactionId?: string;
  readonly conversationId?: string;
} {
  return {
    ...(interactionId === undefined ? {} : { interactionId }),
    ...(conversationId === undefined ? {} : { conversationId }),
  };
}

/** Writes the interactions numbered `from` to `to`, exclusive. */
export async function fill(
  store: EvidenceStore,
  from: number,
  to: number,
  itemOf: (n: number) => Partial<OutcomeItem> = () => ({}),
): Promise<void> {
  for (let n = from; n < to; n++) await store.write(evidenceOf(n, { item: itemOf(n) }));
}
