/**
 * Agreement of recorded judges with people, with intervals: kappa, accuracy and F1 of pointwise judges, accuracy and
 * consistency of pairwise ones over both orders. Verdicts that did not parse are left out and counted. Takes seconds.
 * Usage: npm run -s eval:judges -- [--json] [--quick] [--seed N]
 */
import { formatNumber, formatTable } from '../src/cli/format';
import type { JudgeAudit } from '../src/calibration/judge-audit';
import type { OrderAudit } from '../src/calibration/order-audit';
import type { Interval } from '../src/stats/interval';
import { judgebench, llmbar } from './eval-judges/pairwise';
import { pandalm, pandalmHumans, realmistake, trivia } from './eval-judges/pointwise';
import { dataFile, readRows } from './support/data';
import { finish, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();

function main(): Promise<void> {
  const texts: string[] = [];
  const figures: Record<string, unknown> = {};
  const add = (name: string, text: string, found: object): void => {
    texts.push(`${name}\n${text}`);
    figures[name] = found;
  };
  withRows('realmistake', add, (rows: Parameters<typeof realmistake>[0]) => pointwise(realmistake(rows)));
  withRows('triviaqa_judges', add, (rows: Parameters<typeof trivia>[0]) => pointwise(trivia(rows)));
  withRows('pandalm', add, (rows: Parameters<typeof pandalm>[0]) => {
    const { text, found } = pointwise(pandalm(rows));
    const people = pandalmHumans(rows);
    figures['pandalm_humans'] = people;
    const between = Object.entries(people).map(([pair, kappa]) => `${pair} ${formatNumber(kappa, 4)}`);
    return { text: `${text}between annotators: ${between.join(', ')}\n`, found };
  });
  withRows('llmbar', add, (rows: Parameters<typeof llmbar>[0]) => pairwise(llmbar(rows)));
  withRows('judgebench', add, (rows: Parameters<typeof judgebench>[0]) => pairwise(judgebench(rows)));
  finish(flags, texts.join('\n'), figures);
  return Promise.resolve();
}

interface Shown {
  readonly text: string;
  readonly found: object;
}

function withRows<Row>(
  name: string,
  add: (name: string, text: string, found: object) => void,
  show: (rows: readonly Row[]) => Shown,
): void {
  const path = dataFile(name);
  if (path === null)
    return add(name, 'no rows under PLUMBLINE_DATA\n', { why: `no ${name}.jsonl.gz under PLUMBLINE_DATA` });
  const { text, found } = show(readRows<Row>(path));
  add(name, text, found);
}

function pointwise(audits: ReadonlyMap<string, JudgeAudit>): Shown {
  const found = Object.fromEntries(
    [...audits].map(([name, audit]) => [
      name,
      {
        n: audit.n,
        kappa: audit.kappa,
        accuracy: audit.accuracy,
        f1: audit.f1,
        unparsed: audit.missing,
        says: audit.says,
        kappa_interval: audit.kappaInterval,
        accuracy_interval: audit.accuracyInterval,
        f1_interval: audit.f1Interval,
      },
    ]),
  );
  const rows = [...audits].map(([name, audit]) => [
    name,
    String(audit.n),
    String(audit.missing),
    formatNumber(audit.accuracy, 4),
    formatNumber(audit.kappa, 4),
    span(audit.kappaInterval),
    formatNumber(audit.f1, 4),
    span(audit.f1Interval),
    formatNumber(audit.says, 4),
  ]);
  const head = ['judge', 'n', 'unparsed', 'accuracy', 'kappa', '95 %', 'F1', '95 %', 'says it'];
  return { text: formatTable([head, ...rows]), found };
}

function pairwise(audits: ReadonlyMap<string, OrderAudit>): Shown {
  const found = Object.fromEntries(
    [...audits].map(([name, audit]) => [
      name,
      {
        items: audit.items,
        accuracy: audit.accuracy,
        consistency: audit.consistency,
        accuracy_of_read: audit.accuracyOfRead,
        right: audit.forwardRight,
        both_right: audit.bothRight,
        flips: audit.flips,
        picks_first: audit.picksFirst,
        unparsed: audit.missing,
        accuracy_interval: audit.accuracyInterval,
        consistency_interval: audit.consistencyInterval,
        right_interval: audit.forwardRightInterval,
      },
    ]),
  );
  const rows = [...audits].map(([name, audit]) => [
    name,
    String(audit.items),
    formatNumber(audit.accuracy, 4),
    span(audit.accuracyInterval),
    formatNumber(audit.consistency, 4),
    formatNumber(audit.forwardRight, 4),
    formatNumber(audit.bothRight, 4),
    String(audit.flips),
    formatNumber(audit.picksFirst, 4),
  ]);
  const head = ['judge', 'items', 'accuracy', '95 %', 'consistent', 'right', 'right twice', 'flips', 'picks first'];
  return { text: formatTable([head, ...rows]), found };
}

function span(interval: Interval | null): string {
  return interval === null ? '–' : `${interval[0].toFixed(3)}–${interval[1].toFixed(3)}`;
}

runScript(main);
