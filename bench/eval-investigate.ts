/**
 * From the alert to the cause by the command alone, on changes that really happened: another model (evouna, judged by
 * people) and another judge (realmistake). The streams are those of `eval:drift`; what the fold raised is written as a
 * data directory, and `plumbline investigate --alert ID --data DIR` says what it was.
 * Usage: npm run -s eval:investigate -- [--json] [--quick] [--seed N]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPercent, formatTable } from '../src/cli/format';
import { alertLine, ledgerLines, sessionLine } from '../src/compose/codecs';
import { runInProcess } from '../test/support/run-in-process';
import type { Alert } from '../src/domain/alert';
import type { LedgerRecord } from '../src/domain/ledger-record';
import type { SessionOutcome } from '../src/domain/session-outcome';
import type { Report } from '../src/console/answers';
import { createRandom } from '../src/stats/seeded-random';
import { createFoldStream, type FoldStream } from './eval-drift/fold-stream';
import { tellJudgeChange, verdictPairs } from './eval-drift/judge-cases';
import { tellModelChange } from './eval-drift/product-cases';
import { evounaVerdicts, mistakeAnswers } from './eval-drift/rows';
import { finish, runScript, scriptFlags } from './support/script';

const BASELINE = 1000;

interface RowCase {
  readonly name: string;
  /** Whose it is, and what the first cause has to name. */
  readonly family: string;
  readonly names: string;
  /** Tells the story; null where its rows are not there. */
  readonly tell: ((stream: FoldStream, random: () => number) => void) | null;
  readonly why: string;
}

function rowCases(): readonly RowCase[] {
  const models = evounaVerdicts();
  const answers = mistakeAnswers();
  const [from, to] = ['ChatGPT-4', 'text-davinci-003'];
  const pairs = answers && verdictPairs(answers, { before: 'gpt-4-0613/p1', after: 'gpt-4-0125-preview/p1' });
  return [
    {
      name: `evouna: ${from} -> ${to}`,
      family: 'product',
      names: `model=${to}`,
      tell:
        models &&
        ((stream, random) =>
          tellModelChange(stream, { from, to, before: models.get(from) ?? [], after: models.get(to) ?? [] }, random)),
      why: 'no evouna.jsonl.gz under PLUMBLINE_DATA',
    },
    {
      name: 'realmistake: gpt-4-0613 -> gpt-4-0125-preview as judge',
      family: 'judge',
      names: 'judge',
      tell: pairs && ((stream, random) => tellJudgeChange(stream, pairs, pairs.length, random)),
      why: 'no realmistake.jsonl.gz under PLUMBLINE_DATA',
    },
  ];
}

/** What one telling came to: the gravest first alert and the report that the command gave on it. */
interface Told {
  readonly alert: Alert | null;
  readonly report: Report | null;
}

async function tellOnce(tell: NonNullable<RowCase['tell']>, seed: number): Promise<Told> {
  const records: LedgerRecord[] = [];
  const sessions: SessionOutcome[] = [];
  const stream = createFoldStream({
    reference: BASELINE,
    onRecord: (record) => void records.push(record),
    onSession: (session) => void sessions.push(session),
  });
  tell(stream, createRandom(seed));
  const { alerts } = stream.finish();
  const [alert] = [...alerts].sort((a, b) => gravity(a) - gravity(b) || a.firedAt - b.firedAt);
  if (alert === undefined) return { alert: null, report: null };
  const folder = await mkdtemp(join(tmpdir(), 'investigate-rows-'));
  try {
    const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
    await writeFile(join(folder, 'ledger.jsonl'), lines(records.map((record) => ledgerLines.toJson(record))));
    await writeFile(join(folder, 'verdicts.jsonl'), '');
    await writeFile(join(folder, 'sessions.jsonl'), lines(sessions.map(sessionLine)));
    await writeFile(join(folder, 'alerts.jsonl'), lines(alerts.map(alertLine)));
    const { code, stdout, stderr } = await runInProcess([
      'investigate',
      '--alert',
      alert.id,
      '--data',
      folder,
      '--json',
    ]);
    if (code !== 0) throw new Error(`investigate: ${stderr}`);
    return { alert, report: JSON.parse(stdout) as Report };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function gravity({ severity }: Alert): number {
  return ['page', 'ticket', 'info'].indexOf(severity);
}

async function main(): Promise<void> {
  const flags = scriptFlags();
  const draws = flags.quick ? 3 : 50;
  const figures: Record<string, unknown> = {};
  const rows: string[][] = [];
  let headlines = '';
  for (const { name, family, names, tell, why } of rowCases()) {
    if (tell === null) {
      figures[name] = { right_share: null, why };
      rows.push([name, '–', '–', why]);
      continue;
    }
    let [alerted, right] = [0, 0];
    const wrong: string[] = [];
    for (let draw = 0; draw < draws; draw++) {
      const { alert, report } = await tellOnce(tell, flags.seed * 1_000 + draw);
      const first = report?.causes[0];
      if (alert === null || first === undefined) continue;
      alerted += 1;
      const isRight = first.family === family && first.what.startsWith(names);
      if (isRight) right += 1;
      else wrong.push(report?.headline ?? '');
      if (draw === 0)
        headlines += `\n$ plumbline investigate --alert ${alert.id} --data DIR   (${alert.series.kind})\n${report?.headline}\n`;
    }
    figures[name] = {
      draws,
      alerted_share: alerted / draws,
      right_share: alerted === 0 ? null : right / alerted,
      wrong,
    };
    rows.push([name, formatPercent(alerted / draws), alerted === 0 ? '–' : formatPercent(right / alerted), names]);
  }
  const table = formatTable([['case', 'alerted', 'right cause named first', 'wanted'], ...rows]);
  finish(flags, `${table}${headlines}`, figures);
}

runScript(main);
