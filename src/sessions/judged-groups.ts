import type { SessionOutcome } from '../domain/session-outcome';
import { addScore, emptySums, type ScoreSums } from '../stats/group-gap';
import { faredWell } from './fared-well';

/** Scores of one group by one panel on one criterion, apart by how well the thing scored really was; plain JSON. */
export interface JudgedScores {
  readonly criterion: string;
  readonly panel: string;
  readonly poor: ScoreSums;
  readonly good: ScoreSums;
}

/** Fewest scores of a group, and of the rest, in a class before the two are held against each other. */
export const FEWEST_IN_CLASS = 30;

/** How well it went by users' behaviour, beside what judges said of it; sessions whose end was not seen say nothing. */
export function recordJudged(judged: JudgedScores[], outcome: SessionOutcome): void {
  const fared = faredWell(outcome);
  if (fared === null) return;
  for (let i = 0; i < outcome.values.length; i++) {
    const { criterion, panel, value } = outcome.values[i]!;
    // Judges of the model's own family are looked at, never counted.
    if (value === null || panel.endsWith('~own')) continue;
    addScore(classOf(judged, i, criterion, panel, fared >= 0.5), value);
  }
}

/** `hint`: where the entry likely is, as the values of a session come in one order. */
export function classOf(
  judged: JudgedScores[],
  hint: number,
  criterion: string,
  panel: string,
  isGood: boolean,
): ScoreSums {
  const likely = judged[hint];
  let own = likely?.criterion === criterion && likely.panel === panel ? likely : undefined;
  own ??= judged.find((one) => one.criterion === criterion && one.panel === panel);
  if (own === undefined) judged.push((own = { criterion, panel, poor: emptySums(), good: emptySums() }));
  return isGood ? own.good : own.poor;
}
