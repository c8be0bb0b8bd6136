import type { UnjudgedReason } from '../../../src/domain/accounting';
import { readItemNonce } from '../../../src/judge/fence';
import { type Judge, resolveJudge } from '../../../src/judge/judge';
import { type CriterionOptions, criterionOptions, type JudgeOptions, judgeOptions } from '../../../src/judge/options';
import type { JudgeReply, JudgeRequest } from '../../../src/judge/port';
import { type ScriptedVerdict, verdicts } from '../../support/judge-server';

/** What a fake judge does when asked: verdicts by criterion (`all` for the rest), a failure, or a raw reply. */
export type FakeBehaviour =
  | { readonly all?: ScriptedVerdict; readonly byName?: Readonly<Record<string, ScriptedVerdict>> }
  | { readonly failure: UnjudgedReason }
  | { readonly raw: string }
  | { readonly hangs: true }
  | { readonly rejects: true };

export interface FakeJudge extends Judge {
  readonly asked: JudgeRequest[];
}

export function fakeJudge(
  name: string,
  model: string,
  behave: FakeBehaviour | ((request: JudgeRequest) => FakeBehaviour),
  options: Partial<JudgeOptions> = {},
): FakeJudge {
  const asked: JudgeRequest[] = [];
  const parsed = judgeOptions.parse({ name, model, baseUrl: 'http://127.0.0.1:9/v1', ...options });
  const judge = resolveJudge(parsed, [], {
    async complete(request) {
      asked.push(request);
      const behaviour = typeof behave === 'function' ? behave(request) : behave;
      if ('rejects' in behaviour) throw new Error('a bug of the client');
      if ('hangs' in behaviour) return new Promise<JudgeReply>(() => undefined);
      if ('failure' in behaviour) return { ...REPLY, text: null, failure: behaviour.failure };
      if ('raw' in behaviour) return { ...REPLY, text: behaviour.raw };
      const { properties } = request.schema as { properties: { criteria: { properties: object } } };
      const seen = { nonce: readItemNonce(request.user), criteria: Object.keys(properties.criteria.properties) };
      return { ...REPLY, text: verdicts(seen, behaviour.all, behaviour.byName) };
    },
    leave: () => undefined,
    close: () => Promise.resolve(),
  });
  return { ...judge, asked };
}

const REPLY: JudgeReply = {
  text: null,
  failure: null,
  failureDetail: null,
  inputTokens: 1000,
  outputTokens: 100,
  reportedVersion: 'v-1',
  attempts: 1,
};

export function criterion(name: string, overrides: Partial<CriterionOptions> = {}): CriterionOptions {
  return criterionOptions.parse({ name, rubric: `Is the answer ${name}?`, ...overrides });
}
