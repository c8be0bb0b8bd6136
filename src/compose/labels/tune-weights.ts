import { combineScores, type LearnedCombination } from '../../calibration/learned-combination';
import { proposeWeights, type WeighedItem } from '../../calibration/propose-weights';
import type { Promotion } from '../../calibration/promotion';
import { sidedOn, weightsHealth } from '../../calibration/stale-weights';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { Label } from '../../domain/label';
import { annotationRecord } from '../../domain/ledger-record';
import type { JudgeAnswer } from '../../domain/verdict';
import { byHash } from '../../golden/pick';
import { systemClock } from '../../platform/clock';
import {
  isCheckMember,
  notedWeighting,
  saidByMembers,
  type Weighting,
  weightingNote,
  weightingVersion,
} from '../../policy/weighting';
import { fitCalibrationMap } from '../../stats/isotonic';
import { openRecorded, type Recorded, type RecordedPlace } from '../replay/recorded';

export interface WeightsRequest {
  readonly loaded: LoadedConfig;
  readonly place: RecordedPlace;
  readonly criterion: string;
  readonly author: string;
  /** Says what it would do and puts nothing in force. */
  readonly dryRun: boolean;
}

export interface WeightsReport {
  readonly criterion: string;
  /** The panel that most of the labelled items were judged by; null without any. */
  readonly panel: string | null;
  /** Labels drawn by chance of items on which all of the panel was asked. */
  readonly labels: number;
  /** Judges, and checks as `check:truncated`. */
  readonly members: readonly { readonly judge: string; readonly weight: number }[];
  readonly promotion: Promotion;
  /** Of the weights that are in force from now on; null when none were put in force. */
  readonly version: string | null;
  /** Of those in force so far; null where there are none. */
  readonly current: { readonly version: string; readonly isStale: boolean; readonly changed: readonly string[] } | null;
}

const DAY_MS = 86_400_000;
const FEWEST_OF_A_CHECK = 10;

/**
 * Weights of the panel's judges from people's labels, put in force where they agree better with people on labels that
 * they were not learned from. Rejects with USAGE for a criterion or a way of asking that weights do not go with.
 */
export async function tuneWeights(request: WeightsRequest): Promise<WeightsReport> {
  const { loaded, place, criterion, author, dryRun } = request;
  const { criteria, cascade } = loaded.config;
  if (!criteria.some(({ name, passAt }) => name === criterion && passAt === 0.5)) {
    throw new MonitorError('USAGE', `${criterion}: wanted a configured criterion with passAt 0.5`);
  }
  if (cascade.asking !== 'together') {
    throw new MonitorError(
      'USAGE',
      `cascade.asking: ${cascade.asking}: weights need all of the panel, so \`together\``,
    );
  }
  const recorded = await openRecorded(loaded, place);
  const now = systemClock.now();
  const { panel, items, pairs } = await readItems(recorded, criterion, now);
  const current = currentWeights(recorded, criterion, { panel, items, pairs });
  const members = membersOf(items);
  const weighed = items.map((item) => ({ ...item, scores: members.map((name) => item.said.get(name) ?? null) }));
  const { combination, promotion } = proposeWeights(members, byHash(weighed, 'weights'));
  const report = {
    criterion,
    panel,
    labels: items.length,
    members: members.map((judge, i) => ({ judge, weight: combination?.fit.weights[i] ?? 0 })),
    promotion,
    current,
  };
  if (combination === null || panel === null || promotion.kind !== 'promoted') return { ...report, version: null };
  // What the cheap score makes one expect of the ensemble as it will be combined from now on.
  const map = fitCalibrationMap(
    pairs.map(({ cheap }) => cheap),
    pairs.map(({ said }) =>
      combineScores(
        combination,
        members.map((name) => said.get(name) ?? null),
      ),
    ),
    pairs.map(({ probability }) => 1 / probability),
  );
  const weighting: Weighting = {
    criterion,
    panel,
    members,
    weights: combination.fit.weights,
    intercept: combination.fit.intercept,
    cheapUpTo: map?.upTo ?? [],
    cheapValue: map?.value ?? [],
    ...sidesOf(combination, pairs),
  };
  const version = weightingVersion(weighting);
  if (!dryRun) {
    const text = `learned weights ${version} for ${criterion}: right ${signed(promotion.gain)} more often, pass rate ${signed(promotion.offset)} (p ${promotion.p.toPrecision(2)})`;
    await recorded.append([annotationRecord(weightingNote(criterion, weighting, { text, author, at: now }), now)]);
  }
  return { ...report, version };
}

/** Takes the weights of a criterion back: its panel is combined as configured again. */
export async function withdrawWeights({ loaded, place, criterion, author }: WeightsRequest): Promise<void> {
  const recorded = await openRecorded(loaded, place);
  const now = systemClock.now();
  const text = `learned weights for ${criterion} taken back`;
  await recorded.append([annotationRecord(weightingNote(criterion, null, { text, author, at: now }), now)]);
}

