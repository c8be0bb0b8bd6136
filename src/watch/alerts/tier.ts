import {
  createEDetector,
  designEDetector,
  EVIDENCE_FLOOR,
  mixtureCusumOf,
  stepEDetector,
} from '../../detectors/e-detector';
import type { EDetectorDesign, EDetectorState } from '../../detectors/e-detector';
import {
  designGrowing,
  growingFloor,
  type GrowingDesign,
  type GrowingState,
  resetGrowing,
  startDetector,
  startFollower,
  type CountedState,
  type Growing,
  upgradeGrowing,
} from '../../detectors/growing-detector';
import type { GrowingBaseline } from '../../detectors/growing-baseline';
import { emptyPowers, type PowerSums } from '../../detectors/power-sums';

/**
 * What a series is held against: a level that was learned, from its own values, from a recording, or from another series;
 * or a target that was set.
 */
export type Baseline =
  | {
      readonly source: 'learned' | 'seeded' | 'borrowed';
      readonly learned: GrowingBaseline;
      /** Values it rests on. */
      readonly size: number;
      /** How far the lowest day of the week lay below the mean; 0 where days do not differ. */
      readonly daySpread: number;
    }
  | { readonly source: 'target'; readonly target: number };

/** Mean and variance (divided by n) of a level. */
export function levelOf(baseline: Baseline): { readonly mean: number; readonly variance: number } {
  if (baseline.source === 'target') return { mean: baseline.target, variance: baseline.target * (1 - baseline.target) };
  return { mean: baseline.learned.referenceMean, variance: baseline.learned.referenceVariance };
}

/** One detector of one series with the threshold of its budget, in days. */
export type Tier = LearnedTier | TargetTier;

export interface LearnedTier extends TierBase, Growing {
  readonly type: 'learned';
}

export interface TargetTier extends TierBase {
  readonly type: 'target';
  readonly design: EDetectorDesign;
  readonly state: EDetectorState;
}

interface TierBase {
  readonly tolerance: number;
  readonly threshold: number;
  /** The statistic after the latest value taken in; while values wait, it has not reached the threshold since. */
  value: number;
}

/** Without what can be made again from the baseline. */
export interface EncodedTier {
  readonly state: GrowingState | CountedState | EDetectorState;
  readonly value: number;
}

export interface TierSetup {
  readonly baseline: Baseline;
  readonly range: readonly [lower: number, upper: number];
  readonly tolerance: number;
  /** Days between false alarms that this series may give. */
  readonly threshold: number;
}

/** What a learned tier starts from: sums of values of its own, or the evidence of another tier that it follows. */
export type TierStart = { readonly sums: PowerSums } | { readonly leader: Tier };

export function createTier(setup: TierSetup, start: TierStart = { sums: emptyPowers() }): Tier {
  const { baseline, range, tolerance, threshold } = setup;
  if (baseline.source === 'target') {
    const design = targetDesign(baseline.target, range[1], tolerance);
    return { type: 'target', design, state: createEDetector(design), tolerance, threshold, value: 0 };
  }
  // Where days of the week differ, growth would take a weekday's level for the level of all.
  const grows = baseline.source !== 'borrowed' && baseline.daySpread === 0;
  const isLeader = 'sums' in start;
  const design = designGrowing(baseline.learned, {
    range,
    tolerance,
    ...(grows && isLeader ? {} : { growth: Infinity }),
  });
  const state = isLeader ? startDetector(design, start.sums) : followerOf(design, start.leader);
  return { type: 'learned', design, state, tolerance, threshold, value: 0 };
}

/** Thousands of series of the light tier are held to the same few targets. */
const designs = new Map<string, EDetectorDesign>();
const MOST_DESIGNS = 1_000;

function targetDesign(target: number, upperBound: number, tolerance: number): EDetectorDesign {
  const key = `${target} ${upperBound} ${tolerance}`;
  let design = designs.get(key);
  if (design === undefined) {
    const variance = Math.max(1e-3, target * (1 - target));
    design = designEDetector({ baseline: target, variance, upperBound, tolerance });
    if (designs.size < MOST_DESIGNS) designs.set(key, design);
  }
  return design;
}

function followerOf(design: GrowingDesign, leader: Tier): GrowingState {
  if (leader.type !== 'learned') throw new Error('a learned tier can only follow a learned one');
  return startFollower(design, leader.state);
}

/** Takes in one value, in place; `days` since the series' previous one, known before the value. */
export function stepTarget(tier: Tier, x: number, days: number): void {
  if (tier.type === 'target') tier.value = stepEDetector(tier.design, tier.state, x, days);
}

/** Values that a learned tier's level rests on by now; 0 for a target. */
export function learnedSize(tier: Tier): number {
  return tier.type === 'learned' ? tier.state.sums[0]! : 0;
}

/** True when the threshold and the evidence floor are both reached. */
export function isReached(tier: Tier): boolean {
  return tier.value >= tier.threshold && floorOf(tier) >= EVIDENCE_FLOOR;
}

/**
 * log10 M / log10 A in [0, 1], and 1 only when the alarm is due: the evidence floor holds it back below. Scale of
 * DESIGN, rule 12.
 */
export function ratioOf(tier: Tier): number {
  if (isReached(tier)) return 1;
  const ratio = Math.log10(Math.max(1, tier.value)) / Math.log10(Math.max(10, tier.threshold));
  const evidence = Math.log10(Math.max(1, floorOf(tier))) / Math.log10(EVIDENCE_FLOOR);
  return Math.min(0.999, ratio, evidence);
}

/** Starts the statistics afresh, in place, as after a resolved episode; what was learned stays. */
export function restartTier(tier: Tier): void {
  tier.value = 0;
  if (tier.type === 'learned') {
    resetGrowing(tier.state);
  } else {
    tier.state.shiryaevRoberts.fill(0);
    tier.state.cusum.fill(0);
  }
}

export function encodeTier({ state, value }: Tier): EncodedTier {
  return { state, value };
}

export function decodeTier({ state, value }: EncodedTier, setup: TierSetup, isLeader: boolean): Tier {
  const fresh = createTier(setup);
  if (fresh.type === 'target') return { ...fresh, state: state, value };
  const design = isLeader ? fresh.design : { ...fresh.design, growth: Infinity };
  const kept = upgradeGrowing(design, state as GrowingState | CountedState);
  return { ...fresh, design, state: kept, value };
}

function floorOf(tier: Tier): number {
  return tier.type === 'learned' ? growingFloor(tier.design, tier.state) : mixtureCusumOf(tier.design, tier.state);
}
