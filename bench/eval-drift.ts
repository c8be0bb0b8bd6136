/**
 * Changes that really happened, on recorded verdicts: does the right alarm go off, does it name the cause, and do the
 * quiet cases stay quiet. Verdicts and labels are recorded; order, event time (1,000 sessions a day) and the traffic (rows
 * redrawn with repetition, baseline drawn by seed) are made by the replayer. What is asked is the product's own fold with
 * its alert engine: ledger records in, alerts out.
 * Usage: npm run -s eval:drift -- [--json] [--quick] [--seed N] [--only TEXT: cases whose name contains it]
 * Takes about 20 minutes of one processor, most of it for dialogues, which have many turns.
 */
import { formatPercent, formatTable } from '../src/cli/format';
import { disagreementCase } from './eval-drift/disagreement-case';
import type { DriftFigure } from './eval-drift/figure';
import { judgeCase } from './eval-drift/judge-cases';
import { modelCase } from './eval-drift/product-cases';
import { evounaVerdicts, mistakeAnswers } from './eval-drift/rows';
import { recoveryCase, ussDialogues } from './eval-drift/users-case';
import { finish, flagValue, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();
const DRAWS = flags.quick ? 10 : 500;
const ORDERS = flags.quick ? 6 : 200;
const GPT_4_OLD = 'gpt-4-0613';
const GPT_4_NEW = 'gpt-4-0125-preview';
const CLAUDE = 'claude-3-opus-20240229';

const JUDGE_CASES = [
  ['gpt-4-0613 -> gpt-4-0125', { before: `${GPT_4_OLD}/p1`, after: `${GPT_4_NEW}/p1`, items: null }],
  ['claude-3-opus p1 -> p2', { before: `${CLAUDE}/p1`, after: `${CLAUDE}/p2`, items: 200 }],
  ['quiet: gpt-4-0613 p1 -> p2', { before: `${GPT_4_OLD}/p1`, after: `${GPT_4_OLD}/p2`, items: null }],
  ['quiet: gpt-4-0613 unchanged', { before: `${GPT_4_OLD}/p1`, after: `${GPT_4_OLD}/p1`, items: null }],
] as const;

/** Judges that report a rise while people report a fall. */
const MISLED = ['gpt-3.5-turbo-0125/p1', 'Mixtral-8x7B-Instruct-v0.1/p1'] as const;

type Figure = DriftFigure | { fired_share: null; why: string };

function main(): Promise<void> {
  const figures: Record<string, Figure> = {};
  const only = flagValue('--only') ?? '';
  /** `run` gets the rows, where there are any. */
  const tell = <R>(name: string, file: string, rows: R | null, run: (rows: R) => DriftFigure): void => {
    if (!name.includes(only)) return;
    figures[name] = rows === null ? { fired_share: null, why: `no ${file}.jsonl.gz under PLUMBLINE_DATA` } : run(rows);
  };
  const answers = mistakeAnswers();
  for (const [name, change] of JUDGE_CASES) {
    const full = `realmistake: ${name}`.replace(/^realmistake: quiet: /, 'quiet: realmistake ');
    tell(full, 'realmistake', answers, (rows) => judgeCase(rows, change, DRAWS, flags.seed));
  }
  for (const judge of MISLED) {
    for (const [name, to] of [
      ['realmistake: GPT-4 -> Llama-2', 'Llama-2-70b-chat-hf'],
      ['quiet: realmistake GPT-4 unchanged', 'gpt-4-0613'],
    ] as const) {
      tell(`${name} under ${judge}`, 'realmistake', answers, (rows) =>
        disagreementCase(rows, judge, ['gpt-4-0613', to], ORDERS, flags.seed),
      );
    }
  }
  const byModel = evounaVerdicts();
  for (const [name, to] of [
    ['evouna: ChatGPT-4 -> text-davinci-003', 'text-davinci-003'],
    ['quiet: evouna ChatGPT-4 -> Bing Chat', 'Bing Chat'],
  ] as const) {
    tell(name, 'evouna', byModel, (rows) => modelCase(rows, 'ChatGPT-4', to, ORDERS, flags.seed));
  }
  const dialogues = ussDialogues();
  for (const [name, isWorse] of [
    ['uss: recovery worsens in mwoz, judge green', true],
    ['quiet: uss unchanged', false],
  ] as const) {
    tell(name, 'uss', dialogues, (rows) => recoveryCase(rows, isWorse, flags.quick ? 2 : ORDERS, flags.seed));
  }
  const rows = Object.entries(figures).map(([name, figure]) =>
    'named_cause' in figure
      ? [
          name,
          formatPercent(figure.fired_share),
          figure.alert_kinds.join(', '),
          `${figure.named_cause} (${formatPercent(figure.named_cause_share)})`,
          figure.note ?? '',
        ]
      : [name, '–', '', 'why' in figure ? String(figure.why) : '', ''],
  );
  finish(flags, formatTable([['case', 'fired', 'alerts', 'cause named', ''], ...rows]), figures);
  return Promise.resolve();
}

runScript(main);
