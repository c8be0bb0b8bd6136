import { formatPercent } from '../../src/cli/format';
import { findMarkers } from '../../src/signals/markers';
import { textSketch } from '../../src/signals/sketch';
import type { TurnSignals } from '../../src/domain/ledger-record';
import { wilsonInterval } from '../../src/stats/binomial-intervals';
import { createRandom } from '../../src/stats/seeded-random';
import { dataFile, readRows } from '../support/data';
import { readDialogue, utterancesOf } from '../sessions/dialogue';
import { DOMAINS, type UssRow } from '../sessions/uss';
import { type DriftFigure, mostCommon } from './figure';
import { detectorOptions } from '../../src/watch/options-alerts';
import { createFoldStream, kindsOf, PER_DAY, redraw } from './fold-stream';

/** A recorded dialogue as the product sees it, and how it went by behaviour alone. */
interface Dialogue {
  readonly domain: string;
  readonly turns: readonly TurnSignals[];
  readonly isTroubled: boolean;
  readonly isRecovered: boolean;
}

const BEFORE = 6000;
const AFTER = 6000;
/** Values of a baseline, and series that share the budgets. */
const REFERENCE = 400;
const MOST_SERIES = 100;
/** Where recovery gets worse; the other domains go on as they were. */
const WORSE = 'mwoz';
/** Of the dialogues there, so many are drawn from those with a bad turn that nothing good follows. */
const MIXED_IN = 0.5;
const JUDGE_PASSES = 0.9;

/** Dialogues of all domains; null without the file. */
export function ussDialogues(): Dialogue[] | null {
  const path = dataFile('uss');
  if (path === null) return null;
  return readRows<UssRow>(path).map((row) => {
    const { outcome } = readDialogue(row.dialogue_id, utterancesOf(row.turns));
    const turns = utterancesOf(row.turns).map(({ text, answer }) => ({
      markers: findMarkers(text),
      userLength: text.length,
      answerLength: answer.length,
      userSketch: textSketch(text),
      language: null,
    }));
    const { badTurns, within } = outcome.recovery;
    return { domain: row.domain, turns, isTroubled: badTurns > 0, isRecovered: badTurns > 0 && within === badTurns };
  });
}

/**
 * Real dialogues, redrawn; half-way one domain gets a mixture with more of those that nobody recovered from. The judge
 * passes nine in ten throughout, so it stays green.
 */
export function recoveryCase(
  dialogues: readonly Dialogue[],
  isWorse: boolean,
  orders: number,
  seed: number,
): DriftFigure {
  const random = createRandom(seed);
  const failed = dialogues.filter(
    ({ domain, isTroubled, isRecovered }) => domain === WORSE && isTroubled && !isRecovered,
  );
  const usual = dialogues.filter(({ domain }) => (DOMAINS as readonly string[]).includes(domain));
  const unchanged = DOMAINS.filter((domain) => !isWorse || domain !== WORSE);
  let fired = 0;
  let diverged = 0;
  let elsewhere = 0;
  const causes: string[] = [];
  const kinds = new Set<string>();
  for (let order = 0; order < orders; order++) {
    const stream = createFoldStream({ reference: REFERENCE, dimensions: ['domain'], maxSeries: MOST_SERIES });
    const serve = (one: Dialogue): void => {
      const segments = { domain: one.domain };
      stream.session(one.turns.map((signals) => ({ score: random() < JUDGE_PASSES ? 1 : 0, segments, signals })));
    };
    for (const one of redraw(usual, BEFORE, random)) serve(one);
    for (const one of redraw(usual, AFTER, random)) {
      const isMixedIn = isWorse && one.domain === WORSE && random() < MIXED_IN;
      serve(isMixedIn ? failed[Math.floor(random() * failed.length)]! : one);
    }
    const { alerts } = stream.finish();
    for (const kind of kindsOf(alerts)) kinds.add(kind);
    const recoveries = alerts.filter(({ series }) => series.kind === 'recovery_regression');
    const domains = recoveries.filter(({ series }) => series.segment.dimension === 'domain');
    const there = domains.some(({ series }) => series.segment.value === WORSE);
    if (there) fired += 1;
    if (domains.some(({ series }) => (unchanged as readonly string[]).includes(series.segment.value))) elsewhere += 1;
    if (kindsOf(alerts).has('judge_user_divergence')) diverged += 1;
    causes.push(there ? `domain=${WORSE}` : 'nothing');
  }
  return {
    fired_share: fired / orders,
    alert_kinds: [...kinds].sort(),
    named_cause: mostCommon(causes).name,
    named_cause_share: mostCommon(causes).share,
    ...elsewhereFigures(elsewhere, orders, falseAlarmsAllowed(usual, unchanged)),
    judge_user_divergence_share: diverged / orders,
    mixture: isWorse
      ? `${MIXED_IN} of the dialogues of ${WORSE} redrawn from those with an unrecovered bad turn`
      : 'none',
    items: AFTER,
    draws: orders,
  };
}

/** Orders with an alarm where nothing changed: chance, as long as they are no more than the budgets allow. */
function elsewhereFigures(elsewhere: number, orders: number, budget: number): object {
  const share = elsewhere / orders;
  const interval = wilsonInterval(elsewhere, orders);
  const within = interval === null ? '' : ` (95 %: ${interval.map((end) => formatPercent(end)).join(' to ')})`;
  return {
    elsewhere_share: share,
    elsewhere_interval: interval,
    elsewhere_budget: budget,
    elsewhere_met: share <= budget,
    note: `recovery_regression where nothing changed in ${formatPercent(share)}${within}, the budgets allow ${formatPercent(budget)}`,
  };
}

/**
 * Most false alarms an order that the budgets of pages and tickets allow the recovery series of these domains, each of
 * which has its part of both from the day on which its baseline is complete.
 */
function falseAlarmsAllowed(usual: readonly Dialogue[], domains: readonly string[]): number {
  const { page, ticket } = detectorOptions.parse({});
  const aDay = (1 / page.days + 1 / ticket.days) / MOST_SERIES;
  return domains.reduce((sum, domain) => {
    const troubled = usual.filter((one) => one.domain === domain && one.isTroubled).length / usual.length;
    const watched = BEFORE + AFTER - REFERENCE / troubled;
    return sum + (aDay * Math.max(0, watched)) / PER_DAY;
  }, 0);
}
