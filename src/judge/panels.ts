import type { UnjudgedReason } from '../domain/accounting';
import { type ModelFamily, isIndependent } from './families';
import type { Judge } from './judge';
import { promotionMark } from '../policy/policy';
import type { CascadeOptions, CriterionOptions } from './options';

/** The judges that a call group of one item gets, one panel per stage. */
export interface Panels {
  readonly cheap: readonly Judge[];
  readonly ensemble: readonly Judge[];
  /** False when a judge of either stage is not shown to be independent of the model it judges. */
  readonly independent: boolean;
  /** Part of the series key, e.g. `mini>claude+gemini+qwen/mean`. */
  readonly id: string;
  /** Asked where a criterion wants one more judge on a split ensemble; null where none is admissible. */
  readonly tieBreaker: Judge | null;
}

/** The series key's part for one criterion: who may be asked besides makes another instrument of the panel, asked or not. */
export function panelIdOf({ id, tieBreaker }: Panels, { onSplit }: Pick<CriterionOptions, 'onSplit'>): string {
  return onSplit === 'ask' && tieBreaker !== null ? `${id}?${tieBreaker.options.name}` : id;
}

export type PanelChoice =
  | { readonly kind: 'panels'; readonly panels: Panels }
  | { readonly kind: 'none'; readonly reason: Extract<UnjudgedReason, 'not_independent' | 'paused'> };

/** How strictly a panel has to be independent; safety criteria are always `enforce`. */
export type Independence = CascadeOptions['independence'];

/** Judges that may be promoted: who to, in whose place. */
export interface Successor {
  readonly judge: Judge;
  readonly replaces: string;
}

export interface PanelStages {
  readonly cheap: readonly (readonly Judge[])[];
  readonly ensemble: readonly (readonly Judge[])[];
  readonly tieBreakers: readonly Judge[];
  readonly method: CascadeOptions['method'];
  readonly successors: readonly Successor[];
}

/** The panels with promoted judges in the places of those they replace; `paused` holds the marks of promotions. */
export function promoted(stages: PanelStages, paused: readonly string[]): PanelStages {
  const inForce = stages.successors.filter(({ judge, replaces }) =>
    paused.includes(promotionMark(replaces, judge.options.name)),
  );
  if (inForce.length === 0) return stages;
  const seat = (judge: Judge): Judge => inForce.find(({ replaces }) => replaces === judge.options.name)?.judge ?? judge;
  const seatAll = (panels: PanelStages['cheap']): PanelStages['cheap'] => panels.map((panel) => panel.map(seat));
  const tieBreakers = stages.tieBreakers.map(seat);
  return { ...stages, cheap: seatAll(stages.cheap), ensemble: seatAll(stages.ensemble), tieBreakers };
}

/**
 * Per stage the first admissible panel (rule 5). A panel with a paused judge is never admissible. Under `enforce` all
 * judges must be independent of the model really served (null = its family is unknown: no panel is); `warn` prefers
 * such a panel and else takes the first; `observe` takes the first whatever it is. Both stages are settled before the
 * first call, so nothing is paid for an item that cannot be finished.
 */
export function choosePanels(
  stages: PanelStages,
  producer: ModelFamily | null,
  paused: readonly string[],
  independence: Independence,
): PanelChoice {
  const cheap = firstAdmissible(stages.cheap, producer, paused, independence);
  const ensemble = firstAdmissible(stages.ensemble, producer, paused, independence);
  if (typeof cheap === 'string') return { kind: 'none', reason: cheap };
  if (typeof ensemble === 'string') return { kind: 'none', reason: ensemble };
  const independent = [...cheap, ...ensemble].every((judge) => isIndependent(judge.family, producer));
  const id = `${names(cheap)}>${names(ensemble)}/${stages.method}`;
  // The same judges on an own-family model are another instrument: their values must not share a series.
  const tieBreaker =
    stages.tieBreakers.find(
      (judge) =>
        !ensemble.includes(judge) &&
        !paused.includes(judge.options.name) &&
        (independence === 'observe' || isIndependent(judge.family, producer)),
    ) ?? null;
  return { kind: 'panels', panels: { cheap, ensemble, independent, id: independent ? id : `${id}~own`, tieBreaker } };
}

function firstAdmissible(
  panels: readonly (readonly Judge[])[],
  producer: ModelFamily | null,
  paused: readonly string[],
  independence: Independence,
): readonly Judge[] | 'not_independent' | 'paused' {
  const awake = panels.filter((panel) => !panel.some((judge) => paused.includes(judge.options.name)));
  const isAdmissible = (panel: readonly Judge[]): boolean =>
    panel.every((judge) => isIndependent(judge.family, producer));
  const first = independence === 'observe' ? awake[0] : awake.find(isAdmissible);
  if (first !== undefined) return first;
  if (independence === 'warn' && awake[0] !== undefined) return awake[0];
  // Paused only if resuming would help.
  return independence !== 'enforce' || panels.some(isAdmissible) ? 'paused' : 'not_independent';
}

function names(panel: readonly Judge[]): string {
  return panel.map((judge) => judge.options.name).join('+');
}
