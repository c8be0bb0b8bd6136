import { type Arm, armText } from '../../compare/arm';
import { compareArms, type CompareOptions } from '../../compare/compare';
import { type Observations, observe, observeTwice } from '../../compare/observations';
import { comparisonToJson, type ComparisonJson } from '../../compare/to-json';
import type { LoadedConfig } from '../../config/load';
import { systemClock } from '../../platform/clock';
import { pause } from '../../platform/pause';
import type { ClosedSession } from '../../sessions/fold';
import { connectToServer, type ServerAddress } from '../on-call/api-client';
import { readLedgerOf } from '../data-directory';
import { readSessions, widestScoreOf } from '../ledger/fold';
import { comparePairs, type PairwiseReport } from './pairwise';

export interface CompareRequest {
  readonly loaded: LoadedConfig;
  readonly directory: string;
  /** A second recording of the same conversations; null = both arms are in the one. */
  readonly otherDirectory: string | null;
  readonly where: Arm;
  readonly against: Arm;
  readonly options: AskedOptions;
}

export type AskedOptions = Omit<CompareOptions, 'widestScore' | 'isFixed'>;

export interface ServerRequest {
  readonly place: ServerAddress;
  readonly where: Arm;
  readonly against: Arm;
  readonly options: AskedOptions;
  /** Between two looks while undecided, ms. */
  readonly everyMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told of each look that decided nothing and is not the last. */
  readonly onWaiting: (comparison: ComparisonJson) => void;
}

/**
 * What a running monitor says of the two parts. With `withinMs` it asks until there is a decision, for at most so long:
 * the differences may be looked at any number of times. A server that fails to answer in between is asked again.
 * Rejects with USAGE when the first or the last question goes unanswered.
 */
export async function compareOnServer(request: ServerRequest): Promise<ComparisonJson> {
  const { place, options, everyMs, signal, onWaiting } = request;
  const api = await connectToServer(place);
  const target = `/compare?${queryOf(request).toString()}`;
  const ask = async (): Promise<ComparisonJson> => JSON.parse(await api.get(target)) as ComparisonJson;
  const until = systemClock.monotonicMs() + (options.withinMs ?? 0);
  let latest = await ask();
  while (!isFinal(latest) && !signal.aborted) {
    const left = until - systemClock.monotonicMs();
    if (left <= 0) break;
    onWaiting(latest);
    await pause(Math.min(everyMs, left), signal);
    const isLast = systemClock.monotonicMs() >= until;
    latest = await ask().catch((error: unknown) => {
      if (isLast) throw error;
      return latest;
    });
  }
  return latest;
}

/** A broken assignment stays broken, however much more comes. */
function isFinal({ verdict, sample_ratio: ratio }: ComparisonJson): boolean {
  return verdict !== 'undecided' || ratio?.broken === true;
}

function queryOf({ where, against, options }: ServerRequest): URLSearchParams {
  const { maxDrop, alpha, on, expectedShare, withinMs } = options;
  return new URLSearchParams({
    where: armText(where),
    against: armText(against),
    max_drop: String(maxDrop),
    alpha: String(alpha),
    ...(on === null ? {} : { on: on.join(',') }),
    ...(expectedShare === null ? {} : { expected_share: String(expectedShare) }),
    ...(withinMs === null ? {} : { within_ms: String(withinMs) }),
  });
}

/** Pairs of what both sides answered to the same inputs. Rejects with FILE_UNREADABLE. */
export function compareAnswers(request: CompareRequest, signal: AbortSignal): Promise<PairwiseReport> {
  const { loaded, directory, otherDirectory, where, against } = request;
  return comparePairs({
    loaded,
    first: { directory, arm: where },
    second: { directory: otherDirectory ?? directory, arm: against },
    budgetUsd: null,
    signal,
  });
}

/** Folds what the directories hold and compares. Rejects with FILE_UNREADABLE. */
export async function compareDirectories(request: CompareRequest): Promise<ComparisonJson> {
  const { loaded, directory, otherDirectory, where, against, options } = request;
  const first = await sessionsOf(directory, loaded);
  const observations: Observations =
    otherDirectory === null
      ? observe(first, where, against)
      : observeTwice(first, await sessionsOf(otherDirectory, loaded), where, against);
  const widestScore = widestScoreOf(loaded.config);
  const comparison = compareArms(observations, { ...options, widestScore, isFixed: otherDirectory !== null });
  return comparisonToJson(comparison, where, against);
}

async function sessionsOf(directory: string, loaded: LoadedConfig): Promise<ClosedSession[]> {
  const sessions: ClosedSession[] = [];
  await readSessions(readLedgerOf(directory), loaded, {}, (session) => sessions.push(session));
  return sessions;
}
