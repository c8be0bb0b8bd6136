import type { Variable } from '../panels';
import { boardQueries as q } from './metric';

export const criterionVariable: Variable = {
  name: 'criterion',
  label: 'Criterion',
  query: `label_values(${q.select('criterion_results_total', { segment: 'all' })}, criterion)`,
};

export const segmentVariable: Variable = {
  name: 'segment',
  label: 'Segment',
  query: `label_values(${q.select('criterion_results_total')}, segment)`,
  initial: 'all',
};

export const judgeVariable: Variable = {
  name: 'judge',
  label: 'Judge',
  query: `label_values(${q.select('judge_requests_total')}, judge)`,
};
