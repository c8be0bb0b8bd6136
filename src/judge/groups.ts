import type { JudgingRequest } from './cascade-port';
import type { ModelFamily } from './families';
import type { CascadeOptions, CriterionOptions } from './options';
import { type PanelChoice, type PanelStages, choosePanels } from './panels';

/** Criteria of one item that share calls and the escalation draw. */
export interface Group {
  readonly name: string;
  readonly criteria: readonly CriterionOptions[];
  readonly request: JudgingRequest;
}

/** Criteria by call group, in the order in which the configuration first names the groups. */
export function groupCriteria(
  criteria: readonly CriterionOptions[],
  grouping: CascadeOptions['grouping'],
): ReadonlyMap<string, readonly CriterionOptions[]> {
  const groups = new Map<string, CriterionOptions[]>();
  for (const criterion of criteria) {
    const name = grouping === 'separate' ? criterion.name : criterion.group;
    groups.set(name, [...(groups.get(name) ?? []), criterion]);
  }
  return groups;
}

export interface Admission {
  readonly group: Group;
  readonly choice: PanelChoice;
}

/**
 * Panels for each group. Where independence is not enforced, a group with safety criteria may have to part: they need
 * an independent panel, the others make do without one.
 */
export function admit(
  criteria: readonly CriterionOptions[],
  request: JudgingRequest,
  stages: PanelStages,
  producer: ModelFamily | null,
  cascade: CascadeOptions,
): Admission[] {
  return [...groupCriteria(criteria, cascade.grouping)].flatMap(([name, members]): Admission[] => {
    const group = { name, criteria: members, request };
    const paused = group.request.policy.pausedJudges;
    const safety = group.criteria.filter((criterion) => criterion.safety);
    const strict = choosePanels(stages, producer, paused, 'enforce');
    if (safety.length === 0) return [{ group, choice: choosePanels(stages, producer, paused, cascade.independence) }];
    if (strict.kind === 'panels' || safety.length === group.criteria.length) return [{ group, choice: strict }];
    const others = group.criteria.filter((criterion) => !criterion.safety);
    const lenient = choosePanels(stages, producer, paused, cascade.independence);
    return [
      { group: { ...group, criteria: safety }, choice: strict },
      { group: { ...group, criteria: others }, choice: lenient },
    ];
  });
}
