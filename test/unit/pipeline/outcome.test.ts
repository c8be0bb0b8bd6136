import { toOutcomeCriterion, toScoredOutcome } from '../../../src/pipeline/outcome';
import { outcomeOf, toVerdict } from '../../../src/pipeline/verdict';
import type { PrivacyOptions } from '../../../src/privacy/options';
import { createRetain, type Retain } from '../../../src/privacy/retention';
import { buildInteraction } from '../../support/builders/interaction';
import { at, buildSignals } from '../../support/builders/ledger-record';
import {
  BUILT_VERSIONS,
  buildCriterionVerdict,
  buildEscalatedVerdict,
  buildJudgeAnswer,
  buildJudging,
  buildNotApplicableVerdict,
  buildNotSampledVerdict,
  buildSampling,
  buildUnjudgedVerdict,
  buildVerdict,
} from '../../support/builders/verdict';

const scored = buildCriterionVerdict();
const unjudged = buildUnjudgedVerdict('timeout');
const absent = buildNotApplicableVerdict();
const skipped = buildNotSampledVerdict();

describe('the outcome of a record', () => {
  it.each([
    ['scored', [scored], 'judged'],
    ['unjudged', [unjudged], 'judged'],
    ['unjudged beside not applicable', [absent, unjudged], 'judged'],
    ['not applicable', [absent], 'checked_only'],
    ['not sampled', [skipped, skipped], 'checked_only'],
    ['without criteria', [], 'checked_only'],
  ])('of %s criteria follows from them', (_, criteria, expected) => {
    expect(outcomeOf(criteria)).toBe(expected);
  });
});

describe('a criterion in the ledger', () => {
  it('has the cheap score and no ensemble score where nothing was escalated', () => {
    expect(toOutcomeCriterion(scored)).toEqual({
      criterion: 'helpful',
      result: 'scored',
      unjudgedReason: null,
      panel: scored.panel,
      independent: true,
      cheapScore: 0.9,
      escalated: false,
      escalationReason: null,
      escalationProbability: 0.1,
      ensembleScore: null,
      pass: true,
      estimatorValue: 0.9,
      disagreement: null,
    });
  });

  it('has both scores and its probability where it was', () => {
    expect(toOutcomeCriterion(buildEscalatedVerdict(0.75, 0.5, 0.25))).toMatchObject({
      cheapScore: 0.75,
      ensembleScore: 0.5,
      escalated: true,
      escalationReason: 'audit',
      escalationProbability: 0.25,
      estimatorValue: -0.25,
    });
  });

  it('takes the mean of the cheap answers that there are', () => {
    const cheap = [0.5, 1, null].map((score) => buildJudgeAnswer({ score }));
    expect(toOutcomeCriterion(buildEscalatedVerdict(0, 0.5, 1, { cheap })).cheapScore).toBe(0.75);
    expect(toOutcomeCriterion(buildEscalatedVerdict(0, 0.5, 1, { cheap: [] })).cheapScore).toBeNull();
  });

  it('names `audit` where the draw alone escalated, and no reason where it did not', () => {
    const drawn = { escalated: true, reason: null, probability: 0.1 } as const;
    expect(toOutcomeCriterion(buildCriterionVerdict({ escalation: drawn })).escalationReason).toBe('audit');
    const spared = { escalated: false, reason: 'borderline', probability: 0.5 } as const;
    expect(toOutcomeCriterion(buildCriterionVerdict({ escalation: spared })).escalationReason).toBeNull();
  });

  it('has no ensemble score where the ensemble failed', () => {
    const failed = buildUnjudgedVerdict('timeout', { escalation: { escalated: true, reason: null, probability: 0.1 } });
    expect(toOutcomeCriterion(failed)).toMatchObject({ escalated: true, ensembleScore: null, result: 'unjudged' });
  });

  it('is not independent when the panel or the combined score says so', () => {
    expect(toOutcomeCriterion(buildCriterionVerdict({ panel: 'a>b/mean~own' })).independent).toBe(false);
    const combined = buildEscalatedVerdict(0.5, 0.5, 1).combined;
    if (combined === null) throw new Error('the builder combines');
    const own = buildEscalatedVerdict(0.5, 0.5, 1, { combined: { ...combined, independent: false } });
    expect(toOutcomeCriterion(own).independent).toBe(false);
  });
});

const keep = (retain: PrivacyOptions['retain']): Retain => createRetain({ retain, retainIn: [] }, null);

describe('the verdict', () => {
  const interaction = buildInteraction();
  const parts = {
    verdictId: 'v-9',
    source: at(7),
    scoredAt: 123,
    interaction,
    redactions: [{ kind: 'email', count: 1 }],
    checks: [{ check: 'non_empty', version: 1, result: 'fail' as const, span: null, detail: null }],
    checksMs: 2,
    sampling: buildSampling({ probability: 0.5 }),
    judging: buildJudging([scored]),
    versions: BUILT_VERSIONS,
    retain: keep('redacted'),
  };

  it('begins its trail with the checks and the sampling', () => {
    expect(toVerdict(parts).trail).toEqual([
      { stage: 'checks', chose: 'fail', why: 'failed: non_empty', probability: null, costUsd: 0, ms: 2 },
      { stage: 'sampling', chose: 'judge', why: 'cell default', probability: 0.5, costUsd: 0, ms: 0 },
    ]);
  });

  it('carries the interaction only when text is retained', () => {
    expect(toVerdict(parts).interaction).toBe(interaction);
    expect(toVerdict({ ...parts, retain: keep('none') }).interaction).toBeNull();
  });

  it('carries the interaction as evidence when a judge was asked or a check failed, and else not', () => {
    const unjudged = buildJudging([{ ...scored, result: 'not_sampled' }]);
    const passed = parts.checks.map((check) => ({ ...check, result: 'pass' as const }));
    const kept = (over: object): unknown => toVerdict({ ...parts, ...over, retain: keep('evidence') }).interaction;
    expect(kept({ checks: passed })).toBe(interaction);
    expect(kept({ judging: unjudged })).toBe(interaction);
    expect(kept({ judging: unjudged, checks: passed })).toBeNull();
  });

  it('becomes a ledger line without any text', () => {
    const verdict = buildVerdict({ interaction, checks: parts.checks, trail: [] });
    const line = toScoredOutcome(verdict, interaction, buildSignals(), 456);
    expect(line).toMatchObject({
      outcome: 'judged',
      recordedAt: 456,
      item: { verdictId: 'v-1', checks: [{ check: 'non_empty', result: 'fail' }], producerRelease: 'r1' },
    });
    const text = JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).not.toContain(interaction.output.text);
    expect(text).not.toContain('answers the question');
  });
});
