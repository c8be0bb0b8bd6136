import type { LedgerRecord, OutcomeCriterion, OutcomeItem } from '../../src/domain/ledger-record';
import { goldenRecord, labelRecord } from '../../src/domain/ledger-record';
import type { CriterionVerdict, JudgeAnswer, Verdict } from '../../src/domain/verdict';
import { pseudoOutcome } from '../../src/stats/aipw';
import { createRandom } from '../../src/stats/seeded-random';
import { buildOutcomeItem, buildSignals } from '../../test/support/builders/ledger-record';
import { buildCriterionVerdict, buildJudgeAnswer, buildVerdict } from '../../test/support/builders/verdict';
import type { Planted } from './kinds';

/** One seeded story: the ledger that it leaves, the verdicts behind it, and when it changed. */
export interface IncidentStory {
  readonly planted: Planted;
  readonly records: readonly LedgerRecord[];
  readonly verdicts: readonly Verdict[];
  readonly changeAt: number;
  readonly endAt: number;
}

export interface StoryOptions {
  readonly planted: Planted;
  readonly seed: number;
  /** Conversations before the change, and after. */
  readonly before: number;
  readonly after: number;
}

const START = Date.UTC(2026, 8, 7);
const GAP_MS = 4 * 60_000;
const TOPIC = 'llm.interactions';
const CRITERION = 'correct';
const AUDIT = 0.5;
const PANEL = 'mini>alpha+beta/mean';
const GOLDEN_ITEMS = 400;

const PRODUCTS = ['support', 'search', 'copilot'] as const;
const LOCALES = ['en', 'de'] as const;
const QUALITY: Readonly<Record<string, number>> = { support: 0.86, search: 0.93, copilot: 0.7 };

interface Plan {
  readonly product: (typeof PRODUCTS)[number];
  readonly locale: (typeof LOCALES)[number] | null;
  readonly drop: number;
  readonly share: number;
  /** Things that change at the same time and have nothing to do with it. */
  readonly innocentRelease: boolean;
  readonly innocentVersion: boolean;
  readonly hasGolden: boolean;
}

/** Draws a story. The ledger's lines are in order; markers come every half hour of event time. */
export function tellStory({ planted, seed, before, after }: StoryOptions): IncidentStory {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const between = (low: number, high: number): number => low + random() * (high - low);
  const plan: Plan = {
    product: pick(PRODUCTS),
    locale: random() < 0.5 ? pick(LOCALES) : null,
    drop: between(0.2, 0.4),
    share: between(0.4, 0.9),
    innocentRelease: random() < 0.3,
    innocentVersion: random() < 0.2,
    hasGolden: random() < 0.8,
  };
  const changeAt = START + before * GAP_MS;
  const records: LedgerRecord[] = [];
  const verdicts: Verdict[] = [];
  let offset = 0n;
  const source = (): { topic: string; partition: number; offset: bigint } => ({
    topic: TOPIC,
    partition: 0,
    offset: offset++,
  });

  for (let n = 0; n < before + after; n++) {
    const at = START + n * GAP_MS + Math.floor(random() * 1000);
    const isAfter = n >= before;
    const turn = drawTurn(planted, plan, isAfter, random);
    const conversationId = `c${n}`;
    const item = toItem(turn, conversationId, at, random);
    records.push({
      kind: 'outcome',
      source: source(),
      recordedAt: at + 500,
      outcome: item.sampled ? 'judged' : 'checked_only',
      deadLetterReason: null,
      item,
    });
    verdicts.push(toVerdict(item, turn));
    for (const event of turn.events) {
      records.push({
        kind: 'behaviour',
        source: source(),
        recordedAt: at + 60_500,
        behaviour: {
          eventId: `${conversationId}-${event}`,
          conversationId,
          interactionId: item.interactionId,
          userHash: null,
          occurredAt: at + 60_000,
          kind: event,
          value: null,
        },
      });
    }
    if (random() < 0.12) records.push(label(planted, item, at, isAfter, random));
    if (n % 8 === 7) records.push(marker(at + GAP_MS, offset, false));
  }
  const endAt = START + (before + after) * GAP_MS;
  if (plan.hasGolden) records.push(...goldenRun(planted, changeAt + 3_600_000, random));
  if (planted === 'labeller_drift' && random() < 0.6) records.push(...relabelling(changeAt, random));
  records.push(marker(endAt, offset, true));
  return { planted, records, verdicts, changeAt, endAt };
}

