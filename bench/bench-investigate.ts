import { formatTable } from '../src/cli/format';
import type { CauseKind } from '../src/investigate/cause';
import { tellStory } from './investigate/incident';
import { investigateStory } from './investigate/investigate-story';
import { type Planted, PLANTED, PRODUCT } from './investigate/kinds';
import { finish, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s bench:investigate -- [--json] [--quick] [--seed N]
 *
 * Seeded incidents over ten kinds of cause through the product's fold, alert engine, store and report: whether the
 * first-named cause is the planted one, and how often the product is blamed for what is not its doing.
 */
async function main(): Promise<void> {
  const flags = scriptFlags();
  const incidents = flags.quick ? 40 : 200;
  const confusion = new Map<Planted, Map<CauseKind, number>>(PLANTED.map((kind) => [kind, new Map()]));
  let right = 0;
  let alerted = 0;
  const blamed = { wrongly: 0, of: 0 };
  for (let n = 0; n < incidents; n++) {
    const planted = PLANTED[n % PLANTED.length]!;
    const seed = flags.seed * 1_000_003 + n;
    const { report, alert } = await investigateStory(tellStory({ planted, seed, before: 2_400, after: 1_600 }));
    const named = report.causes[0]!.kind;
    const row = confusion.get(planted)!;
    row.set(named, (row.get(named) ?? 0) + 1);
    if (alert !== null) alerted += 1;
    if (named === planted) right += 1;
    else if (process.env['VERBOSE'] !== undefined) {
      console.log(
        `${n} ${planted}: alert ${alert?.series.kind ?? 'none'} ${JSON.stringify(alert?.series.segment)} ${alert?.series.criterion}\n   ${report.headline}\n   ${JSON.stringify(report.decomposition)}`,
      );
    }
    if (!PRODUCT.has(planted)) {
      blamed.of += 1;
      if (PRODUCT.has(named)) blamed.wrongly += 1;
    }
  }
  const figures = {
    incidents,
    first_cause_accuracy: right / incidents,
    product_blamed_wrongly: blamed.of === 0 ? null : blamed.wrongly / blamed.of,
    with_alert: alerted / incidents,
    confusion: Object.fromEntries([...confusion].map(([kind, row]) => [kind, Object.fromEntries(row)])),
  };
  finish(flags, readable(figures, confusion), figures);
}

interface Figures {
  readonly incidents: number;
  readonly first_cause_accuracy: number;
  readonly product_blamed_wrongly: number | null;
  readonly with_alert: number;
}

function readable(figures: Figures, confusion: ReadonlyMap<Planted, ReadonlyMap<CauseKind, number>>): string {
  const rows = [...confusion].map(([kind, row]) => [
    kind,
    [...row]
      .sort(([, a], [, b]) => b - a)
      .map(([named, n]) => `${named} ${n}`)
      .join(', '),
  ]);
  return `${formatTable([['planted', 'named first'], ...rows])}
${figures.incidents} incidents, ${(100 * figures.with_alert).toFixed(0)} % raised an alert
first cause right: ${(100 * figures.first_cause_accuracy).toFixed(1)} % (goal 90)
product blamed wrongly: ${(100 * (figures.product_blamed_wrongly ?? 0)).toFixed(1)} % (goal 2)
`;
}

runScript(main);
