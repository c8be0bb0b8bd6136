import { ledgerMessages } from '../../src/compose/codecs';
import type { LedgerRecord, OutcomeCriterion, OutcomeItem } from '../../src/domain/ledger-record';
import type { LedgerMessage } from '../../src/ledger/codec';
import { createRng, pick, type Rng } from '../../src/simulate/rng';
import { buildBehaviour, BUILT_AT } from '../../test/support/builders/interaction';
import { at, buildMarker, buildOutcome, buildOutcomeCriterion } from '../../test/support/builders/ledger-record';

export const CRITERIA = ['helpful', 'grounded', 'polite', 'complete', 'safe'];
/** Declared; with `all`, model, route and release each item has eight segments. */
export const DIMENSIONS = ['product', 'locale', 'channel', 'tier'];

const CHECKS = [
  'blank',
  'degenerate',
  'encoding_damage',
  'finish_reason',
  'injection',
  'language_switch',
  'length',
  'non_empty',
  'partial_refusal',
  'refusal',
  'repetition',
  'self_contradiction',
  'tool_arguments',
  'truncated',
];
const TURNS = 4;
/** Conversations that go on at the same time, one turn each in turn. */
const AT_ONCE = 64;
/** Judged traffic of a hundred records a second: a marker each. */
const MARKER_EVERY = 100;

/**
 * Ledger messages as SCORE writes them, in their order and without end: conversations of four judged turns and one
 * event of behaviour, eight segments and five criteria each, a third of the turns escalated, a marker after each hundred.
 * `values`: of all dimensions together. `gapMs`: of event time between two records.
 */
export function* foldTraffic(values: number, gapMs: number, seed: number): Generator<LedgerMessage> {
  const rng = createRng(seed);
  const offsets = [0, 0];
  const heads: Partial<OutcomeItem>[] = [];
  for (let index = 0; ; index++) {
    const round = Math.floor(index / AT_ONCE);
    const slot = index % AT_ONCE;
    const turn = round % (TURNS + 1);
    const occurredAt = BUILT_AT + index * gapMs;
    if (turn === 0) heads[slot] = conversation(rng, `c-${seed}-${index}`, values);
    const record =
      turn === TURNS
        ? behaviour(rng, offsets[1]!++, occurredAt, heads[slot]!.conversationId ?? '')
        : judged(rng, offsets[0]!++, { ...heads[slot], turnIndex: turn, occurredAt });
    yield ledgerMessages.encode(record);
    if (index % MARKER_EVERY !== MARKER_EVERY - 1) continue;
    const positions = offsets.map((offset, partition) => {
      return { ...at(offset, partition), eventTime: occurredAt, idle: false };
    });
    yield ledgerMessages.encode({ ...buildMarker([]), recordedAt: occurredAt + 2_000, positions });
  }
}

function conversation(rng: Rng, conversationId: string, values: number): Partial<OutcomeItem> {
  // What is left once the small dimensions have theirs.
  const products = Math.max(1, values - 1 - 24 - 3 - 4 - 4 - 2 - 2);
  const segments = {
    product: `product-${Math.floor(rng() * products)}`,
    locale: `l${Math.floor(rng() * 24)}`,
    channel: pick(rng, ['web', 'app', 'voice']),
    tier: pick(rng, ['free', 'plus', 'team', 'enterprise']),
  };
  return {
    conversationId,
    segments,
    userHash: `user-${Math.floor(rng() * 50_000)}`,
    producerModel: pick(rng, ['acme-chat-1', 'acme-chat-2', 'acme-mini-1', 'other-1']),
    producerRoute: rng() < 0.05 ? 'failover' : 'primary',
    producerRelease: pick(rng, ['2026.10.1', '2026.10.2']),
    configHash: '4f1c9a7d3b5e6f80',
  };
}

function judged(rng: Rng, offset: number, item: Partial<OutcomeItem>): LedgerRecord {
  const source = at(offset, 0);
  const checks = CHECKS.map((check) => ({ check, result: rng() < 0.02 ? 'fail' : 'pass' }) as const);
  const isBorderline = rng() < 0.25;
  const isEscalated = isBorderline || rng() < 0.1;
  const criteria = CRITERIA.map((criterion) => criterionOf(rng, criterion, isBorderline ? 1 : 0.1, isEscalated));
  return buildOutcome(source, { ...item, checks, criteria });
}

function criterionOf(rng: Rng, criterion: string, pi: number, isEscalated: boolean): OutcomeCriterion {
  const cheap = Math.round((0.6 + 0.4 * rng()) * 100) / 100;
  const base = { criterion, panel: 'mini>large+other+third/mean', cheapScore: cheap, escalationProbability: pi };
  if (!isEscalated) return buildOutcomeCriterion({ ...base, estimatorValue: cheap });
  const ensemble = Math.floor(rng() * 5 < 4 ? 3 : rng() * 3) / 3;
  return buildOutcomeCriterion({
    ...base,
    escalated: true,
    escalationReason: pi === 1 ? 'borderline' : 'audit',
    ensembleScore: ensemble,
    estimatorValue: cheap + (ensemble - cheap) / pi,
    disagreement: ensemble === 1 ? 0 : 0.4,
  });
}

function behaviour(rng: Rng, offset: number, occurredAt: number, conversationId: string): LedgerRecord {
  const kind = pick(rng, ['thumbs_up', 'copy', 'accept', 'thumbs_down', 'resolved'] as const);
  const event = buildBehaviour({ eventId: `b-${offset}`, conversationId, occurredAt, kind, interactionId: null });
  return { kind: 'behaviour', source: at(offset, 1), recordedAt: occurredAt + 2_000, behaviour: event };
}
