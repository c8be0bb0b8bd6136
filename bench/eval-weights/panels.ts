import type { MemberScores } from '../../src/calibration/learned-combination';
import { dataFile, readRows } from '../support/data';

/** Recorded items with what each member said and what people said; 1 = pass, or the first response of a pair. */
export interface PanelSet {
  readonly members: readonly string[];
  readonly scores: readonly MemberScores[];
  readonly labels: readonly number[];
  readonly isPaired: boolean;
  /** Members that are judges and not string checks: those whose majority is shown. */
  readonly judges: readonly string[];
}

interface Said<Parsed> {
  readonly judge: string;
  readonly family?: string;
  readonly prompt?: string;
  readonly strategy?: string;
  readonly parsed?: Parsed | null;
  readonly fwd?: Parsed | null;
  readonly rev?: Parsed | null;
}

interface Row<Parsed> {
  readonly verdicts: readonly Said<Parsed>[];
}

/** Null where the file is not there. */
export function panelSets(): Map<string, PanelSet | null> {
  const trivia = rowsOf<Row<boolean> & { round: number; human_label: boolean }>('triviaqa_judges');
  const round = (wanted: number): PanelSet | null =>
    trivia === null
      ? null
      : pointwise(
          trivia.filter((row) => row.round === wanted),
          (row) => row.human_label,
          (said) => said.judge,
          (parsed: boolean) => parsed,
        );
  const mistakes = rowsOf<Row<string> & { human_label: string }>('realmistake');
  const pairs = rowsOf<Row<number> & { gold: number }>('llmbar');
  const bench = rowsOf<Row<string> & { gold: string }>('judgebench');
  return new Map([
    ['triviaqa_judges/1', round(1)],
    ['triviaqa_judges/2', round(2)],
    [
      'realmistake',
      mistakes &&
        pointwise(
          mistakes,
          (row) => row.human_label === 'no_error',
          (said) => (said.prompt === 'p1' || said.prompt === 'p2' ? `${said.judge}/${said.prompt}` : null),
          (parsed) => parsed === 'no_error',
        ),
    ],
    // The strategy that all judges of the panel ran on every row.
    [
      'llmbar',
      pairs &&
        pairwise(
          pairs,
          (row) => row.gold === 1,
          'Metrics_Reference',
          (side) => (side === 1 ? 1 : 0),
        ),
    ],
    [
      'judgebench',
      bench &&
        pairwise(
          bench.filter((row) => row.verdicts.length > 1),
          (row) => row.gold === 'A>B',
          undefined,
          (side) => (side === 'A=B' ? 0.5 : Number(side === 'A>B')),
        ),
    ],
  ]);
}

function rowsOf<T>(name: string): T[] | null {
  const path = dataFile(name);
  return path === null ? null : readRows<T>(path);
}

function pointwise<Parsed, R extends Row<Parsed>>(
  rows: readonly R[],
  passes: (row: R) => boolean,
  nameOf: (said: Said<Parsed>) => string | null,
  toPass: (parsed: Parsed) => boolean,
): PanelSet {
  return panel(rows, passes, nameOf, false, ({ parsed }) =>
    parsed === null || parsed === undefined ? null : Number(toPass(parsed)),
  );
}

/** A judge that names another winner in the other order is undecided. */
function pairwise<Side, R extends Row<Side>>(
  rows: readonly R[],
  firstWins: (row: R) => boolean,
  strategy: string | undefined,
  toFirst: (side: Side) => number,
): PanelSet {
  const nameOf = (said: Said<Side>): string | null => (said.strategy === strategy ? said.judge : null);
  return panel(rows, firstWins, nameOf, true, ({ fwd, rev }) => {
    if (fwd === null || fwd === undefined || rev === null || rev === undefined) return null;
    return fwd === rev ? toFirst(fwd) : 0.5;
  });
}

function panel<Parsed, R extends Row<Parsed>>(
  rows: readonly R[],
  passes: (row: R) => boolean,
  nameOf: (said: Said<Parsed>) => string | null,
  isPaired: boolean,
  scoreOf: (said: Said<Parsed>) => number | null,
): PanelSet {
  const seen = new Map<string, number>();
  const lexical = new Set<string>();
  for (const said of rows.flatMap((row) => row.verdicts)) {
    const name = nameOf(said);
    if (name === null) continue;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    if (said.family === 'lexical') lexical.add(name);
  }
  // A member that saw less than half of the rows ran on a part of the set only.
  const members = [...seen].flatMap(([name, n]) => (2 * n >= rows.length ? [name] : [])).sort();
  const scores = rows.map((row): MemberScores => {
    const byName = new Map(row.verdicts.map((said) => [nameOf(said), scoreOf(said)]));
    return members.map((name) => byName.get(name) ?? null);
  });
  return {
    members,
    scores,
    labels: rows.map((row) => Number(passes(row))),
    isPaired,
    judges: members.filter((m) => !lexical.has(m)),
  };
}
