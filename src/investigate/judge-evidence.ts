import type { GoldenAnswer } from '../domain/golden';
import { membersOf } from '../domain/panel-name';
import { judgeShift, pairedShift, type ShiftVerdict } from '../stats/attribution';
import { mean, sum } from '../stats/moments';
import type { GoldenEntry, JudgingVersion } from '../store/port-window';
import { type CellStats, errorOf, levelOf, type Period } from './cells';
import { type Effect, MINIMAL_EFFECT } from './effect';
import type { Evidence } from './evidence';

/** What is known of the judges over the change. */
export interface JudgeEvidence {
  /** The judges on the frozen set since the change, against what was sealed; null when they were not re-run. */
  readonly golden: GoldenShift | null;
  /** What of the judging is new since the change. */
  readonly changes: readonly VersionChange[];
}

/** Scores of frozen items now less the sealed ones. */
export interface Shifted {
  readonly shift: Effect;
  readonly items: number;
  readonly verdict: ShiftVerdict;
}

/** Of the judges together: the mean over items of the mean over judges. */
export interface GoldenShift extends Shifted {
  /** Each by itself, furthest first. */
  readonly judges: readonly JudgeShift[];
}

export interface JudgeShift extends Shifted {
  readonly judge: string;
  /** The model version that answered, as the provider says; null when it does not say, or several did. */
  readonly version: string | null;
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

/** The judges that the evidence is about; null = whichever there are. */
export function judgesLookedAt({ judge, panel }: Pick<Evidence, 'judge' | 'panel'>): readonly string[] | null {
  if (panel !== '') return membersOf(panel);
  return judge === null ? null : [judge];
}

interface Pair {
  readonly judge: string;
  readonly item: string;
  readonly then: number;
  readonly now: number;
  readonly version: string | null;
}

/**
 * Change of the judges on the frozen set, each item by its latest answer. `entries` oldest first. Null when fewer than
 * two items were answered again.
 */
export function goldenShift(
  entries: readonly GoldenEntry[],
  criterion: string,
  judges: readonly string[] | null,
): GoldenShift | null {
  const pairs = pairsOf(entries, criterion, judges);
  const together = shiftOf(pairs);
  if (together === null) return null;
  const names = [...new Set(pairs.map(({ judge }) => judge))];
  const alone = names.flatMap((judge): JudgeShift[] => {
    const own = pairs.filter((pair) => pair.judge === judge);
    const shifted = shiftOf(own);
    const versions = [...new Set(own.map(({ version }) => version))];
    return shifted === null ? [] : [{ judge, version: versions.length === 1 ? versions[0]! : null, ...shifted }];
  });
  return { ...together, judges: alone.sort((a, b) => Math.abs(b.shift.change) - Math.abs(a.shift.change)) };
}

/** Whether it is an answer of a run over the frozen set as it stands: control items belong to no set. */
function isOfRun({ trigger, variant }: GoldenAnswer): boolean {
  return variant === 'plain' && trigger !== 'seal' && trigger !== 'control';
}

function pairsOf(entries: readonly GoldenEntry[], criterion: string, judges: readonly string[] | null): Pair[] {
  const latest = new Map<string, Pair>();
  for (const { answer } of entries) {
    const { judge, item, repeat, reportedVersion: version } = answer;
    if (!isOfRun(answer) || judges?.includes(judge) === false) continue;
    for (const { criterion: of, score, sealed, base } of answer.scores) {
      const then = sealed ?? base;
      if (of !== criterion || score === null || then === null) continue;
      latest.set(`${judge}\u0000${item}\u0000${repeat}`, { judge, item, then, now: score, version });
    }
  }
  return [...latest.values()];
}

/** Null below two items. */
function shiftOf(pairs: readonly Pair[]): Shifted | null {
  const byItem = new Map<string, Pair[]>();
  for (const pair of pairs) byItem.set(pair.item, [...(byItem.get(pair.item) ?? []), pair]);
  const items = [...byItem.values()];
  if (items.length < 2) return null;
  const shift = pairedShift(
    items.map((own) => mean(own.map(({ then }) => then))),
    items.map((own) => mean(own.map(({ now }) => now))),
  );
  return shift && { shift, items: items.length, verdict: judgeShift(shift, MINIMAL_EFFECT) };
}

/** Between which two runs a judge moved, in the time of their records; `from` null when it had moved by its first run. */
export interface JudgeMoved {
  readonly from: number | null;
  readonly at: number;
}

/** When a judge began to answer otherwise than sealed, as its last run does; null when its last run does not. */
export function judgeMoved(entries: readonly GoldenEntry[], criterion: string, judge: string): JudgeMoved | null {
  const runs = new Map<string, GoldenEntry[]>();
  for (const entry of entries) {
    const { run, judge: of } = entry.answer;
    if (of !== judge || !isOfRun(entry.answer)) continue;
    runs.set(run, [...(runs.get(run) ?? []), entry]);
  }
  let at: number | null = null;
  for (const run of [...runs.values()].reverse()) {
    const isMoved = goldenShift(run, criterion, [judge])?.verdict === 'moved';
    if (!isMoved) return at === null ? null : { from: run.at(-1)!.at, at };
    at = run[0]!.at;
  }
  return at === null ? null : { from: null, at };
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
