import type { Cascade, JudgingRequest } from '../../judge/cascade-port';
import type { CriterionOptions } from '../../judge/options';
import { unasked } from '../../judge/settle';

/** Criterion → checks of which one must have failed; from `checks.criteriaAfter`. */
export type CriteriaAfter = Readonly<Record<string, readonly string[]>>;

export interface GatedCascadeDeps {
  readonly criteria: readonly CriterionOptions[];
  readonly criteriaAfter: CriteriaAfter;
  /** Failures that escalate; others only open gates. */
  readonly escalateOn: readonly string[];
  readonly create: (criteria: readonly CriterionOptions[]) => Cascade;
}

/**
 * A cascade in which some criteria are judged only on items that a cheap check found suspicious; elsewhere they are not
 * applicable. One inner cascade per set of open gates, made when first needed; all share their judges.
 */
export function createGatedCascade({ criteria, criteriaAfter, escalateOn, create }: GatedCascadeDeps): Cascade {
  const gated = criteria.filter(({ name }) => criteriaAfter[name] !== undefined);
  const all = create(criteria);
  if (gated.length === 0) return all;
  const escalating = new Set(escalateOn);
  const byClosed = new Map<string, Cascade>([['', all]]);

  const withoutClosed = (closed: ReadonlySet<string>): Cascade => {
    const key = [...closed].join(' ');
    const known = byClosed.get(key);
    if (known !== undefined) return known;
    const made = create(criteria.filter(({ name }) => !closed.has(name)));
    byClosed.set(key, made);
    return made;
  };

  return {
    notSampled: (interaction) => all.notSampled(interaction),
    async judge(request: JudgingRequest) {
      const failed = new Set(request.failedChecks);
      const closed = new Set(
        gated.filter(({ name }) => !criteriaAfter[name]?.some((check) => failed.has(check))).map(({ name }) => name),
      );
      const failedChecks = request.failedChecks.filter((check) => escalating.has(check));
      const judging = await withoutClosed(closed).judge({ ...request, failedChecks });
      if (closed.size === 0) return judging;
      const judged = new Map(judging.criteria.map((verdict) => [verdict.criterion, verdict]));
      return { ...judging, criteria: criteria.map(({ name }) => judged.get(name) ?? unasked(name, 'not_applicable')) };
    },
  };
}

/** What the pipeline has to tell the cascade about: checks that escalate, and checks that open a gate. */
export function tellingChecks(escalateOn: readonly string[], criteriaAfter: CriteriaAfter): readonly string[] {
  return [...new Set([...escalateOn, ...Object.values(criteriaAfter).flat()])];
}
