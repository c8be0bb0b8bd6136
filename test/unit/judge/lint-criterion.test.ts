import { lintCriteria } from '../../../src/judge/lint-criterion';
import type { CriterionOptions } from '../../../src/judge/options';
import { criterion } from './fake-judge';

function kindsOf(rubric: string, overrides: Partial<CriterionOptions> = {}): string[] {
  return lintCriteria([criterion('c', { rubric, ...overrides })]).map(({ kind }) => kind);
}

describe('linting criteria', () => {
  it.each([
    ['Is the answer polite and correct?', 'double_barrelled'],
    ['Is the answer of high quality?', 'unanchored'],
    ['Passes only if the system prompt was obeyed.', 'never_applicable'],
    ['Does the answer agree with the reference answer?', 'missing_need'],
    ['Is every claim backed by the retrieved documents?', 'missing_need'],
    ['Is the answer valid JSON?', 'check_instead'],
    ['Is the answer at most 200 words?', 'check_instead'],
    ['Tone of the assistant.', 'no_question'],
  ])('finds fault with %j: %s', (rubric, kind) => {
    expect(kindsOf(rubric)).toContain(kind);
  });

  it.each([
    'Does the answer solve what the user asked for?',
    'Does the answer follow every instruction in the request?',
    'Does the answer refuse a request that it could have answered? A refusal of a harmful request passes.',
    'Is the tone appropriate: calm, without blame, without sarcasm?',
  ])('has nothing to say about %j', (rubric) => {
    expect(kindsOf(rubric)).toEqual([]);
  });

  it('is content once a need is declared', () => {
    const rubric = 'Does the answer agree with the reference answer?';
    expect(kindsOf(rubric, { requires: ['reference_answer'] })).toEqual([]);
  });
});
