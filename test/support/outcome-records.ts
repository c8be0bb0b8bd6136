import type { OutcomeCriterion, OutcomeItem, OutcomeRecord } from '../../src/domain/ledger-record';

export function outcomeCriterion(part: Partial<OutcomeCriterion> = {}): OutcomeCriterion {
  return {
    criterion: 'helpful',
    result: 'scored',
    unjudgedReason: null,
    panel: 'one',
    independent: true,
    cheapScore: 0.9,
    escalated: false,
    escalationReason: null,
    escalationProbability: 0.1,
    ensembleScore: null,
    pass: true,
    estimatorValue: 0.9,
    disagreement: null,
    ...part,
  };
}

export function outcomeItem(part: Partial<OutcomeItem> = {}): OutcomeItem {
  return {
    verdictId: '3f1c2b9e-0000-4000-8000-000000000000',
    interactionId: 'i-1',
    conversationId: 'c-1',
    conversationKnown: true,
    turnIndex: 0,
    userHash: null,
    occurredAt: 0,
    segments: { product: 'support' },
    producerProvider: 'openai',
    producerModel: 'gpt-4o',
    producerRoute: 'primary',
    producerRelease: null,
    configHash: 'abc',
    policyVersion: 1,
    sampled: true,
    inclusionProbability: 0.1,
    upstreamProbability: 1,
    costUsd: 0,
    latencyMs: null,
    ttftMs: null,
    checks: [{ check: 'non_empty', result: 'pass' }],
    criteria: [outcomeCriterion()],
    signals: { markers: [], userLength: 0, answerLength: 0, userSketch: '', language: null },
    ...part,
  };
}

export function outcomeRecord(item: OutcomeItem | null, part: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    kind: 'outcome',
    source: { topic: 't', partition: 0, offset: 0n },
    recordedAt: 0,
    outcome: 'judged',
    deadLetterReason: null,
    item,
    ...part,
  };
}
