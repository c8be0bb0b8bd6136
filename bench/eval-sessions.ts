/**
 * How far the behavioural signals go, on recorded dialogues with human ratings of satisfaction; no rating is seen by
 * anything that is measured. Usage: npm run -s eval:sessions -- [--json] [--quick] [--seed N]
 * Takes seconds; `--quick` changes nothing.
 */
import { tauFigures, type TauRow } from './sessions/tau';
import { sessionsText } from './sessions/text';
import { topicalFigures, type TopicalRow } from './sessions/topical';
import { ussFigures, type UssRow } from './sessions/uss';
import { dataFile, readRows } from './support/data';
import { finish, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();

interface Skipped {
  readonly why: string;
}

runScript(() => {
  const uss = onRows<UssRow, ReturnType<typeof ussFigures>>('uss', (rows) => ussFigures(rows, flags.seed));
  const tau = onRows<TauRow, ReturnType<typeof tauFigures>>('tau_airline', tauFigures);
  const topical = onRows<TopicalRow, ReturnType<typeof topicalFigures>>('topical_chat', topicalFigures);
  finish(flags, sessionsText(uss, tau, topical), {
    uss: 'why' in uss ? { ...NO_USS, ...uss } : uss,
    tau_airline: 'why' in tau ? { auc: null, ...tau } : tau,
    topical_chat: topical,
  });
  return Promise.resolve();
});

const NO_USS = { auc: null, baseline_auc: null, overall_correlation: null, ceiling: null, recovery: null };

function onRows<Row, Figures>(name: string, figures: (rows: readonly Row[]) => Figures): Figures | Skipped {
  const path = dataFile(name);
  return path === null ? { why: `no ${name}.jsonl.gz under PLUMBLINE_DATA` } : figures(readRows<Row>(path));
}
