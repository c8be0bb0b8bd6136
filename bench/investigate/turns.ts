import type { OutcomeCriterion, OutcomeItem } from '../../src/domain/ledger-record';
import type { CriterionVerdict, JudgeAnswer, Verdict } from '../../src/domain/verdict';
import { pseudoOutcome } from '../../src/stats/aipw';
import { buildOutcomeItem, buildSignals } from '../../test/support/builders/ledger-record';
import { buildCriterionVerdict, buildJudgeAnswer, buildVerdict } from '../../test/support/builders/verdict';
import type { Planted } from './kinds';

export const CRITERION = 'correct';
export const PANEL = 'mini>alpha+beta/mean';
const AUDIT = 0.5;

export const PRODUCTS = ['support', 'search', 'copilot'] as const;
export const LOCALES = ['en', 'de'] as const;
const QUALITY: Readonly<Record<string, number>> = { support: 0.86, search: 0.93, copilot: 0.7 };

/** What a story is about, and what else happens in it. */
export interface Plan {
  readonly product: (typeof PRODUCTS)[number];
  readonly locale: (typeof LOCALES)[number] | null;
  readonly drop: number;
  readonly share: number;
  /** Things that change at the same time and have nothing to do with it. */
  readonly innocentRelease: boolean;
  readonly innocentVersion: boolean;
  readonly hasGolden: boolean;
}

/** One turn as it is, before anybody judges it. */
export interface Turn {
  readonly product: string;
  readonly locale: string;
  readonly plan: string;
  readonly release: string;
  readonly route: 'primary' | 'failover';
  readonly model: string;
  readonly quality: number;
  /** Probability that judges of the day fail what is right. */
  readonly harsh: number;
  readonly prompt: string;
  readonly judgeVersion: string;
  readonly rate: number;
  readonly cutOff: number;
  readonly events: readonly ('abandon' | 'resolved' | 'handoff' | 'thumbs_up')[];
}

export function drawTurn(planted: Planted, plan: Plan, isAfter: boolean, random: () => number): Turn {
  const changed = (kind: Planted): boolean => isAfter && planted === kind;
  const weights = changed('mix_shift') ? [0.12, 0.13, 0.75] : [0.36, 0.36, 0.28];
  const draw = random();
  const product = draw < weights[0]! ? 'support' : draw < weights[0]! + weights[1]! ? 'search' : 'copilot';
  const locale = random() < 0.6 ? 'en' : 'de';
  const isThere = product === plan.product && (plan.locale === null || locale === plan.locale);
  let quality = QUALITY[product]! - (locale === 'de' ? 0.03 : 0);
  let release = '2026.9.1';
  let route: Turn['route'] = random() < 0.02 ? 'failover' : 'primary';
  if (changed('segment_regression') && isThere) quality -= plan.drop;
  if (changed('release_regression') && random() < plan.share) {
    release = '2026.9.2';
    quality -= plan.drop;
  } else if (isAfter && plan.innocentRelease && planted !== 'release_regression' && random() < plan.share) {
    release = '2026.9.2';
  }
  if (changed('route_failover') && random() < plan.share) route = 'failover';
  if (route === 'failover') quality -= plan.drop;
  const isJudgeChanged = changed('judge_version') || changed('judge_prompt');
  const isNewVersion = changed('judge_version') || (isAfter && plan.innocentVersion && planted !== 'judge_prompt');
  const rates: Readonly<Record<string, number>> = changed('sampling_change')
    ? { support: 0.2, search: 0.2, copilot: 1 }
    : { support: 0.7, search: 0.7, copilot: 0.7 };
  const isUnhappy = changed('users_only') && random() < 0.35;
  const isRight = random() < 0.8;
  const events: Turn['events'] = isUnhappy
    ? [random() < 0.7 ? 'abandon' : 'handoff']
    : isRight
      ? ['resolved']
      : random() < 0.3
        ? ['abandon']
        : [];
  return {
    product,
    locale,
    plan: random() < 0.8 ? 'free' : 'business',
    release,
    route,
    model: route === 'failover' ? 'spare-1' : 'main-1',
    quality: Math.max(0.05, quality),
    harsh: isJudgeChanged ? plan.drop * 0.8 : 0,
    prompt: changed('judge_prompt') ? 'prompt-b' : 'prompt-a',
    judgeVersion: isNewVersion ? '2026-09' : '2026-06',
    rate: rates[product]!,
    cutOff: changed('check_failure') && isThere ? 0.3 : 0.01,
    events,
  };
}

