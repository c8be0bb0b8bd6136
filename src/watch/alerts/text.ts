import {
  type AlertSeverity,
  KEPT_LESS,
  KEPT_MORE,
  type LevelEstimate,
  type SeriesChange,
  type SeriesId,
} from '../../domain/alert';
import { segmentLabel } from '../../domain/segment';
import type { SessionRatios } from '../../domain/session-outcome';
import type { EpochMs } from '../../domain/time';
import type { OpenEpisode } from './state';
import type { Baseline } from './tier';

/** What an alert's text is made of. */
export interface AlertFacts {
  readonly id: SeriesId;
  readonly open: OpenEpisode;
  readonly baseline: Baseline | null;
  readonly alongside: readonly SeriesChange[];
  readonly newSince: readonly string[];
  /** How users of the segment fare, in words; null when that is not known. */
  readonly users: string | null;
  /** Days of the budget that the alert came from, and series that share it. */
  readonly budget: { readonly severity: AlertSeverity; readonly days: number; readonly series: number };
}

/** Everything that is known of an alert, in sentences. */
export function alertText(facts: AlertFacts): string {
  const { open, users } = facts;
  const parts = [levelSentence(facts), beganSentence(open)];
  if (facts.newSince.length > 0) parts.push(`First seen about then: ${facts.newSince.join(', ')}.`);
  if (facts.alongside.length > 0) parts.push(`Changed with it: ${facts.alongside.map(changeText).join('; ')}.`);
  parts.push(users === null ? "Users' outcomes: not measured here." : `Users there so far: ${users}.`);
  parts.push(...open.findings);
  const { severity, days, series } = facts.budget;
  parts.push(
    `At most one false ${severity} per ${days} days over all ${series} series together, however often one looks.`,
  );
  return parts.filter((part) => part !== '').join(' ');
}

/** `correct in product=support` and the like. */
export function subjectOf({ segment, criterion }: SeriesId): string {
  const where = segmentLabel(segment) === 'all' ? 'the whole stream' : segmentLabel(segment);
  return criterion === '' ? where : `${criterion} in ${where}`;
}

function levelSentence({ id, open, baseline }: AlertFacts): string {
  const { before, after } = open;
  const now = after === null ? 'an unknown level' : levelText(after);
  const what = measured(id);
  if (before === null) {
    const target = baseline?.source === 'target' ? baseline.target.toFixed(3) : 'its objective';
    return `${open.kind}: ${what} of ${subjectOf(id)} is below ${target}: ${now} since (selected after an alarm).`;
  }
  const from = `${levelText(before)}${baseline === null ? '' : (ORIGIN[baseline.source] ?? '')}`;
  if (id.kind === 'failover_quality' || id.kind === 'quality_dip_after_release') {
    const other = id.kind === 'failover_quality' ? 'the primary route' : 'the release before';
    return `${open.kind}: ${what} of ${subjectOf(id)} is below that of ${other}: ${now} against ${levelText(before)} (selected after an alarm).`;
  }
  return `${open.kind}: ${what} of ${subjectOf(id)} fell from ${from} to ${now} since (selected after an alarm).`;
}

const ORIGIN: Readonly<Partial<Record<Baseline['source'], string>>> = {
  seeded: ', seeded baseline',
  borrowed: ', borrowed baseline',
};

const MEASURED: Readonly<Partial<Record<SeriesId['kind'], string>>> = {
  score_regression: 'mean score',
  failover_quality: 'mean score',
  quality_dip_after_release: 'mean score',
  recovery_regression: 'share of bad turns that users recover from,',
  engagement_regression: 'share of sessions without it,',
  judge_user_divergence: 'how users fare minus how judges score, moved into 0 to 1,',
  judge_human_disagreement: 'people minus judge, moved into 0 to 1,',
  judges_converged: 'disagreement within the ensemble on',
  judged_ratio_low: 'share in order',
  judge_unavailable: 'share in order',
  judge_invalid_output: 'share in order',
  judge_budget_limited: 'share in order',
  dead_letters_rise: 'share in order',
  control_item_missed: 'share judged as known',
};

function measured({ kind, criterion }: SeriesId): string {
  if (criterion === 'under_refusal') return 'share refused';
  if (criterion.endsWith(KEPT_LESS)) return 'share of items that the cheap stage is sure of,';
  if (criterion.endsWith(KEPT_MORE)) return 'share of items that the cheap stage is not sure of,';
  if (criterion === 'share_falls') return 'share of traffic,';
  if (criterion === 'share_rises') return 'share of traffic that is elsewhere,';
  return MEASURED[kind] ?? 'share that passes';
}

function levelText({ mean, lower, upper, items }: LevelEstimate): string {
  return `${mean.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)}, n ${items})`;
}

function beganSentence({ began }: OpenEpisode): string {
  if (began === null) return '';
  return `It began about ${timeText(began.at)}, between ${timeText(began.from)} and ${timeText(began.to)}.`;
}

function changeText({ segment, criterion, drop }: SeriesChange): string {
  return `${criterion} in ${segmentLabel(segment)} by ${(-drop).toFixed(3)}`;
}

function timeText(at: EpochMs): string {
  return new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}

/** What users did, in words; null when nothing may be told of so few. */
export function usersText(ratios: SessionRatios | null): string | null {
  if (ratios === null) return null;
  const parts = (['recovery', 'abandonment', 'handoff'] as const).flatMap((name) => {
    const ratio = ratios[name];
    if (ratio === null) return [];
    return [`${name} ${ratio.value.toFixed(2)} (${ratio.lower.toFixed(2)} to ${ratio.upper.toFixed(2)}, n ${ratio.n})`];
  });
  return parts.length === 0 ? null : parts.join(', ');
}
