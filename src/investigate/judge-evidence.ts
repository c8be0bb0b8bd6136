import type { GoldenAnswer } from '../domain/golden';
import { judgeShift, pairedShift, type ShiftVerdict } from '../stats/attribution';
import { sum } from '../stats/moments';
import type { JudgingVersion } from '../store/port';
import type { Effect } from './cause';
import { type CellStats, errorOf, levelOf, type Period } from './cells';

/** What is known of the judges over the change. */
export interface JudgeEvidence {
  /** The judges on the frozen set since the change, against what was sealed; null when they were not re-run. */
  readonly golden: GoldenShift | null;
  /** What of the judging is new since the change. */
  readonly changes: readonly VersionChange[];
}

export interface GoldenShift {
  readonly shift: Effect;
  /** Pairs of scores it rests on, and items. */
  readonly items: number;
  readonly verdict: ShiftVerdict;
  readonly judges: readonly string[];
}

export interface VersionChange {
  readonly kind: 'judge_version' | 'judge_prompt';
  /** E.g. `judge gemini: 2026-10 → 2026-11`, `prompt ab12 → cd34`. */
  readonly what: string;
  /** Share of what was judged after the change that is judged so. */
  readonly share: number;
  /** Mean of those judged so, less that of the others in the same slices. */
  readonly contrast: Effect | null;
}

/** A judge that moved less than this has not moved. */
export const MINIMAL_EFFECT = 0.02;

/**
 * Change of the panel's judges on the frozen set: mean over items of score now less sealed score, averaged over judges
 * first. Null when no judge of the panel answered since the change.
 */
export function goldenShift(answers: readonly GoldenAnswer[], criterion: string, panel: string): GoldenShift | null {
  const isOurs = (judge: string): boolean => panel === '' || panel.includes(judge);
  const byItem = new Map<string, { then: number[]; now: number[] }>();
  const judges = new Set<string>();
  for (const answer of answers) {
    if (answer.variant !== 'plain' || answer.trigger === 'seal' || !isOurs(answer.judge)) continue;
    for (const { criterion: of, score, sealed, base } of answer.scores) {
      const then = sealed ?? base;
      if (of !== criterion || score === null || then === null) continue;
      judges.add(answer.judge);
      const own = byItem.get(answer.item) ?? { then: [], now: [] };
      own.then.push(then);
      own.now.push(score);
      byItem.set(answer.item, own);
    }
  }
  const items = [...byItem.values()];
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  const shift = pairedShift(
    items.map(({ then }) => mean(then)),
    items.map(({ now }) => mean(now)),
  );
  if (shift === null || items.length < 2) return null;
  return { shift, items: items.length, verdict: judgeShift(shift, MINIMAL_EFFECT), judges: [...judges].sort() };
}

/** Most of the judging after the change must be new; some of it may lie before, as the moment is only estimated. */
const NEW_SHARE = 0.5;
const OLD_SHARE = 0.25;

/** Prompts, rubrics and judge versions that came with the change. */
export function versionChanges(before: Period, after: Period): VersionChange[] {
  const attributes = new Set<string>();
  const all = [...before.stats, ...after.stats];
  for (const { version } of all) for (const name of namesOf(version)) attributes.add(name);
  return [...attributes].flatMap((name) => {
    const [then, now] = [valuesOf(before.stats, name), valuesOf(after.stats, name)];
    const total = sum([...now.values()]);
    if (total === 0 || sum([...then.values()]) === 0) return [];
    const thenTotal = sum([...then.values()]);
    const fresh = [...now].filter(([value]) => (then.get(value) ?? 0) / thenTotal <= OLD_SHARE);
    const share = sum(fresh.map(([, n]) => n)) / total;
    if (fresh.length === 0 || share < NEW_SHARE) return [];
    const [newest] = fresh.sort(([, a], [, b]) => b - a)[0]!;
    const [usual] = [...then].sort(([, a], [, b]) => b - a)[0]!;
    const isJudge = name.startsWith('judge ');
    return [
      {
        kind: isJudge ? ('judge_version' as const) : ('judge_prompt' as const),
        what: `${name}: ${short(usual)} → ${short(newest)}`,
        share,
        contrast: contrastOf(after.stats, name, new Set(fresh.map(([value]) => value))),
      },
    ];
  });
}

function namesOf(version: JudgingVersion | null): string[] {
  return version === null ? [] : ['prompt', 'rubrics', ...Object.keys(version.judges).map((judge) => `judge ${judge}`)];
}

function valueOf(version: JudgingVersion | null, name: string): string | null {
  if (version === null) return null;
  if (name === 'prompt') return version.prompt;
  if (name === 'rubrics') return version.rubrics;
  return version.judges[name.slice('judge '.length)] ?? null;
}

/** Units judged under each value of one attribute. */
function valuesOf(stats: readonly CellStats[], name: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { version, n } of stats) {
    const value = valueOf(version, name);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + n);
  }
  return counts;
}

/** Where both ran at the same time, the difference is the judging's alone. */
function contrastOf(stats: readonly CellStats[], name: string, fresh: ReadonlySet<string>): Effect | null {
  const side = (isNew: boolean): ReturnType<typeof levelOf> =>
    levelOf(
      stats.filter(({ version }) => {
        const value = valueOf(version, name);
        return value !== null && fresh.has(value) === isNew;
      }),
    );
  const [now, old] = [side(true), side(false)];
  if (now === null || old === null || Math.min(now.n, old.n) < 30) return null;
  return { change: now.mean - old.mean, standardError: Math.hypot(errorOf(now), errorOf(old)) };
}

function short(text: string): string {
  return /^[0-9a-f]{16,}$/.test(text) ? text.slice(0, 8) : text;
}