/** A judge's score of something right or wrong: it errs now and then, and a harsh one fails what is right. */
export function judged(isRight: boolean, error: number, harsh: number, random: () => number): number {
  const isPassed = random() < error ? !isRight : isRight && random() >= harsh;
  return isPassed ? 0.85 + 0.1 * random() : 0.05 + 0.1 * random();
}

export function toItem(turn: Turn, conversationId: string, at: number, random: () => number): OutcomeItem {
  const sampled = random() < turn.rate;
  const isRight = random() < turn.quality;
  // Judges share what the harsh one sees: it is the provider's model, or the prompt, that changed.
  const isHarsh = random() < turn.harsh;
  const cheap = judged(isRight, 0.12, isHarsh ? 1 : 0, random);
  const escalated = random() < AUDIT;
  const ensemble = escalated
    ? (judged(isRight, 0.05, isHarsh ? 1 : 0, random) + judged(isRight, 0.05, isHarsh ? 1 : 0, random)) / 2
    : null;
  const value = pseudoOutcome(cheap, ensemble, AUDIT);
  const score = ensemble ?? cheap;
  const criterion: OutcomeCriterion = {
    criterion: CRITERION,
    result: sampled ? 'scored' : 'not_sampled',
    unjudgedReason: null,
    panel: sampled ? PANEL : null,
    independent: true,
    cheapScore: sampled ? cheap : null,
    escalated: sampled && escalated,
    escalationReason: sampled && escalated ? 'audit' : null,
    escalationProbability: sampled ? AUDIT : null,
    ensembleScore: sampled ? ensemble : null,
    pass: sampled ? score >= 0.5 : null,
    estimatorValue: sampled ? value : null,
    disagreement: null,
  };
  return buildOutcomeItem({
    verdictId: `v-${conversationId}`,
    interactionId: `i-${conversationId}`,
    conversationId,
    occurredAt: at,
    segments: { product: turn.product, locale: turn.locale, plan: turn.plan },
    producerProvider: 'house',
    producerModel: turn.model,
    producerRoute: turn.route,
    producerRelease: turn.release,
    sampled,
    inclusionProbability: turn.rate,
    checks: [
      { check: 'truncated', result: random() < turn.cutOff ? 'fail' : 'pass' },
      { check: 'refusal', result: random() < 0.01 ? 'fail' : 'pass' },
    ],
    criteria: [criterion],
    signals: buildSignals({ markers: [] }),
  });
}

export function toVerdict(item: OutcomeItem, turn: Turn): Verdict {
  const answer = (judge: string): JudgeAnswer => buildJudgeAnswer({ judge, reportedVersion: turn.judgeVersion });
  const [own] = item.criteria;
  const criterion: CriterionVerdict = buildCriterionVerdict({
    criterion: CRITERION,
    cheap: item.sampled ? [answer('mini')] : [],
    ensemble: own!.escalated ? [answer('alpha'), answer('beta')] : [],
  });
  return buildVerdict({
    verdictId: item.verdictId,
    interactionId: item.interactionId,
    conversationId: item.conversationId,
    occurredAt: item.occurredAt,
    versions: { config: 'cfg', policy: 1, rubrics: 'rubrics-a', prompt: turn.prompt },
    criteria: [criterion],
  });
}
