import { createChecks, runChecks } from '../../src/checks/create-checks';
import { checksOptions } from '../../src/checks/options';
import { exchange, listOf, rowsOf, type Score, scoreOf, textOf } from './rows';

const WATCHING = new Set(['repetition', 'degenerate', 'injection', 'non_empty']);
const checks = createChecks(checksOptions.parse({})).filter(({ name }) => WATCHING.has(name));

const flagged = (text: string): readonly string[] =>
  runChecks(checks, exchange('Please help.', text))
    .filter(({ result }) => result === 'fail')
    .map(({ check }) => check);

/** What a model in a loop does to a real answer. */
const MUTATIONS: Readonly<Record<string, (text: string) => string>> = {
  'last sentence in a loop': (text) => {
    const sentence =
      text
        .trim()
        .split(/(?<=[.!?])\s+/)
        .at(-1) ?? text;
    return `${text} ${`${sentence} `.repeat(Math.ceil(600 / (sentence.length + 1)))}`;
  },
  'last word without end': (text) => `${text} ${`${text.trim().split(/\s+/).at(-1) ?? 'a'} `.repeat(150)}`,
  'last letter without end': (text) => text + (/\p{L}(?=\P{L}*$)/u.exec(text)?.[0] ?? 'a').repeat(600),
  'last mark without end': (text) => text + (text.trim().at(-1) ?? '.').repeat(600),
  'whole answer three times': (text) => Array.from({ length: 3 }, () => text).join('\n'),
};

export interface RepetitionReport {
  /** Answers of the assistant in task dialogues; unmutated ones are the negatives. `repetition` alone. */
  readonly uss: Readonly<Record<string, Score>>;
  /** Payloads made to win a judge without an answer, and which share any of the checks catches. */
  readonly attacks: Readonly<Record<string, { readonly payloads: number; readonly caught: number }>>;
}

export function evaluateRepetition(): RepetitionReport {
  const answers = rowsOf('uss')
    .flatMap((row) => listOf(row.turns))
    .filter((turn) => turn.role === 'assistant')
    .map((turn) => textOf(turn.text))
    // Four copies of a short answer say nothing about loops.
    .filter((text, index) => text.length >= 60 && index % 5 === 0);
  const falseAlarms = answers.filter((text) => flagged(text).includes('repetition')).length;
  const uss = Object.fromEntries(
    Object.entries(MUTATIONS).map(([name, mutate]) => {
      const hits = answers.filter((text) => flagged(mutate(text)).includes('repetition')).length;
      return [name, scoreOf({ hits, falseAlarms, misses: answers.length - hits })];
    }),
  );
  return { uss, attacks: attackShares() };
}

function attackShares(): RepetitionReport['attacks'] {
  const attacks: Record<string, { payloads: number; caught: number }> = {};
  const note = (kind: string, text: string): void => {
    const known = (attacks[kind] ??= { payloads: 0, caught: 0 });
    known.payloads++;
    if (flagged(text).length > 0) known.caught++;
  };
  for (const row of rowsOf('judge_attacks')) {
    const kind = textOf(row.kind);
    if (kind === 'pointwise') note(row.should_pass === true ? 'clean answer (should pass)' : kind, textOf(row.payload));
    else if (kind === 'pairwise') note(kind, textOf(row.response_2));
    else if (kind === 'null_model') note(kind, textOf(row.payload));
    else for (const attack of listOf(row.attacks)) note(kind, `${textOf(row.bad_answer)} ${textOf(attack.suffix)}`);
  }
  return attacks;
}
