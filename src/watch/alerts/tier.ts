import {
  createEDetector,
  designEDetector,
  EVIDENCE_FLOOR,
  mixtureCusumOf,
  stepEDetector,
} from '../../detectors/e-detector';
import type { EDetectorDesign, EDetectorState } from '../../detectors/e-detector';
import type { LearnedBaseline } from '../../detectors/learned-baseline';
import { createLearned, designLearned, learnedFloor, stepLearned } from '../../detectors/learned-detector';
import type { LearnedDesign, LearnedState } from '../../detectors/learned-detector';

/** What a series is held against: a level that was learned, or a target that was set. */
export type Baseline =
  | { readonly source: 'learned' | 'seeded'; readonly learned: LearnedBaseline }
  | { readonly source: 'target'; readonly target: number };

/** Mean and variance (divided by n) of a level. */
export function levelOf(baseline: Baseline): { readonly mean: number; readonly variance: number } {
  if (baseline.source === 'target') return { mean: baseline.target, variance: baseline.target * (1 - baseline.target) };
  return { mean: baseline.learned.referenceMean, variance: baseline.learned.referenceVariance };
}

/** One detector of one series with the threshold of its budget, in days. */
export type Tier = TierBase &
  (
    | { readonly type: 'learned'; readonly design: LearnedDesign; readonly state: LearnedState }
    | { readonly type: 'target'; readonly design: EDetectorDesign; readonly state: EDetectorState }
  );

interface TierBase {
  readonly tolerance: number;
  readonly threshold: number;
  /** The statistic after the latest value. */
  value: number;
}

/** Without what can be made again from the baseline. */
export interface EncodedTier {
  readonly state: LearnedState | EDetectorState;
  readonly value: number;
}

export interface TierSetup {
  readonly baseline: Baseline;
  readonly upperBound: number;
  readonly tolerance: number;
  /** Days between false alarms that this series may give. */
  readonly threshold: number;
}

export function createTier({ baseline, upperBound, tolerance, threshold }: TierSetup): Tier {
  if (baseline.source === 'target') {
    const { target } = baseline;
    const design = designEDetector({ baseline: target, variance: target * (1 - target), upperBound, tolerance });
    return { type: 'target', design, state: createEDetector(design), tolerance, threshold, value: 0 };
  }
  const design = designLearned(baseline.learned, { upperBound, tolerance });
  return { type: 'learned', design, state: createLearned(design), tolerance, threshold, value: 0 };
}

/** Takes in one value, in place; `days` since the series' previous one, known before the value. */
export function stepTier(tier: Tier, x: number, days: number): void {
  tier.value =
    tier.type === 'learned'
      ? stepLearned(tier.design, tier.state, x, days).value
      : stepEDetector(tier.design, tier.state, x, days);
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

/** Starts the detector afresh, as after a resolved episode. */
export function restartTier(tier: Tier): Tier {
  return tier.type === 'learned'
    ? { ...tier, state: createLearned(tier.design), value: 0 }
    : { ...tier, state: createEDetector(tier.design), value: 0 };
}

export function encodeTier({ state, value }: Tier): EncodedTier {
  return { state, value };
}

export function decodeTier({ state, value }: EncodedTier, setup: TierSetup): Tier {
  const fresh = createTier(setup);
  return fresh.type === 'learned'
    ? { ...fresh, state: state as LearnedState, value }
    : { ...fresh, state: state, value };
}

function floorOf(tier: Tier): number {
  return tier.type === 'learned' ? learnedFloor(tier.design, tier.state) : mixtureCusumOf(tier.design, tier.state);
}
