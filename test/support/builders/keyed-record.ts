import type { Acknowledgement } from '../../../src/domain/acknowledgement';
import type { Annotation } from '../../../src/domain/annotation';
import type { GoldenAnswer, GoldenScore } from '../../../src/domain/golden';
import type { Label } from '../../../src/domain/label';
import {
  acknowledgementRecord,
  annotationRecord,
  goldenRecord,
  type KeyedRecord,
  labelRecord,
} from '../../../src/domain/ledger-record';
import { BUILT_AT } from './interaction';
import type { SeededRandom } from './random';

export function buildLabel(overrides: Partial<Label> = {}): Label {
  return {
    interactionId: 'i-1',
    criterion: 'helpful',
    outcome: 'labelled',
    value: 1,
    confidence: null,
    comment: null,
    rater: 'rater-1',
    cohort: 'default',
    rubricVersion: '1',
    labelledAt: BUILT_AT,
    reason: 'random',
    round: 'first',
    probability: 0.1,
    segments: { product: 'support' },
    producerFamily: 'acme',
    panel: 'p1',
    score: 0.9,
    passAt: 0.5,
    judges: [{ judge: 'j1', family: 'other', score: 0.9 }],
    ...overrides,
  };
}

export function buildGoldenScore(overrides: Partial<GoldenScore> = {}): GoldenScore {
  return {
    criterion: 'helpful',
    outcome: 'scored',
    score: 1,
    sealed: 1,
    base: 1,
    human: 1,
    passAt: 0.5,
    ...overrides,
  };
}

export function buildGoldenAnswer(overrides: Partial<GoldenAnswer> = {}): GoldenAnswer {
  return {
    set: 'main',
    seal: 'ab'.repeat(32),
    run: 'run-1',
    trigger: 'schedule',
    variant: 'plain',
    judge: 'j1',
    family: 'other',
    model: 'other-1',
    reportedVersion: 'other-1-0613',
    promptHash: 'p-1',
    total: 3,
    item: 'g-1',
    repeat: 0,
    fresh: false,
    producerFamily: 'acme',
    costUsd: 0.001,
    scores: [buildGoldenScore()],
    ...overrides,
  };
}

export function buildAnnotation(overrides: Partial<Annotation> = {}): Annotation {
  return {
    id: 'a-1',
    kind: 'release',
    at: BUILT_AT,
    until: null,
    text: 'release 2',
    author: 'ada',
    segments: {},
    withdrawn: false,
    ...overrides,
  };
}

export function buildAcknowledgement(overrides: Partial<Acknowledgement> = {}): Acknowledgement {
  return {
    action: 'acknowledge',
    alertId: '00000000000000a1',
    series: null,
    cause: null,
    reason: 'looking',
    author: 'ada',
    at: BUILT_AT,
    ...overrides,
  };
}

/** A seeded record without a source offset; keys repeat, so that later ones revise earlier ones. */
export function randomKeyedRecord(random: SeededRandom): KeyedRecord {
  const recordedAt = BUILT_AT + random.int(100_000);
  const author = random.pick(['ada', 'grace']);
  switch (random.int(4)) {
    case 0: {
      const interactionId = `i-${random.int(3)}`;
      const outcome = random.pick(['labelled', 'cannot_tell', 'withdrawn'] as const);
      const value = outcome === 'labelled' ? random.int(2) : null;
      return labelRecord(buildLabel({ interactionId, rater: author, outcome, value }), recordedAt);
    }
    case 1: {
      const answer = { run: `run-${random.int(2)}`, item: `g-${random.int(3)}`, reportedVersion: null };
      const score = random.chance(0.8) ? random.int(2) : null;
      const scores = [buildGoldenScore({ score, outcome: score === null ? 'timeout' : 'scored' })];
      return goldenRecord(buildGoldenAnswer({ ...answer, scores }), recordedAt);
    }
    case 2:
      return annotationRecord(
        buildAnnotation({ id: `a-${random.int(3)}`, author, withdrawn: random.chance(0.3) }),
        recordedAt,
      );
    default: {
      const segment = { dimension: 'product', value: 'support' };
      const series = random.chance(0.5) ? { kind: 'score_regression', segment, criterion: 'helpful', panel: '' } : null;
      const alertId = series === null ? `alert-${random.int(3)}` : null;
      const action = random.pick(['acknowledge', 'accept', 'reset'] as const);
      return acknowledgementRecord(buildAcknowledgement({ alertId, series, action, author }), recordedAt);
    }
  }
}
