import type { Interaction } from '../../../src/domain/interaction';
import type { CriterionVerdict } from '../../../src/domain/verdict';
import { createCascade } from '../../../src/judge/cascade';
import { uniformDraw } from '../../../src/judge/draw';
import type { JudgeCallEvent, Judging, JudgingRequest } from '../../../src/judge/cascade-port';
import {
  type CascadeOptions,
  type CriterionOptions,
  type JudgeOptions,
  cascadeOptions,
} from '../../../src/judge/options';
import type { JudgeRequest } from '../../../src/judge/port';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildInteraction } from '../../support/builders/interaction';
import { buildSampling } from '../../support/builders/verdict';
import { type FakeBehaviour, type FakeJudge, criterion, fakeJudge } from './fake-judge';

export type Behave = FakeBehaviour | ((request: JudgeRequest) => FakeBehaviour);

export interface Setup {
  readonly criteria?: readonly CriterionOptions[];
  readonly cheap?: Behave;
  readonly members?: readonly [Behave, Behave, Behave];
  readonly options?: Partial<CascadeOptions>;
  readonly prices?: JudgeOptions['prices'];
}

export const SURE: FakeBehaviour = { all: { verdict: 'pass', confidence: 95 } };
export const UNSURE: FakeBehaviour = { all: { verdict: 'pass', confidence: 60 } };
export const YES: FakeBehaviour = { all: { verdict: 'pass', confidence: 90 } };
export const NO: FakeBehaviour = { all: { verdict: 'fail', confidence: 80 } };

/** A cascade of one cheap judge and an ensemble of three, with what it asks and tells. */
export function setUp({
  criteria = [criterion('helpful')],
  cheap = SURE,
  members = [YES, YES, NO],
  options,
  prices,
}: Setup = {}) {
  const extra = prices === undefined ? {} : { prices };
  const judges: [FakeJudge, FakeJudge, FakeJudge, FakeJudge] = [
    fakeJudge('mini', 'gpt-4.1-mini', cheap, extra),
    fakeJudge('claude', 'claude-sonnet-4', members[0], extra),
    fakeJudge('gemini', 'gemini-2.5-flash', members[1], extra),
    fakeJudge('qwen', 'qwen3-32b', members[2], extra),
  ];
  const events: JudgeCallEvent[] = [];
  let now = 0;
  let ids = 0;
  const cascade = createCascade({
    criteria,
    judges,
    cascade: { ...cascadeOptions.parse({ cheap: [['mini']], ensemble: [['claude', 'gemini', 'qwen']] }), ...options },
    models: [{ match: 'acme-*', family: 'acme', lineage: [] }],
    salt: 'salt',
    clock: { monotonicMs: () => now++ },
    randomId: () => `id-${ids++}`,
    onCall: (event) => events.push(event),
  });
  const judge = (change: Partial<JudgingRequest> = {}): Promise<Judging> =>
    cascade.judge({
      interaction: notAudited,
      sampling: buildSampling(),
      failedChecks: [],
      policy: INITIAL_POLICY,
      signal: new AbortController().signal,
      ...change,
    });
  return { cascade, judge, judges, events, calls: () => judges.map((each) => each.asked.length).join() };
}

/** Interactions whose audit draw under salt, policy and group of these tests says no, and yes. */
export const notAudited = drawnAs(false);
export const audited = drawnAs(true);

function drawnAs(escalated: boolean): Interaction {
  for (let i = 0; ; i++) {
    const below = uniformDraw('escalate', 'salt', INITIAL_POLICY.version, `default|i-${i}`) < 0.1;
    if (below === escalated) return buildInteraction({ interactionId: `i-${i}` });
  }
}

/** The verdict where there is one criterion. */
export function only(judging: Judging): CriterionVerdict {
  expect(judging.criteria).toHaveLength(1);
  return judging.criteria[0] as CriterionVerdict;
}
