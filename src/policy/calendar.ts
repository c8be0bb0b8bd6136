import type { EpochMs } from '../domain/time';
import { HOUR_MS } from './spend';

/** The day and the month around a moment, in a time zone; bounds are on the hour. */
export interface CalendarDay {
  readonly dayStart: EpochMs;
  readonly dayEnd: EpochMs;
  readonly monthStart: EpochMs;
  readonly monthEnd: EpochMs;
  /** Days of the month that are not over, this one included: 1 to 31. */
  readonly daysLeft: number;
}

const DAY_MS = 24 * HOUR_MS;

interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The day around a moment; cheap while it is asked about the same day. */
export type Calendar = (at: EpochMs) => CalendarDay;

/** `timeZone` is an IANA name; throws RangeError for any other. */
export function createCalendar(timeZone: string): Calendar {
  const dayOf = readCalendar(timeZone);
  let latest: CalendarDay | null = null;
  return (at) => {
    if (latest === null || at < latest.dayStart || at >= latest.dayEnd) latest = dayOf(at);
    return latest;
  };
}

/** Bounds are found by asking which local date an hour lies in, so a day of 23 or 25 hours is as long as it is. */
function readCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const dateOf = (time: EpochMs): LocalDate => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    return { year: parts.get('year') ?? 0, month: parts.get('month') ?? 0, day: parts.get('day') ?? 0 };
  };
  /** The first hour that is not before the local date. */
  const startOf = (date: LocalDate): EpochMs => {
    const utc = Date.UTC(date.year, date.month - 1, date.day);
    let hour = utc - DAY_MS;
    while (compare(dateOf(hour), date) < 0) hour += HOUR_MS;
    return hour;
  };
  return (at) => {
    const today = dateOf(at);
    const shifted = (months: number, day: number): LocalDate => {
      const date = new Date(Date.UTC(today.year, today.month - 1 + months, day));
      return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    };
    return {
      dayStart: startOf(today),
      dayEnd: startOf(shifted(0, today.day + 1)),
      monthStart: startOf(shifted(0, 1)),
      monthEnd: startOf(shifted(1, 1)),
      daysLeft: shifted(1, 0).day - today.day + 1,
    };
  };
}

function compare(one: LocalDate, other: LocalDate): number {
  return one.year - other.year || one.month - other.month || one.day - other.day;
}