interface Item extends Omit<WeighedItem, 'scores'> {
  readonly id: string;
  /** By member: judges, and checks. */
  readonly said: ReadonlyMap<string, number>;
}

interface Pair {
  readonly cheap: number;
  readonly said: ReadonlyMap<string, number>;
  /** Of the escalation. */
  readonly probability: number;
}

interface Read {
  readonly panel: string | null;
  readonly items: readonly Item[];
  /** Everything escalated, labelled or not. */
  readonly pairs: readonly Pair[];
}

/** Of the panel with the most labelled items; a panel under other weights is the same judges. */
async function readItems(recorded: Recorded, criterion: string, now: number): Promise<Read> {
  const drawn = new Map(
    recorded.labels.filter((label) => standsFor(label, criterion)).map((label) => [label.interactionId, label]),
  );
  const byPanel = new Map<string, { items: Item[]; pairs: Pair[] }>();
  await recorded.eachVerdict(({ interactionId, criteria, checks }) => {
    const judged = criteria.find((one) => one.criterion === criterion);
    if (judged === undefined || judged.panel === null || judged.combined === null || judged.score === null) return;
    const panel = judged.panel.replace(
      /\/w[0-9a-f]{8}/,
      `/${judged.combined.method === 'weighted' ? 'mean' : judged.combined.method}`,
    );
    const read = byPanel.get(panel) ?? { items: [], pairs: [] };
    byPanel.set(panel, read);
    const said = saidByMembers([...judged.cheap, ...judged.ensemble], checks);
    const cheap = meanOf(judged.cheap);
    const probability = judged.escalation?.probability ?? null;
    if (cheap !== null && probability !== null) read.pairs.push({ cheap, said, probability });
    const label = drawn.get(interactionId);
    if (label === undefined || label.value === null) return;
    read.items.push({
      id: interactionId,
      said,
      label: label.value >= 0.5 ? 1 : 0,
      current: judged.score >= 0.5 ? 1 : 0,
      ageDays: Math.max(0, now - label.labelledAt) / DAY_MS,
    });
  });
  const [largest] = [...byPanel].sort(([, a], [, b]) => b.items.length - a.items.length);
  return largest === undefined ? { panel: null, items: [], pairs: [] } : { panel: largest[0], ...largest[1] };
}

function standsFor({ criterion, value, round, reason }: Label, wanted: string): boolean {
  return criterion === wanted && value !== null && round !== 'second' && (reason === 'random' || reason === 'import');
}

/** The judges, and those checks that failed and passed often enough to tell what that is worth. */
function membersOf(items: readonly Item[]): readonly string[] {
  const counts = new Map<string, { fails: number; passes: number }>();
  for (const [name, score] of items.flatMap(({ said }) => [...said])) {
    const count = counts.get(name) ?? { fails: 0, passes: 0 };
    counts.set(name, count);
    count[score >= 0.5 ? 'passes' : 'fails'] += 1;
  }
  return [...counts]
    .flatMap(([name, { fails, passes }]) =>
      isCheckMember(name) && Math.min(fails, passes) < FEWEST_OF_A_CHECK ? [] : [name],
    )
    .sort();
}

function meanOf(answers: readonly JudgeAnswer[]): number | null {
  const scores = answers.flatMap(({ score }) => score ?? []);
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function sidesOf(combination: LearnedCombination, pairs: readonly Pair[]): Pick<Weighting, 'saidItems' | 'sidedItems'> {
  const rows = pairs.map(({ said }) => combination.members.map((name) => said.get(name) ?? null));
  const { sided } = sidedOn(combination, rows);
  return { saidItems: sided.map(({ n }) => n), sidedItems: sided.map(({ n, share }) => Math.round(n * share)) };
}

/** What is in force, and whether it still fits: its probabilities against the labels. */
function currentWeights({ notes }: Recorded, criterion: string, { items, pairs }: Read): WeightsReport['current'] {
  const weighting = notes.map(notedWeighting).findLast((noted) => noted?.criterion === criterion)?.weighting ?? null;
  if (weighting === null) return null;
  const { members, weights, intercept, saidItems, sidedItems } = weighting;
  const combination = {
    members,
    fit: { intercept, weights },
    cut: 0.5,
    penalty: 0,
    labels: 0,
    sided: members.map((_, i) => ({
      n: saidItems[i]!,
      share: saidItems[i]! === 0 ? 0.5 : sidedItems[i]! / saidItems[i]!,
    })),
  };
  // How members side needs no labels, so everything escalated tells of it.
  const all = [
    ...items.map(({ said, label }) => ({ said, label })),
    ...pairs.map(({ said }) => ({ said, label: null })),
  ];
  const health = weightsHealth(
    combination,
    all.map(({ said }) => members.map((name) => said.get(name) ?? null)),
    all.map(({ label }) => label),
  );
  const changed = health.changedMembers.map(({ member }) => member);
  return { version: weightingVersion(weighting), isStale: health.isStale, changed };
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
}
