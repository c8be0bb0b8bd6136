import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LoadedConfig } from '../../config/load';
import { annotationRecord, type KeyedRecord } from '../../domain/ledger-record';
import type { EpochMs } from '../../domain/time';
import { replaceFile } from '../../platform/replace-file';
import type { ErasedInteraction, EvidenceStore } from '../../store/port';
import { erasedHash } from '../../store/erased-hash';

/** What was found where, what is gone, and what only expires; says nothing of whom it is about. */
export interface ErasureReceipt {
  readonly kind: 'user' | 'conversation';
  /** Of the id; the same that the tombstone holds. */
  readonly id_hash: string;
  readonly at: string;
  readonly by: string;
  readonly places: readonly ErasedPlace[];
}

export interface ErasedPlace {
  readonly place: string;
  readonly found: number;
  readonly erased: number;
  /** What is left and when it goes; null when nothing is. */
  readonly left: string | null;
  /** What it changes elsewhere; absent when nothing. */
  readonly effect?: string;
}

/** Whose text goes. */
export interface Erasing {
  readonly kind: 'user' | 'conversation';
  /** The id as it was given, and under every salt. */
  readonly ids: readonly string[];
  /** Those that the store knew. */
  readonly interactions: readonly ErasedInteraction[];
}

/** A place outside the store that holds text. */
export interface TextPlace {
  readonly name: string;
  erase(erasing: Erasing): Promise<Omit<ErasedPlace, 'place'>>;
}

export interface ErasureParts {
  readonly store: EvidenceStore;
  readonly places: readonly TextPlace[];
  /** What holds no text, and how long it is kept. */
  readonly expiring: readonly ErasedPlace[];
  /** Every salt that user ids were ever hashed with. */
  readonly salts: readonly string[];
  readonly append: (records: readonly KeyedRecord[]) => Promise<void>;
  readonly now: () => EpochMs;
}

export type Erase = (kind: 'user' | 'conversation', id: string, by: string) => Promise<ErasureReceipt>;

/**
 * Erases a user or a conversation. The store goes first: from then on its tombstone turns away what a late replay brings.
 * Asking again is harmless, and finds what came in between. The receipt goes into the ledger too, without the id.
 */
export function createErase({ store, places, expiring, salts, append, now }: ErasureParts): Erase {
  return async (kind, id, by) => {
    const at = now();
    const ids =
      kind === 'user' ? [id, ...salts.map((salt) => createHmac('sha256', salt).update(id).digest('hex'))] : [id];
    const erased = await store.erase({ kind, ids, at });
    const { interactions } = erased;
    const found: ErasedPlace[] = [
      { place: 'evidence store: interactions', found: interactions.length, erased: interactions.length, left: null },
      {
        place: 'evidence store: verdicts and their words',
        found: erased.verdicts,
        erased: erased.verdicts,
        left: null,
      },
      { place: 'evidence store: sessions', found: erased.sessions, erased: erased.sessions, left: null },
      { place: 'evidence store: labels', found: erased.labels, erased: erased.labels, left: null },
    ];
    for (const place of places) {
      found.push({ place: place.name, ...(await place.erase({ kind, ids, interactions })) });
    }
    const receipt: ErasureReceipt = {
      kind,
      id_hash: erasedHash(id),
      at: new Date(at).toISOString(),
      by,
      places: [...found, ...expiring],
    };
    await append([auditRecord(receipt, at)]);
    return receipt;
  };
}

/** The line of the audit log. */
function auditRecord({ kind, id_hash: hash, by, places }: ErasureReceipt, at: EpochMs): KeyedRecord {
  const copies = places.reduce((sum, { erased }) => sum + erased, 0);
  return annotationRecord(
    {
      id: `erasure-${hash.slice(0, 16)}-${at}`,
      kind: 'note',
      at,
      until: null,
      text: `erasure of a ${kind}: ${copies} copies erased`,
      author: by,
      segments: {},
      withdrawn: false,
    },
    at,
  );
}

/** Salts in use; a salt that was changed makes new hashes, so old ones have to be given as well. */
export function saltsOf({ config, secrets }: LoadedConfig): string[] {
  const { userHashSaltEnv } = config.privacy;
  return userHashSaltEnv === undefined ? [] : [secrets.get(userHashSaltEnv)];
}

/** The verdicts file of a data directory, written anew without those of some interactions. Not while a run writes it. */
export function verdictsFilePlace(path: string): TextPlace {
  return {
    name: 'verdicts.jsonl',
    async erase({ interactions }) {
      const ids = new Set(interactions.map(({ interactionId }) => interactionId));
      const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
      const kept = lines.filter((line) => !ids.has((JSON.parse(line) as { interaction_id: string }).interaction_id));
      await replaceFile(path, kept.map((line) => `${line}\n`).join(''));
      const gone = lines.length - kept.length;
      return { found: gone, erased: gone, left: null };
    },
  };
}

/** Files that people had written for them: nobody here knows where they lie. */
export const EXPORTS: ErasedPlace = {
  place: 'exports: review tables, bundles and replays that people wrote',
  found: 0,
  erased: 0,
  left: 'lie where they were written: delete them, or `plumbline erase --data DIRECTORY` for a replay',
};
