import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { JudgeAnswer, Verdict } from '../../domain/verdict';
import { closingAfter } from '../closers';
import { openGoldenJudges } from '../golden/judges';

/** What one judge says of one criterion when it is asked again, beside what it said then. */
export interface RerunRow {
  readonly criterion: string;
  readonly judge: string;
  /** In [0, 1]; null where it gave no score then. */
  readonly then: number | null;
  /** Scores of today, in the order in which they came. */
  readonly now: readonly number[];
  /** Why the others are missing, by outcome. */
  readonly missing: Readonly<Record<string, number>>;
}

export interface Rerun {
  readonly interactionId: string;
  readonly times: number;
  readonly rows: readonly RerunRow[];
  /** Judges of the verdict that the configuration does not have any more. */
  readonly gone: readonly string[];
  readonly costUsd: number;
}

/**
 * Asks the judges of a verdict about the same text again, as they and their rubrics are configured now and past every
 * cache. Writes nothing. Rejects with USAGE where the text is not kept.
 */
export async function rerunVerdict(
  loaded: LoadedConfig,
  { interactionId, interaction, criteria }: Verdict,
  times: number,
  signal: AbortSignal,
): Promise<Rerun> {
  if (interaction === null) {
    throw new MonitorError('USAGE', `the text of ${interactionId} is not kept by policy, so nobody can be asked again`);
  }
  const asked = criteria.flatMap(({ criterion, cheap, ensemble }) =>
    [...cheap, ...ensemble].map(({ judge, score }) => ({ criterion, judge, score })),
  );
  const then = new Map(asked.map(({ criterion, judge, score }) => [keyOf(criterion, judge), score]));
  const names = new Set(asked.map(({ judge }) => judge));
  return closingAfter(async (closers) => {
    const judges = (await openGoldenJudges(loaded, closers)).of('plain').filter(({ name }) => names.has(name));
    const rows: RerunRow[] = [];
    let costUsd = 0;
    for (const judge of judges) {
      const said = new Map<string, JudgeAnswer[]>();
      for (let n = 0; n < times && !signal.aborted; n++) {
        for (const [criterion, answer] of await judge.ask({ interaction }, signal)) {
          costUsd += answer.costUsd;
          said.set(criterion, [...(said.get(criterion) ?? []), answer]);
        }
      }
      for (const [criterion, answers] of said) {
        const before = then.get(keyOf(criterion, judge.name)) ?? null;
        rows.push({ criterion, judge: judge.name, then: before, ...spreadOf(answers) });
      }
    }
    const known = new Set(judges.map(({ name }) => name));
    return { interactionId, times, rows, gone: [...names].filter((name) => !known.has(name)), costUsd };
  });
}

function keyOf(criterion: string, judge: string): string {
  return `${criterion}\u0000${judge}`;
}

function spreadOf(answers: readonly JudgeAnswer[]): Pick<RerunRow, 'now' | 'missing'> {
  const missing: Record<string, number> = {};
  for (const { score, outcome } of answers) if (score === null) missing[outcome] = (missing[outcome] ?? 0) + 1;
  return { now: answers.flatMap(({ score }) => (score === null ? [] : [score])), missing };
}
