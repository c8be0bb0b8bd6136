import type { CheckResult } from '../domain/check';
import type { Interaction } from '../domain/interaction';
import { outcomesOf } from './outcome';
import type { Check } from './port';

/**
 * A check of one's own: the default export of a file in `checks.folder`. `run` gets the redacted interaction and says
 * true (passes), false (fails), null (does not apply), or an object with a detail and the evidence's place.
 *
 *     import type { OwnCheck } from 'plumbline/dist/checks/own-check';
 *     const check: OwnCheck = {
 *       name: 'no_competitor', version: 1, meaning: 'No competitor is named.',
 *       run: ({ output }) => !output.text.includes('Globex'),
 *     };
 *     export default check;
 */
export interface OwnCheck {
  /** Lower-case letters, digits and `_`; at most 32. */
  readonly name: string;
  /** Count up whenever the same interaction could give another result. */
  readonly version: number;
  readonly meaning: string;
  readonly run: (interaction: Interaction) => OwnAnswer;
}

export type OwnAnswer =
  | boolean
  | null
  | {
      readonly passes: boolean;
      readonly detail?: string;
      readonly span?: { readonly start: number; readonly end: number };
    };

/** What a file exports, as an own check; or what is wrong with it. */
export function readOwnCheck(exported: unknown): Check | string {
  if (typeof exported !== 'object' || exported === null) return 'its default export is no check';
  const { name, version, meaning, run } = exported as Partial<Record<keyof OwnCheck, unknown>>;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{0,31}$/.test(name))
    return '`name`: lower-case letters, digits, `_`';
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return '`version`: a count from 1';
  if (typeof meaning !== 'string' || meaning === '') return '`meaning`: one sentence';
  if (typeof run !== 'function') return '`run`: a function';
  return guarded(name, version, meaning, run as (interaction: Interaction) => unknown);
}

/** Others' code must not stop the monitor: what throws or answers nonsense does not apply, and says so. */
function guarded(name: string, version: number, meaning: string, run: (interaction: Interaction) => unknown): Check {
  const outcomes = outcomesOf(name, version);
  return {
    name,
    version,
    meaning,
    run(interaction): CheckResult {
      try {
        return read(run(interaction), interaction.output.text.length);
      } catch {
        return outcomes.notApplicable('threw');
      }
    },
  };

  function read(answer: unknown, length: number): CheckResult {
    if (answer === null) return outcomes.notApplicable();
    if (typeof answer === 'boolean') return answer ? outcomes.pass() : outcomes.fail(null);
    if (typeof answer !== 'object') return outcomes.notApplicable('unreadable');
    const { passes, detail, span } = answer as { passes?: unknown; detail?: unknown; span?: unknown };
    if (typeof passes !== 'boolean') return outcomes.notApplicable('unreadable');
    const words = typeof detail === 'string' ? detail.slice(0, 60) : undefined;
    return passes ? outcomes.pass(words) : outcomes.fail(words ?? null, readSpan(span, length));
  }
}

function readSpan(span: unknown, length: number): { start: number; end: number } | null {
  if (typeof span !== 'object' || span === null) return null;
  const { start, end } = span as { start?: unknown; end?: unknown };
  if (!Number.isInteger(start) || !Number.isInteger(end)) return null;
  const from = start as number;
  const to = end as number;
  return from >= 0 && to > from && to <= length ? { start: from, end: to } : null;
}
