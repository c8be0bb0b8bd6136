import { kaplanMeier, returnedBy } from '../../src/stats/kaplan-meier';
import { noveltyProfile } from '../../src/stats/novelty';
import { type Fields, has, matrixOrNull, numbers } from './read';
import type { VectorSuite } from './suite';

export const cohorts: VectorSuite = {
  file: 'cohorts.json',
  compute: (input) => (has(input, 'time') ? returnTimes(input) : novelty(input)),
};

function returnTimes(input: Fields): Fields {
  const steps = kaplanMeier(numbers(input, 'time'), numbers(input, 'returned'));
  return {
    table: steps.map((step) => [step.time, step.atRisk, step.events, step.survival, step.standardError]),
    returnedBy7: returnedBy(steps, 7),
  };
}

function novelty(input: Fields): Fields {
  const profile = noveltyProfile(numbers(input, 'pre'), matrixOrNull(input, 'post'));
  return {
    ...profile,
    weeks: profile.weeks.map((week) => ({ ...week, seActive: week.standardErrorActive })),
  };
}
