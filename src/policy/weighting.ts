import { createHash } from 'node:crypto';
import type { Annotation } from '../domain/annotation';
import type { CheckResult } from '../domain/check';
import type { EpochMs } from '../domain/time';
import type { JudgeAnswer } from '../domain/verdict';

/**
 * Learned weights of the judges of one panel on one criterion, and of checks (`check:truncated`). Score =
 * 1 / (1 + exp(-(intercept + sum of weight x vote))) with votes 2 x score - 1, and 0 where a member said nothing; a check
 * that passes says 1, one that fails 0, one that does not apply nothing.
 */
export interface Weighting {
  readonly criterion: string;
  /** The panel it was learned on; others go on as configured. */
  readonly panel: string;
  readonly members: readonly string[];
  readonly weights: readonly number[];
  readonly intercept: number;
  /** Rising steps from the cheap score to the score expected of the ensemble; both empty = the cheap score itself. */
  readonly cheapUpTo: readonly number[];
  readonly cheapValue: readonly number[];
  /** Of each member, on how many items it had a say when this was learned, and on how many it sided with the whole. */
  readonly saidItems: readonly number[];
  readonly sidedItems: readonly number[];
}

/** What members said of one item, by name, of those that said anything. */
export function saidByMembers(
  answers: readonly JudgeAnswer[],
  checks: readonly CheckResult[],
): ReadonlyMap<string, number> {
  const judges = answers.flatMap(({ judge, score }) => (score === null ? [] : [[judge, score] as const]));
  const tests = checks.flatMap(({ check, result }) =>
    result === 'not_applicable' ? [] : [[`${CHECK_MEMBER}${check}`, result === 'pass' ? 1 : 0] as const],
  );
  return new Map([...judges, ...tests]);
}

/** No judge has a colon in its name. */
const CHECK_MEMBER = 'check:';

export function isCheckMember(member: string): boolean {
  return member.startsWith(CHECK_MEMBER);
}

/** 8 hex digits; part of the series key, since other weights are another instrument. */
export function weightingVersion(weighting: Weighting): string {
  return createHash('sha256').update(JSON.stringify(weighting)).digest('hex').slice(0, 8);
}

/** The panel's id with the weights in place of the plain method: `mini>a+b/mean` becomes `mini>a+b/w1234abcd`. */
export function weightedPanel(panel: string, weighting: Weighting): string {
  return panel.replace(/\/[a-z]+/, `/w${weightingVersion(weighting)}`);
}

const ID = 'weights/';

/** The note that puts weights in force, or with null takes the last ones back. Throws nothing. */
export function weightingNote(
  criterion: string,
  weighting: Weighting | null,
  { text, author, at }: { readonly text: string; readonly author: string; readonly at: EpochMs },
): Annotation {
  return {
    id: `${ID}${criterion}`,
    kind: 'weights',
    at,
    until: null,
    text,
    author,
    segments: weighting === null ? {} : { weighting: JSON.stringify(weighting) },
    withdrawn: weighting === null,
  };
}

/** What a note says of the weights of a criterion; null for notes about other things and for one that cannot be read. */
export function notedWeighting({
  kind,
  id,
  segments,
  withdrawn,
}: Annotation): { readonly criterion: string; readonly weighting: Weighting | null } | null {
  if (kind !== 'weights' || !id.startsWith(ID)) return null;
  const criterion = id.slice(ID.length);
  if (withdrawn) return { criterion, weighting: null };
  const weighting = parseWeighting(segments['weighting'] ?? '');
  return weighting === null || weighting.criterion !== criterion ? null : { criterion, weighting };
}

function parseWeighting(json: string): Weighting | null {
  let value: Partial<Weighting> | null;
  try {
    value = JSON.parse(json) as Partial<Weighting> | null;
  } catch {
    return null;
  }
  const { criterion, panel, members, weights, intercept, cheapUpTo, cheapValue, saidItems, sidedItems } = value ?? {};
  if (typeof criterion !== 'string' || typeof panel !== 'string' || !isNumber(intercept)) return null;
  if (!Array.isArray(members) || !members.every((name) => typeof name === 'string')) return null;
  if (!isNumbers(weights) || !isNumbers(cheapUpTo) || !isNumbers(cheapValue)) return null;
  if (!isNumbers(saidItems) || !isNumbers(sidedItems)) return null;
  const ofMembers = [weights, saidItems, sidedItems];
  if (ofMembers.some(({ length }) => length !== members.length)) return null;
  if (cheapUpTo.length !== cheapValue.length) return null;
  return { criterion, panel, members, weights, intercept, cheapUpTo, cheapValue, saidItems, sidedItems };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isNumber);
}
