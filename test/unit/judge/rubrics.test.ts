import { exampleInteraction, NOBODYS } from '../../../src/judge/examples';
import { lintCriteria } from '../../../src/judge/lint-criterion';
import { isApplicable } from '../../../src/judge/needs';
import { type CriterionOptions, criterionOptions } from '../../../src/judge/options';
import { RUBRICS } from '../../../src/judge/rubrics';

const CRITERIA: CriterionOptions[] = RUBRICS.map((rubric) => criterionOptions.parse(rubric));

describe('the library of criteria', () => {
  it('covers what products are judged by, each under a name of its own', () => {
    const names = CRITERIA.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['faithfulness', 'completeness', 'over_refusal', 'under_refusal']));
  });

  it.each(CRITERIA)('$name is worded as the linter wants it', (criterion) => {
    expect(lintCriteria([criterion])).toEqual([]);
  });

  it.each(CRITERIA)('$name says what passes, what fails and what does not count', ({ rubric }) => {
    expect(rubric).toMatch(/\bpasses\b/);
    expect(rubric).toMatch(/\bfails\b/);
    expect(rubric.match(/\?/g)).toHaveLength(1);
  });

  it.each(CRITERIA)(
    '$name has answers that pass and fail, and one to which it does not apply where that can be',
    (criterion) => {
      const expected = new Set(criterion.examples.map(({ expect: verdict }) => verdict));
      expect([...expected]).toEqual(expect.arrayContaining(['pass', 'fail']));
      expect(expected.has('not_applicable')).toBe(
        criterion.appliesWhen !== undefined || criterion.requires.includes('reference_answer'),
      );
    },
  );

  it.each(CRITERIA)('$name has examples with all that it requires', (criterion) => {
    for (const example of criterion.examples) {
      expect(isApplicable(criterion, exampleInteraction(example, NOBODYS))).toBe(true);
    }
  });
});
