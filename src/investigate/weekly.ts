import type { Acknowledgement } from '../domain/acknowledgement';
import type { Alert } from '../domain/alert';
import type { Annotation } from '../domain/annotation';
import { segmentLabel } from '../domain/segment';
import { Z_95 } from '../stats/interval';
import type { EvidenceStore } from '../store/port';
import { MAX_PAGE } from '../store/port-search';
import { plain } from './markdown';
import { summary } from './summary';
import { isoTime } from './words';

/** One week of one monitor. */
export interface WeeklyReport {
  readonly from: number;
  readonly to: number;
  readonly quality: readonly WeeklyQuality[];
  readonly alerts: readonly WeeklyAlert[];
  readonly byOwner: readonly {
    readonly owner: string;
    readonly pages: number;
    readonly tickets: number;
    readonly open: number;
  }[];
  /** Of the alerts whose cause was found: how many were false. Null when no cause was found. */
  readonly falseAlarmRate: number | null;
  readonly annotations: readonly Annotation[];
  readonly labels: number;
}

export interface WeeklyQuality {
  readonly criterion: string;
  readonly segment: string;
  readonly mean: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly before: number | null;
  readonly interactions: number;
}

export interface WeeklyAlert {
  readonly alert: Pick<Alert, 'id' | 'severity' | 'state' | 'owner' | 'firedAt' | 'resolvedAt'>;
  readonly kind: string;
  readonly segment: string;
  readonly criterion: string;
  readonly decisions: readonly Acknowledgement[];
}

const WEEK_MS = 7 * 86_400_000;

/** The week that ends at `to`. `segments`: those whose quality is told, beside the whole stream. */
export async function weeklyReport(
  store: EvidenceStore,
  parseAlert: (json: string) => Alert,
  to: number,
  segments: readonly string[],
): Promise<WeeklyReport> {
  const from = to - WEEK_MS;
  const quality: WeeklyQuality[] = [];
  for (const criterion of await store.criteria()) {
    for (const segment of ['all', ...segments]) {
      const now = summary(await store.series(segment, criterion, from, to));
      if (now.n === 0) continue;
      const before = summary(await store.series(segment, criterion, from - WEEK_MS, from));
      quality.push({
        criterion,
        segment,
        mean: now.mean,
        lower: now.mean === null ? null : Math.max(0, now.mean - Z_95 * now.error),
        upper: now.mean === null ? null : Math.min(1, now.mean + Z_95 * now.error),
        before: before.mean,
        interactions: now.interactions,
      });
    }
  }
  const { rows } = await store.alerts({ from, to }, { limit: MAX_PAGE });
  const alerts = rows.map(({ json, acknowledgements }) => {
    const { series, ...alert } = parseAlert(json);
    const { kind, criterion, segment } = series;
    return { alert, kind, segment: segmentLabel(segment), criterion, decisions: acknowledgements };
  });
  const causes = alerts.flatMap(({ decisions }) => decisions.flatMap(({ cause }) => (cause === null ? [] : [cause])));
  return {
    from,
    to,
    quality,
    alerts,
    byOwner: ownersOf(alerts),
    falseAlarmRate: causes.length === 0 ? null : causes.filter((one) => one === 'false_alarm').length / causes.length,
    annotations: await store.annotations(from, to),
    labels: (await store.labels(from, to)).length,
  };
}

function ownersOf(alerts: readonly WeeklyAlert[]): WeeklyReport['byOwner'] {
  const owners = [...new Set(alerts.map(({ alert }) => alert.owner))].sort();
  return owners.map((owner) => {
    const own = alerts.filter(({ alert }) => alert.owner === owner).map(({ alert }) => alert);
    const count = (severity: string): number => own.filter((one) => one.severity === severity).length;
    const open = own.filter(({ state }) => state !== 'resolved').length;
    return { owner, pages: count('page'), tickets: count('ticket'), open };
  });
}

export function weeklyMarkdown(week: WeeklyReport): string {
  const lines = [`# Week to ${isoTime(week.to)}`, '', '## Quality', ''];
  lines.push('| criterion | segment | mean (95 %) | week before | interactions |', '| --- | --- | --- | --- | --- |');
  for (const { criterion, segment, mean, lower, upper, before, interactions } of week.quality) {
    const level = `${number(mean)} (${number(lower)} to ${number(upper)})`;
    lines.push(`| ${plain(criterion)} | ${plain(segment)} | ${level} | ${number(before)} | ${interactions} |`);
  }
  lines.push('', '## By owner', '', '| owner | pages | tickets | open |', '| --- | --- | --- | --- |');
  for (const { owner, pages, tickets, open } of week.byOwner) {
    lines.push(`| ${plain(owner)} | ${pages} | ${tickets} | ${open} |`);
  }
  lines.push('', '## What fired', '');
  if (week.alerts.length === 0) lines.push('Nothing.');
  for (const { alert, kind, segment, criterion, decisions } of week.alerts) {
    lines.push(
      `- ${isoTime(alert.firedAt)} ${alert.severity} ${kind} ${plain(criterion)} in ${plain(segment)} (${alert.state})`,
    );
    for (const { action, author, cause, reason } of decisions) {
      lines.push(
        `  - ${plain(author)}: ${action.replaceAll('_', ' ')}${cause === null ? '' : ` (${plain(cause)})`}: ${plain(reason)}`,
      );
    }
  }
  const rate = week.falseAlarmRate === null ? 'no cause was found yet' : `${(100 * week.falseAlarmRate).toFixed(0)} %`;
  lines.push('', `False alarms among alerts whose cause was found: ${rate}. Labels given: ${week.labels}.`);
  lines.push('', '## Timeline', '');
  for (const { at, kind, text, author } of week.annotations) {
    lines.push(`- ${isoTime(at)} ${kind}: ${plain(text)} (${plain(author)})`);
  }
  return `${lines.join('\n')}\n`;
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