interface Turn {
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

function drawTurn(planted: Planted, plan: Plan, isAfter: boolean, random: () => number): Turn {
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
function judged(isRight: boolean, error: number, harsh: number, random: () => number): number {
  const isPassed = random() < error ? !isRight : isRight && random() >= harsh;
  return isPassed ? 0.85 + 0.1 * random() : 0.05 + 0.1 * random();
}

function toItem(turn: Turn, conversationId: string, at: number, random: () => number): OutcomeItem {
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

function toVerdict(item: OutcomeItem, turn: Turn): Verdict {
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

function marker(at: number, offset: bigint, final: boolean): LedgerRecord {
  return {
    kind: 'marker',
    recordedAt: at,
    positions: [{ topic: TOPIC, partition: 0, offset, eventTime: at, idle: false }],
    final,
  };
}

function label(planted: Planted, item: OutcomeItem, at: number, isAfter: boolean, random: () => number): LedgerRecord {
  const score = item.criteria[0]!.ensembleScore ?? item.criteria[0]!.cheapScore;
  const isPassed = (score ?? 0.9) >= 0.5;
  const isStrict = isAfter && planted === 'labeller_drift' && random() < 0.35;
  const said = isStrict ? false : random() < 0.1 ? !isPassed : isPassed;
  return labelRecord(
    {
      interactionId: item.interactionId,
      criterion: CRITERION,
      outcome: 'labelled',
      value: said ? 1 : 0,
      passAt: 0.5,
      confidence: null,
      comment: null,
      rater: `rater-${Math.floor(random() * 3)}`,
      cohort: 'house',
      rubricVersion: 'rubrics-a',
      labelledAt: at + 7_200_000,
      reason: 'random',
      round: 'first',
      probability: 0.12,
      segments: item.segments,
      producerFamily: 'house',
      panel: PANEL,
      score,
      judges: [],
    },
    at + 7_200_000,
  );
}

/** Frozen items labelled by the stricter people. */
function relabelling(changeAt: number, random: () => number): LedgerRecord[] {
  const records: LedgerRecord[] = [];
  for (let n = 0; n < 120; n++) {
    const isPassed = random() < 0.7;
    const base = label('segment_regression', buildOutcomeItem({ interactionId: `g${n}` }), 0, false, random);
    if (base.kind !== 'label') continue;
    const at = (labelledAt: number, value: number, rater: string): LedgerRecord =>
      labelRecord({ ...base.label, interactionId: `g${n}`, reason: 'golden', rater, value, labelledAt }, labelledAt);
    records.push(at(changeAt - 86_400_000, isPassed ? 1 : 0, 'first'));
    records.push(at(changeAt + 86_400_000, isPassed && random() >= 0.3 ? 1 : 0, 'again'));
  }
  return records;
}

function goldenRun(planted: Planted, at: number, random: () => number): LedgerRecord[] {
  const isMoved = planted === 'judge_version' || planted === 'judge_prompt';
  const records: LedgerRecord[] = [];
  for (const judge of ['mini', 'alpha']) {
    for (let n = 0; n < GOLDEN_ITEMS; n++) {
      const isRight = random() < 0.75;
      const base = judged(isRight, 0.08, 0, random);
      // The same judge answers nearly the same again.
      const isSame = random() < 0.96;
      const again = isSame ? base : judged(isRight, 0.08, 0, random);
      const score = isMoved && base >= 0.5 && random() < 0.25 ? 0.1 : again;
      records.push(
        goldenRecord(
          {
            set: 'main',
            seal: 'seal',
            run: 'run-1',
            trigger: 'suspicion',
            variant: 'plain',
            judge,
            family: judge,
            model: judge,
            reportedVersion: null,
            promptHash: 'prompt',
            total: GOLDEN_ITEMS,
            item: `g${n}`,
            repeat: 0,
            fresh: false,
            producerFamily: null,
            costUsd: 0,
            scores: [
              {
                criterion: CRITERION,
                outcome: 'scored',
                score,
                passAt: 0.5,
                sealed: base,
                base,
                human: isRight ? 1 : 0,
              },
            ],
          },
          at,
        ),
      );
    }
  }
  return records;
}
