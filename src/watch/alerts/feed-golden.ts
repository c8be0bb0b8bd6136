import type { Alert, SeriesId } from '../../domain/alert';
import type { GoldenAnswer } from '../../domain/golden';
import type { GoldenRunSummary, MeanEstimate } from '../../domain/golden-standing';
import type { Label } from '../../domain/label';
import { membersOf } from '../../domain/panel-name';
import type { EpochMs } from '../../domain/time';
import { JUDGE_MOVED_EVIDENCE, verdictDriftEvidence } from '../../detectors/verdict-drift';
import { Z_95 } from '../../stats/interval';
import { dropOldest } from '../drop-oldest';
import { ALL_SEGMENTS } from '../segments';
import { clear, raise } from './conditions';
import { SCORE_KINDS } from './kinds';
import { correctionOf, type GoldenMemory, nextStanding, panelStanding, standingKey } from './golden-memory';
import type { Observing } from './observing';
import { correctSeries } from './watched';

/** In the criterion of a disagreement: people are kinder than the judge. */
export const STRICT = ':strict';

const FEWEST_OF_FAMILY = 30;
/** Two-sided 0.1 %: the same frozen items are looked at run after run. */
const Z_FAMILY = 3.29;
const MOST_HUMANS = 20_000;
const GOLDEN: Omit<SeriesId, 'kind' | 'criterion'> = { segment: ALL_SEGMENTS, panel: '' };

/** A complete golden run of one judge and criterion. Returns what is new. */
export function feedGoldenRun(observing: Observing, run: GoldenRunSummary, clock: EpochMs): (Alert | null)[] {
  if (run.variant !== 'plain') return [];
  const { state } = observing;
  state.golden.lastRunAt = clock;
  if (run.trigger === 'seal') return [];
  const key = standingKey(run.judge, run.criterion);
  const standing = nextStanding(state.golden.judges.get(key), { ...run, finishedAt: clock });
  state.golden.judges.set(key, standing);
  correct(observing, run);
  return [tellDrift(observing, run, standing, clock), tellFamilyBias(observing, run, clock)];
}

function tellDrift(
  { state, params }: Observing,
  run: GoldenRunSummary,
  { moved, evidence, shift }: ReturnType<typeof nextStanding>,
  clock: EpochMs,
): Alert | null {
  const id: SeriesId = { ...GOLDEN, kind: 'judge_drift', criterion: run.criterion, panel: run.judge };
  if (!moved) return clear(state, id, clock);
  const { pairs, up, down } = run.changed;
  const half = Z_95 * shift.standardError;
  const version = run.reportedVersion === null ? '' : ` The provider reports version ${run.reportedVersion}.`;
  const text = `${run.judge} gives other verdicts on ${run.criterion} than when the golden set was sealed: ${up + down} of ${pairs} changed, ${up} to a pass and ${down} to a fail (evidence ${evidence.toPrecision(2)}); its mean moved by ${signed(shift.change)} (${signed(shift.change - half)} to ${signed(shift.change + half)}). The judge moved, not the product.${version} Scores it takes part in are corrected for it until it is sealed again.`;
  return raise(state, id, { at: clock, began: null, text }, params);
}

/** Judge minus people on its own family's answers, against all others. */
function tellFamilyBias({ state, params }: Observing, run: GoldenRunSummary, clock: EpochMs): Alert | null {
  const id: SeriesId = { ...GOLDEN, kind: 'judge_family_bias', criterion: run.criterion, panel: run.judge };
  const own = run.byProducer[run.family];
  const others = Object.entries(run.byProducer).flatMap(([family, estimate]) =>
    family === run.family ? [] : [estimate],
  );
  const other = pooled(others);
  if (own === undefined || other === null || own.n < FEWEST_OF_FAMILY || other.n < FEWEST_OF_FAMILY) return null;
  const bias = own.mean - other.mean;
  const error = Math.hypot(errorOf(own), other.error);
  const isBiased = Math.abs(bias) >= params.detectors.targets.familyBias && Math.abs(bias) >= Z_FAMILY * error;
  if (!isBiased) return clear(state, id, clock);
  const text = `${run.judge} ${bias > 0 ? 'favours' : 'punishes'} answers of its own family (${run.family}) on ${run.criterion}: judge minus people is ${signed(own.mean)} there and ${signed(other.mean)} elsewhere, ${signed(bias)} apart (standard error ${error.toFixed(3)}, n ${own.n} and ${other.n}).`;
  return raise(state, id, { at: clock, began: null, text }, params);
}

