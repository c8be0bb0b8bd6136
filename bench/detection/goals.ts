import { formatNumber, formatTable } from '../../src/cli/format';
import { number, record } from '../../test/vectors/read';
import { readVectorFile } from '../../test/vectors/suite';
import { round } from './summary';

/** A figure beside what is wanted of it. Met is what the figure says; the interval says how much that is worth. */
export interface Goal {
  readonly what: string;
  readonly value: number | null;
  /** 95 %; null where the figure is no mean of runs. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly met: boolean | null;
}

type Wanted = Pick<Goal, 'atLeast' | 'atMost'>;

const Z = 1.96;

/** A mean with its standard error, null when there is none. */
export function goalOf(what: string, { value, se }: { value: number | null; se: number | null }, wanted: Wanted): Goal {
  const interval =
    value === null || se === null ? null : ([round(value - Z * se, 4)!, round(value + Z * se, 4)!] as const);
  return goalWith(what, value, interval, wanted);
}

/** A figure with an interval of its own. */
export function goalWith(what: string, value: number | null, interval: Goal['interval'], wanted: Wanted): Goal {
  const { atLeast = -Infinity, atMost = Infinity } = wanted;
  return { what, value, interval, ...wanted, met: value === null ? null : value >= atLeast && value <= atMost };
}

export function goalTable(goals: readonly Goal[]): string {
  const show = (value: number): string => formatNumber(value, Math.abs(value) < 10 ? 3 : 0);
  const rows = goals.map(({ what, value, interval, atLeast, atMost, met }) => [
    what,
    value === null ? '–' : show(value),
    interval === null ? '' : `${show(interval[0])} to ${show(interval[1])}`,
    atLeast !== undefined ? `≥ ${show(atLeast)}` : atMost !== undefined ? `≤ ${show(atMost)}` : '',
    met === null ? '–' : met ? 'met' : 'missed',
  ]);
  return formatTable([['figure', 'measured', '95 %', 'goal', ''], ...rows]);
}

/**
 * Most items to an alarm, by detector and drop; none without the file of goals. A known baseline is given 5 % beyond the
 * reference figures, as is one learned from 10,000 items; one of 2,000 is to be below them.
 */
export function delayGoals(family: string): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const file = readVectorFile('detector-goals.json');
  if (file === null) return {};
  const wanted = record(record(record(file, 'goals'), family), 'knownBaselineRunning');
  const learned = (size: number, allowance: number): Record<string, number> => {
    const name = `recommended e-SR, baseline learned from ${size} items, running`;
    const figures = record(record(record(file, 'comparators'), family), name);
    return { '0.05': allowance * number(figures, 'to080'), '0.10': allowance * number(figures, 'to075') };
  };
  return {
    known: { '0.05': number(wanted, 'to080AtMost'), '0.10': number(wanted, 'to075AtMost') },
    learned_2000: learned(2000, 1),
    learned_10000: learned(10_000, 1.05),
  };
}
