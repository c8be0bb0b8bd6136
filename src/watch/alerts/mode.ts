import type { AlertSeverity } from '../../domain/alert';
import { type SegmentKey, segmentLabel } from '../../domain/segment';
import type { AlertOptions } from '../options-alerts';
import { graver } from './kinds';
import type { WatchedSeries } from './state';

type Mode = AlertOptions['mode'];

const GRAVEST: Readonly<Record<Mode, AlertSeverity>> = { observe: 'info', ticket: 'ticket', page: 'page' };
const MILDEST_FIRST: readonly Mode[] = ['observe', 'ticket', 'page'];
const DAY_MS = 86_400_000;

/** The series as far as the mode looks at it; conditions have no baseline. */
export type Told = { readonly id: { readonly segment: SegmentKey } } & Partial<
  Pick<WatchedSeries, 'learnedAt' | 'lastAt'>
>;

/** What is told: never graver than the segment's mode allows, and info while a baseline that was learned is young. */
export function toldSeverity(severity: AlertSeverity, series: Told, options: AlertOptions): AlertSeverity {
  const gravest = GRAVEST[isObserved(series, options) ? 'observe' : modeOf(series.id.segment, options)];
  return graver(severity, gravest) === severity ? gravest : severity;
}

/** The severity that is not told; null where nothing is withheld. */
export function withheldSeverity(severity: AlertSeverity, series: Told, options: AlertOptions): AlertSeverity | null {
  return toldSeverity(severity, series, options) === severity ? null : severity;
}

function isObserved({ learnedAt, lastAt }: Told, { observeDays }: AlertOptions): boolean {
  return typeof learnedAt === 'number' && (lastAt ?? learnedAt) - learnedAt < observeDays * DAY_MS;
}

/** That of the segment itself, else the mildest of those it is a cross of, else the one for all. */
function modeOf(segment: SegmentKey, { mode, modes }: AlertOptions): Mode {
  const own = find(modes, segmentLabel(segment));
  if (own !== undefined) return own;
  const values = segment.value.split('+');
  const parts = segment.dimension.split('+').flatMap((dimension, i) => find(modes, `${dimension}=${values[i]}`) ?? []);
  return MILDEST_FIRST.find((one) => parts.includes(one)) ?? mode;
}

function find(modes: AlertOptions['modes'], segment: string): Mode | undefined {
  return Object.hasOwn(modes, segment) ? modes[segment] : undefined;
}