function pooled(estimates: readonly MeanEstimate[]): { n: number; mean: number; error: number } | null {
  const n = estimates.reduce((sum, one) => sum + one.n, 0);
  if (n === 0) return null;
  const mean = estimates.reduce((sum, one) => sum + one.n * one.mean, 0) / n;
  const error = Math.sqrt(estimates.reduce((sum, one) => sum + (one.n * errorOf(one)) ** 2, 0)) / n;
  return { n, mean, error };
}

function errorOf({ mean, upper }: MeanEstimate): number {
  return upper === null ? Infinity : (upper - mean) / Z_95;
}

/** Score series that rest on the judge go on corrected, or uncorrected again. */
function correct({ state, params }: Observing, { judge, criterion }: GoldenRunSummary): void {
  for (const series of state.series.values()) {
    const { id } = series;
    if (!SCORE_KINDS.has(id.kind) || id.criterion !== criterion || !membersOf(id.panel).includes(judge)) continue;
    correctSeries(series, correctionOf(panelStanding(state.golden, criterion, id.panel)), params);
  }
}

/** One answer about an item of a frozen set: what people said of it, and whether a control item was judged as known. */
export function feedGoldenAnswer({ state, params, observeRarely }: Observing, golden: GoldenAnswer): void {
  for (const { criterion, score, human, sealed, passAt } of golden.scores) {
    if (human !== null) rememberHuman(state.golden, `${golden.item}\n${criterion}`, human);
    const known = human ?? sealed;
    if (golden.trigger !== 'control' || score === null || known === null || state.eventTime === null) continue;
    const id: SeriesId = { ...GOLDEN, kind: 'control_item_missed', criterion, panel: golden.judge };
    const isRight = score >= passAt === known >= passAt;
    observeRarely(id, isRight ? 1 : 0, state.eventTime, { target: params.detectors.targets.controlItems });
  }
}

/** The first label counts. Of sets frozen again and again the oldest items go: people are asked about the latest set. */
function rememberHuman({ humans }: GoldenMemory, key: string, human: number): void {
  if (humans.has(key)) return;
  humans.set(key, human);
  dropOldest(humans, MOST_HUMANS);
}

/**
 * What a person said of an interaction, the first time only: beside the judges where the item was drawn by chance, beside
 * the first label where it is of the golden set. Returns what is new.
 */
export function feedLabel(observing: Observing, label: Label, clock: EpochMs): Alert | null {
  const { value, criterion } = label;
  if (label.outcome !== 'labelled' || value === null) return null;
  if (label.reason === 'golden') return feedRater(observing, label, value, clock);
  if (label.score === null || label.probability === null) return null;
  const id: SeriesId = {
    segment: ALL_SEGMENTS,
    kind: 'judge_human_disagreement',
    criterion,
    panel: label.panel ?? '',
  };
  observing.observeRarely(id, (value - label.score + 1) / 2, label.labelledAt);
  observing.observeRarely(
    { ...id, criterion: `${criterion}${STRICT}` },
    (label.score - value + 1) / 2,
    label.labelledAt,
  );
  return null;
}

function feedRater(
  { state, params }: Observing,
  { interactionId, criterion }: Label,
  value: number,
  clock: EpochMs,
): Alert | null {
  const first = state.golden.humans.get(`${interactionId}\n${criterion}`);
  if (first === undefined) return null;
  const standing = state.golden.raters.get(criterion) ?? { up: 0, down: 0, same: 0 };
  standing[value > first ? 'up' : value < first ? 'down' : 'same'] += 1;
  state.golden.raters.set(criterion, standing);
  const { up, down, same } = standing;
  const id: SeriesId = { ...GOLDEN, kind: 'rater_drift', criterion };
  const evidence = verdictDriftEvidence(standing);
  if (evidence < JUDGE_MOVED_EVIDENCE) return clear(state, id, clock);
  const text = `people who label golden items again, blind, say other things on ${criterion}: ${up} of ${up + down + same} labels went up and ${down} went down (evidence ${evidence.toPrecision(2)}). The cohort moved; do not pool its labels with the earlier ones.`;
  return raise(state, id, { at: clock, began: null, text }, params);
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
}
