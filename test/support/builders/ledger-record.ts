import type { DeadLetterReason } from '../../../src/domain/accounting';
import type { SourceCoordinates } from '../../../src/domain/coordinates';
import type {
  BehaviourRecord,
  ConfigRecord,
  MarkerPosition,
  MarkerRecord,
  OutcomeCriterion,
  OutcomeItem,
  OutcomeRecord,
  TurnSignals,
} from '../../../src/domain/ledger-record';
import type { DeadLetter } from '../../../src/domain/dead-letter';
import { buildBehaviour, BUILT_AT } from './interaction';
import type { SeededRandom } from './random';

export const BUILT_TOPIC = 'llm.interactions';

/** `at(5)` is offset 5 of partition 0 of the interactions topic. */
export function at(offset: number | bigint, partition = 0, topic = BUILT_TOPIC): SourceCoordinates {
  return { topic, partition, offset: BigInt(offset) };
}

export function buildSignals(overrides: Partial<TurnSignals> = {}): TurnSignals {
  return { markers: [], userLength: 19, answerLength: 20, userSketch: '0'.repeat(32), language: 'en', ...overrides };
}

/** Scored by the cheap judge alone: value 0.9, pi 0.1, not escalated. */
export function buildOutcomeCriterion(overrides: Partial<OutcomeCriterion> = {}): OutcomeCriterion {
  return {
    criterion: 'helpful',
    result: 'scored',
    unjudgedReason: null,
    panel: 'p1',
    independent: true,
    cheapScore: 0.9,
    escalated: false,
    escalationReason: null,
    escalationProbability: 0.1,
    ensembleScore: null,
    pass: true,
    estimatorValue: 0.9,
    disagreement: null,
    ...overrides,
  };
}

export function buildEscalatedCriterion(
  cheap: number,
  ensemble: number,
  pi: number,
  overrides: Partial<OutcomeCriterion> = {},
): OutcomeCriterion {
  return buildOutcomeCriterion({
    cheapScore: cheap,
    escalated: true,
    escalationReason: pi === 1 ? 'borderline' : 'audit',
    escalationProbability: pi,
    ensembleScore: ensemble,
    pass: ensemble >= 0.5,
    estimatorValue: cheap + (ensemble - cheap) / pi,
    disagreement: 0,
    ...overrides,
  });
}

/** What the criterion looks like when it has no score. */
export function buildUnscoredCriterion(
  result: 'not_applicable' | 'not_sampled' | 'unjudged',
  overrides: Partial<OutcomeCriterion> = {},
): OutcomeCriterion {
  return buildOutcomeCriterion({
    result,
    unjudgedReason: result === 'unjudged' ? 'timeout' : null,
    panel: result === 'unjudged' ? 'p1' : null,
    cheapScore: null,
    escalationProbability: null,
    pass: null,
    estimatorValue: null,
    ...overrides,
  });
}

export function buildOutcomeItem(overrides: Partial<OutcomeItem> = {}): OutcomeItem {
  return {
    verdictId: 'v-1',
    interactionId: 'i-1',
    conversationId: 'c-1',
    conversationKnown: true,
    turnIndex: 0,
    userHash: null,
    occurredAt: BUILT_AT,
    segments: { product: 'support' },
    producerProvider: 'acme',
    producerModel: 'acme-chat-1',
    producerRoute: 'primary',
    producerRelease: 'r1',
    configHash: 'cfg-1',
    policyVersion: 1,
    sampled: true,
    inclusionProbability: 1,
    upstreamProbability: 1,
    costUsd: 0.0001,
    latencyMs: 420,
    ttftMs: 90,
    checks: [],
    criteria: [buildOutcomeCriterion()],
    signals: buildSignals(),
    ...overrides,
  };
}

/** A judged outcome at `source`; the interaction id follows the coordinates unless given. */
export function buildOutcome(source: SourceCoordinates, item: Partial<OutcomeItem> = {}): OutcomeRecord {
  const id = `${source.partition}-${source.offset}`;
  const built = buildOutcomeItem({
    verdictId: `v-${id}`,
    interactionId: `i-${id}`,
    conversationId: `c-${id}`,
    ...item,
  });
  const judged = built.criteria.some((c) => c.result === 'scored' || c.result === 'unjudged');
  return {
    kind: 'outcome',
    source,
    recordedAt: BUILT_AT + 2000,
    outcome: judged ? 'judged' : 'checked_only',
    deadLetterReason: null,
    item: built,
  };
}

