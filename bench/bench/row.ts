import type { Spread } from './measure';

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly value: Spread;
  /** The same work done otherwise in the same run, and how the value compares with it. */
  readonly reference: { readonly name: string; readonly ratio: Spread } | null;
  readonly goal: Goal | null;
}

/** `of`: whether the goal is about the value or about the ratio to the reference. */
export interface Goal {
  readonly of: 'value' | 'ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What a row file gives: lines of the table, and its part of the JSON. */
export interface RowResult<Figures> {
  readonly rows: readonly Row[];
  readonly figures: Figures;
}

/** Null without a goal. */
export function isMet({ goal, value, reference }: Row): boolean | null {
  if (goal === null) return null;
  const seen = goal.of === 'value' ? value.median : (reference?.ratio.median ?? NaN);
  return seen <= (goal.atMost ?? Infinity) && seen >= (goal.atLeast ?? -Infinity);
}

export function toMarkdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { name, unit, value, reference, goal } = row;
    const ratio = reference === null ? '' : `${text(reference.ratio)} of ${reference.name}`;
    const met = isMet(row);
    return `| ${name} | ${text(value)} ${unit} | ${ratio} | ${goal === null ? '' : goalText(goal)} | ${met === null ? '' : met ? 'met' : '**missed**'} |`;
  });
  return [
    '| what | median (quartiles) | ratio in the same run | goal | |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

function text({ median, low, high, repetitions }: Spread): string {
  return repetitions === 1 ? short(median) : `${short(median)} (${short(low)} to ${short(high)})`;
}

function goalText({ of, atMost, atLeast }: Goal): string {
  const bounds = [atMost === undefined ? '' : `≤ ${short(atMost)}`, atLeast === undefined ? '' : `≥ ${short(atLeast)}`];
  return `${of === 'ratio' ? 'ratio ' : ''}${bounds.filter((bound) => bound !== '').join(', ')}`;
}

/** Three significant digits. */
function short(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
