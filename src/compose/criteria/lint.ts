import type { MonitorConfig } from '../../config/config';
import { type CriterionFinding, lintCriteria } from '../../judge/lint-criterion';

/** What is unwise about the wording of the configured criteria. */
export function lintConfiguredCriteria(config: Pick<MonitorConfig, 'criteria'>): CriterionFinding[] {
  return lintCriteria(config.criteria);
}
