import type { AlertKind, SeriesId } from '../../domain/alert';
import type { SegmentKey } from '../../domain/segment';
import type { ConcordanceState } from '../../stats/concordance';
import { type Seen, UNSEEN } from './first-seen';
import type { History } from './history';
import type { WatchedSeries } from './state';

/** How a series is set up when its first value comes. */
export interface SeriesHow {
  /** Default [0, 1]. */
  readonly range?: readonly [lower: number, upper: number];
  /** A known level that needs no learning. */
  readonly target?: number;
  readonly objective?: number | undefined;
  /** The series whose level stands in for its own; without one that has learned nothing is watched. */
  readonly heldAgainst?: () => WatchedSeries | null;
  /** Whose level stands in while it learns. */
  readonly borrows?: () => WatchedSeries | null;
  readonly hasHistory?: boolean;
}

export const UNIT: readonly [number, number] = [0, 1];

/**
 * Where the values of one kind and criterion in one segment go. Found once and used for every value, so that none of them
 * costs a key; a way to the state and no part of it.
 */
export interface Place {
  readonly id: SeriesId;
  readonly how: SeriesHow;
  /** Null until its first value. */
  series: WatchedSeries | null;
  /** Nothing is watched here: the kind is off, or there was no room. */
  isClosed: boolean;
  /** Its series would be of the full tier. */
  isFull: boolean;
  /** The state was asked for its series; from then on only the place itself brings one. */
  isLooked: boolean;
  /** Values of a series beyond the cap are counted. */
  isLeft: boolean;
}

export function createPlace(id: SeriesId, how: SeriesHow = {}): Place {
  return { id, how, series: null, isClosed: false, isFull: false, isLooked: false, isLeft: false };
}

/** What one judged value of a session is held against, in one segment. */
export interface ScorePlaces {
  readonly criterion: string;
  readonly panel: string;
  score: Place;
  /** Against the primary route, or the release before; null in other dimensions. */
  readonly comparison: Place | null;
  divergence: Place | null;
  association: Place | null;
  /** Of `AlertsState.pairs`, once there is one. */
  pairs: ConcordanceState | null;
}

/** Of one segment. The lists are in the order in which their entries came, which is nearly always that of the next ones. */
export interface SegmentPlaces {
  readonly segment: SegmentKey;
  readonly isPooled: boolean;
  readonly isCross: boolean;
  readonly scores: ScorePlaces[];
  readonly checks: Place[];
  users: { readonly recovery: Place; readonly abandonment: Place; readonly handoff: Place } | null;
  history: History | null;
  /** When it was seen, of `AlertsState.firstSeen` where it is noted there. */
  seen: Seen;
  /** The release before, as of so many that were noted. */
  before: { readonly noted: number; readonly release: string | null } | null;
}

/** The share of each value of a dimension, for a fall and for a rise. */
export interface SharePlaces {
  readonly values: readonly string[];
  readonly places: readonly { readonly value: string; readonly falls: Place; readonly rises: Place }[];
}

/** What the cheap stage decides alone, held to its operating point from both sides. */
export interface KeptPlaces {
  readonly less: Place;
  readonly more: Place;
}

export interface JudgingPlaces {
  readonly criterion: string;
  readonly judged: Place;
  readonly endpoints: Place;
  readonly replies: Place;
  readonly budget: Place;
  readonly converged: Place[];
  readonly kept: KeptPlaces | null;
}

export interface Places {
  readonly segments: Map<string, Map<string, SegmentPlaces>>;
  readonly shares: Map<string, SharePlaces>;
  readonly judging: JudgingPlaces[];
  underRefusal: Place | null;
  deadLetters: Place | null;
  /** By check, the one place that stands for it in every segment where nothing is watched. */
  readonly closedChecks: Map<string, Place>;
}

export function createPlaces(): Places {
  return {
    segments: new Map(),
    shares: new Map(),
    judging: [],
    underRefusal: null,
    deadLetters: null,
    closedChecks: new Map(),
  };
}

/**
 * Values of a dimension with ways of their own, half a kilobyte each. A producer may put an id into a segment, so beyond
 * that all of the dimension are forgotten: they are found again from the state, as after a restart.
 */
const MOST_VALUES = 20_000;

export function placesOf({ segments }: Places, segment: SegmentKey, otherValue: string): SegmentPlaces {
  const { dimension, value } = segment;
  let values = segments.get(dimension);
  if (values === undefined) segments.set(dimension, (values = new Map<string, SegmentPlaces>()));
  let own = values.get(value);
  if (own === undefined) {
    if (values.size >= MOST_VALUES) values.clear();
    own = {
      segment,
      isPooled: value === otherValue,
      isCross: dimension.includes('+'),
      scores: [],
      checks: [],
      users: null,
      history: null,
      seen: UNSEEN,
      before: null,
    };
    values.set(value, own);
  }
  return own;
}

/** The entry at the hint, else wherever it is, else a new one at the end. */
export function entryAt<T>(list: T[], hint: number, is: (entry: T) => boolean, create: () => T): T {
  const likely = list[hint];
  if (likely !== undefined && is(likely)) return likely;
  const known = list.find(is);
  if (known !== undefined) return known;
  const fresh = create();
  list.push(fresh);
  return fresh;
}

export function checkPlaceAt(
  own: SegmentPlaces,
  hint: number,
  check: string,
  kindOf: (check: string) => AlertKind,
): Place {
  const likely = own.checks[hint];
  // Apart from what follows: a function with closures in it makes their context at each call.
  return likely?.id.criterion === check ? likely : findCheckPlace(own, hint, check, kindOf);
}

function findCheckPlace(
  { checks, segment }: SegmentPlaces,
  hint: number,
  check: string,
  kindOf: (check: string) => AlertKind,
): Place {
  return entryAt(
    checks,
    hint,
    ({ id }) => id.criterion === check,
    () => createPlace({ kind: kindOf(check), segment, criterion: check, panel: '' }),
  );
}

/**
 * Of thousands of segments most are watched for nothing, and a place costs half a kilobyte: those that are closed are
 * replaced by one for all.
 */
export function shareClosed(places: ScorePlaces): void {
  if (places.score.isClosed) places.score = closedAs(places.score);
  if (places.divergence?.isClosed === true) places.divergence = closedAs(places.divergence);
  if (places.association?.isClosed === true) places.association = closedAs(places.association);
}

/** As `shareClosed`, for the closed place of a check, which is told by its name. */
export function shareClosedCheck({ closedChecks }: Places, { checks }: SegmentPlaces, place: Place): void {
  const { criterion } = place.id;
  const shared = closedChecks.get(criterion);
  if (shared === place) return;
  if (shared === undefined) closedChecks.set(criterion, place);
  else if (shared.isLeft === place.isLeft) checks[checks.indexOf(place)] = shared;
}

const NOWHERE: SeriesId = { kind: 'score_regression', segment: { dimension: '', value: '' }, criterion: '', panel: '' };
const CLOSED: Place = { ...createPlace(NOWHERE), isClosed: true };
const LEFT: Place = { ...CLOSED, isLeft: true };

function closedAs({ isLeft }: Place): Place {
  return isLeft ? LEFT : CLOSED;
}
