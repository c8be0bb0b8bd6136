import { type Cause, cause } from '../cause';
import { BEYOND_DOUBT, type Effect, isMoved, lessOf } from '../effect';
import type { GoldenShift, JudgeEvidence, JudgeShift } from '../judge-evidence';
import type { Measured } from '../measure';
import type { Newcomer } from '../served-by';
import { signed } from '../words';

/** The judges' part of a change within the slices; of an alert about one judge, what that judge did. */
export function judgeCauses(measured: Measured, within: Effect): Cause[] {
  const { evidence, judge, scope, decomposition, newcomers } = measured;
  const { golden, changes } = judge;
  if (evidence.judge !== null) return ownCauses(evidence.judge, judge);
  const [prompt] = changes.filter(({ kind }) => kind === 'judge_prompt');
  const [version] = changes.filter(({ kind }) => kind === 'judge_version');
  const changed = prompt ?? version;
  const whole = decomposition?.observed.change ?? within.change;
  if (golden?.verdict === 'moved') {
    const what = changed?.what ?? movedText(golden);
    return [cause(changed?.kind ?? 'judge_version', what, golden.shift, whole, becauseOf(golden))];
  }
  if (changed === undefined || golden?.verdict === 'same') return [];
  // Without a re-run: a new judging that came with the change, and a change that is the same everywhere.
  const isEverywhere = scope === null || scope.label === 'all';
  if (!isEverywhere || !isMoved(within) || newcomers.some(isWorseThanOthers)) return [];
  const because = `it came with the change, which is the same in every slice; the judges were not re-run on enough frozen items`;
  return [cause(changed.kind, changed.what, within, whole, because, 'likely')];
}

/** Whatever became of the mean, which other judges and corrections may have kept where it was. */
function ownCauses(name: string, { golden, changes }: JudgeEvidence): Cause[] {
  const own = golden?.judges.find(({ judge }) => judge === name);
  if (golden === null || own?.verdict !== 'moved') return [];
  const changed = changes.find(({ kind, what }) => kind === 'judge_prompt' || what.startsWith(`judge ${name}:`));
  const what = changed?.what ?? nameOf(own);
  return [cause(changed?.kind ?? 'judge_version', what, own.shift, own.shift.change, becauseOf(golden))];
}

/** Only those that moved by themselves; all where none did beyond doubt and together they did. */
function movedText({ judges }: GoldenShift): string {
  const moved = judges.filter(({ verdict }) => verdict === 'moved');
  return (moved.length === 0 ? judges : moved).map(nameOf).join(', ');
}

function nameOf({ judge, version }: JudgeShift): string {
  return `judge ${judge}${version === null ? '' : ` (now ${version})`}`;
}

function becauseOf({ judges, items, shift }: GoldenShift): string {
  const moved = judges.filter(({ verdict }) => verdict === 'moved');
  const stayed = judges.filter(({ verdict }) => verdict === 'same').map(({ judge }) => judge);
  const shifts = moved.map((one) => `${one.judge} moved by ${signed(one.shift)}`);
  const together = judges.length === 1 ? [] : [`all ${judges.length} together by ${signed(shift)}`];
  const others = stayed.length === 0 ? [] : [`${stayed.join(', ')} did not`];
  return `on ${items} frozen items ${[...shifts, ...together, ...others].join(', ')}`;
}

/** At one time, under one judging: what a judge does, it does to both. */
function isWorseThanOthers({ contrast, others }: Newcomer): boolean {
  if (others === null) return false;
  const { change, standardError } = lessOf(contrast, others);
  return change < -BEYOND_DOUBT * standardError;
}
