import { type Arm } from '../compare/arm';
import { compareArms, type CompareOptions, type Comparison } from '../compare/compare';
import { type Observations, observe, observeTwice } from '../compare/observations';
import type { LoadedConfig } from '../config/load';
import type { ClosedSession } from '../sessions/fold';
import { readLedgerOf } from './data-directory';
import { largestValue, readSessions } from './ledger-fold';

export interface CompareRequest {
  readonly loaded: LoadedConfig;
  readonly directory: string;
  /** A second recording of the same conversations; null = both arms are in the one. */
  readonly otherDirectory: string | null;
  readonly where: Arm;
  readonly against: Arm;
  readonly options: Omit<CompareOptions, 'widestScore' | 'isFixed'>;
}

/** Folds what the directories hold and compares. Rejects with FILE_UNREADABLE. */
export async function compareDirectories(request: CompareRequest): Promise<Comparison> {
  const { loaded, directory, otherDirectory, where, against, options } = request;
  const first = await sessionsOf(directory, loaded);
  const observations: Observations =
    otherDirectory === null
      ? observe(first, where, against)
      : observeTwice(first, await sessionsOf(otherDirectory, loaded), where, against);
  // A pseudo-outcome lies in [1 - 1/pi, 1/pi] of the smallest pi.
  const widestScore = 2 * largestValue(loaded.config) - 1;
  return compareArms(observations, { ...options, widestScore, isFixed: otherDirectory !== null });
}

async function sessionsOf(directory: string, loaded: LoadedConfig): Promise<ClosedSession[]> {
  const sessions: ClosedSession[] = [];
  await readSessions(readLedgerOf(directory), loaded, {}, (session) => sessions.push(session));
  return sessions;
}
