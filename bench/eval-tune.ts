/**
 * What `tune` and the label planner are worth on recorded judges.
 *
 * Tuning: each draw halves a set at random, tunes on one half and looks at the other: how often is the share of wrong
 * verdicts among those kept above alpha beyond doubt (lower end of its 95 % interval)? Goal: in at most 5 % of draws.
 * Planner: the share of uniform labelling's labels with which it reaches the same width of the interval, both by the same
 * prediction-powered estimator.
 * Escalation by residual spread: probabilities planned on one half, spent on the other, as wide an interval as what part of
 * spending the same share evenly, or by the band that comes nearest to that share. Usage: npm run -s eval:tune -- [--json] [--quick] [--seed N]
 */
import { formatNumber, formatPercent, formatTable } from '../src/cli/format';
import { panelSets } from './eval-weights/panels';
import { finish, runScript, scriptFlags } from './support/script';
import { DELTA, type Draws } from './eval-tune/draws';
import { planning } from './eval-tune/planner';
import { SPREAD_CASES, spreading } from './eval-tune/spread';
import { TUNE_CASES, tuneHalves } from './eval-tune/tuning';

const flags = scriptFlags();
const draws: Draws = { seed: flags.seed, halves: flags.quick ? 60 : 500 };

function main(): Promise<void> {
  const sets = panelSets();
  const tuning: Record<string, unknown> = {};
  const rows: string[][] = [];
  for (const one of TUNE_CASES) {
    const name = `${one.set} alpha ${one.alpha}`;
    const set = sets.get(one.set) ?? null;
    const found = set === null ? null : tuneHalves(set, one, draws);
    tuning[name] = found ?? { violation: null, why: 'no rows, or not these judges, under PLUMBLINE_DATA' };
    if (found === null) continue;
    const { violation, refused, saving, kept, risk } = found;
    rows.push([name, ...[violation, refused, saving, kept, risk].map(formatPercent)]);
  }
  const planner: Record<string, unknown> = {};
  const planned: string[][] = [];
  for (const [name, set] of sets) {
    const found = set === null ? null : planning(set, draws);
    planner[name] = found ?? { label_share: null, why: 'no rows, or too few, under PLUMBLINE_DATA' };
    if (found === null) continue;
    planned.push([
      name,
      String(found.labels),
      formatNumber(found.uniform_width),
      formatPercent(found.label_share),
      `${formatNumber(found.bias, 4)} ± ${formatNumber(found.bias_se, 4)}`,
      formatPercent(found.coverage),
    ]);
  }
  const escalation: Record<string, unknown> = {};
  const spent: string[][] = [];
  for (const { set: name, cheap } of SPREAD_CASES) {
    const set = sets.get(name) ?? null;
    const found = set === null ? null : spreading(set, cheap, draws);
    escalation[name] = found ?? { width: null, why: 'no rows, or not these judges, under PLUMBLINE_DATA' };
    if (found === null) continue;
    const { share, width, band_width: band, band_share, bias, bias_se, draws: seen } = found;
    spent.push([
      name,
      formatPercent(share),
      formatPercent(width),
      `${formatPercent(band)} at ${formatPercent(band_share)}`,
      `${formatNumber(bias, 4)} ± ${formatNumber(bias_se, 4)}`,
      String(seen),
    ]);
  }
  const readable = [
    formatTable([['tuned on half, seen on the other', 'violation', 'refused', 'saving', 'kept', 'risk'], ...rows]),
    formatTable([['labels planned', 'uniform labels', 'width', 'labels needed', 'bias', 'coverage'], ...planned]),
    formatTable([['residual spread', 'escalated', 'width', 'band: width', 'bias', 'draws'], ...spent]),
  ];
  finish(flags, readable.join('\n'), { tune: tuning, planner, escalation, delta: DELTA });
  return Promise.resolve();
}

runScript(main);