/** An outcome without an interaction. */
export function buildItemlessOutcome(
  source: SourceCoordinates,
  outcome: 'filtered' | 'dead_lettered',
  reason: DeadLetterReason = 'undecodable',
): OutcomeRecord {
  return {
    kind: 'outcome',
    source,
    recordedAt: BUILT_AT + 2000,
    outcome,
    deadLetterReason: outcome === 'dead_lettered' ? reason : null,
    item: null,
  };
}

export function buildBehaviourRecord(source: SourceCoordinates): BehaviourRecord {
  return {
    kind: 'behaviour',
    source,
    recordedAt: BUILT_AT + 2000,
    behaviour: buildBehaviour({ eventId: `b-${source.partition}-${source.offset}` }),
  };
}

export function buildPosition(source: SourceCoordinates, overrides: Partial<MarkerPosition> = {}): MarkerPosition {
  return { ...source, eventTime: BUILT_AT, idle: false, ...overrides };
}

/** A marker: everything below each of `positions` is done. */
export function buildMarker(
  positions: readonly SourceCoordinates[],
  overrides: Partial<MarkerRecord> = {},
): MarkerRecord {
  return {
    kind: 'marker',
    recordedAt: BUILT_AT + 3000,
    positions: positions.map((position) => buildPosition(position)),
    final: false,
    ...overrides,
  };
}

export function buildConfig(overrides: Partial<ConfigRecord> = {}): ConfigRecord {
  return {
    kind: 'config',
    key: 'watch',
    recordedAt: BUILT_AT,
    instance: 'test',
    configHash: 'cfg-1',
    body: '{}',
    ...overrides,
  };
}

export function buildDeadLetter(overrides: Partial<DeadLetter> = {}): DeadLetter {
  return {
    source: at(0),
    recordedAt: BUILT_AT + 2000,
    reason: 'undecodable',
    detail: 'wanted magic byte 0, saw 123',
    hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    sizeBytes: 0,
    schemaId: null,
    ...overrides,
  };
}

export function randomOutcomeCriterion(random: SeededRandom, criterion: string, sampled = true): OutcomeCriterion {
  if (!sampled) return buildUnscoredCriterion('not_sampled', { criterion });
  const kind = random.int(10);
  if (kind === 0) return buildUnscoredCriterion('unjudged', { criterion });
  if (kind === 1) return buildUnscoredCriterion('not_applicable', { criterion });
  const panel = random.chance(0.9) ? 'p1' : 'p2';
  const cheap = Math.round(random.next() * 100) / 100;
  if (kind < 5) {
    const ensemble = Math.round(random.next() * 100) / 100;
    return buildEscalatedCriterion(cheap, ensemble, random.pick([0.1, 0.25, 1]), { criterion, panel });
  }
  return buildOutcomeCriterion({ criterion, panel, cheapScore: cheap, pass: cheap >= 0.5, estimatorValue: cheap });
}

/** A seeded outcome of any kind at `source`, interactions in three products and two models. */
export function randomOutcome(
  random: SeededRandom,
  source: SourceCoordinates,
  criteria: readonly string[] = ['helpful', 'grounded'],
): OutcomeRecord | BehaviourRecord {
  const kind = random.int(20);
  if (kind === 0) return buildItemlessOutcome(source, 'filtered');
  if (kind === 1) return buildItemlessOutcome(source, 'dead_lettered', random.pick(['undecodable', 'invalid']));
  if (kind === 2) return buildBehaviourRecord(source);
  const sampled = random.chance(0.7);
  return buildOutcome(source, {
    sampled,
    occurredAt: BUILT_AT + Number(source.offset) * 1000,
    segments: { product: random.pick(['support', 'search', 'billing']), locale: random.pick(['de', 'en']) },
    producerModel: random.pick(['acme-chat-1', 'other-1']),
    criteria: criteria.map((criterion) => randomOutcomeCriterion(random, criterion, sampled)),
  });
}
