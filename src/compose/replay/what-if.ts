import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MonitorError } from '../../domain/error';
import type { AlertReport, EstimateReport, RunReport } from './run-report';

/** What the same records come to under another configuration. */
export interface WhatIf {
  /** Alerts of this run alone, of the earlier one alone, and of both. */
  readonly fired: readonly AlertReport[];
  readonly vanished: readonly AlertReport[];
  readonly stayed: readonly AlertReport[];
  /** Where both have a mean, the largest change first. */
  readonly estimates: readonly EstimateChange[];
}

export interface EstimateChange {
  readonly segment: string;
  readonly criterion: string;
  readonly before: Level;
  readonly after: Level;
  readonly change: number;
  /** Whether the intervals of the two lie apart; the records are the same, so this errs towards no. */
  readonly apart: boolean;
}

interface Level {
  readonly mean: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

type Outcome = Pick<RunReport, 'alerts' | 'estimates'>;

/** Another panel is another series, so panels are left out of what is matched. Pure. */
export function compareRuns(before: Outcome, after: Outcome): WhatIf {
  const [old, now] = [bySeries(before.alerts), bySeries(after.alerts)];
  const means = leading(before.estimates);
  return {
    fired: [...now].flatMap(([key, alert]) => (old.has(key) ? [] : [alert])),
    vanished: [...old].flatMap(([key, alert]) => (now.has(key) ? [] : [alert])),
    stayed: [...now].flatMap(([key, alert]) => (old.has(key) ? [alert] : [])),
    estimates: [...leading(after.estimates)]
      .flatMap(([key, estimate]): EstimateChange[] => {
        const [a, b] = [levelOf(means.get(key)), levelOf(estimate)];
        if (a === null || b === null) return [];
        const { segment, criterion } = estimate;
        return [{ segment, criterion, before: a, after: b, change: b.mean - a.mean, apart: liesApart(a, b) }];
      })
      .sort((x, y) => Math.abs(y.change) - Math.abs(x.change)),
  };
}

/** The report of an earlier replay. Rejects with FILE_UNREADABLE where the directory holds none. */
export async function readRunReport(directory: string): Promise<RunReport> {
  const path = join(directory, 'report.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunReport;
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `cannot read ${path}: give --compare the --out of a replay`, { cause });
  }
}

/** The first episode of each series. */
function bySeries(alerts: readonly AlertReport[]): Map<string, AlertReport> {
  const first = new Map<string, AlertReport>();
  for (const alert of alerts) {
    const key = [alert.kind, alert.segment, alert.criterion].join('\u0000');
    if (!first.has(key)) first.set(key, alert);
  }
  return first;
}

/** Of each segment and criterion the estimate of the panel that most sessions come from. */
function leading(estimates: readonly EstimateReport[]): Map<string, EstimateReport> {
  const largest = new Map<string, EstimateReport>();
  for (const one of estimates) {
    const key = [one.segment, one.criterion].join('\u0000');
    if ((largest.get(key)?.sessions ?? -1) < one.sessions) largest.set(key, one);
  }
  return largest;
}

function levelOf(estimate: EstimateReport | undefined): Level | null {
  if (estimate === undefined || estimate.mean === null) return null;
  const { mean, lower, upper } = estimate;
  return { mean, lower, upper };
}

function liesApart(a: Level, b: Level): boolean {
  if (a.lower === null || a.upper === null || b.lower === null || b.upper === null) return false;
  return a.upper < b.lower || b.upper < a.lower;
}
