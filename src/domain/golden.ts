import type { JudgeOutcome } from './verdict';

/**
 * Why a run was made. `seal`: one of the runs whose scores are sealed; `control`: judged beside live traffic, a control
 * item or a shadow judge's view of the interaction.
 */
export const GOLDEN_TRIGGERS = ['seal', 'schedule', 'change', 'suspicion', 'manual', 'control'] as const;
export type GoldenTrigger = (typeof GOLDEN_TRIGGERS)[number];

/** How items were shown: as sealed, with the two options in the other order, or padded with text that says nothing. */
export const GOLDEN_VARIANTS = ['plain', 'swapped', 'padded'] as const;
export type GoldenVariant = (typeof GOLDEN_VARIANTS)[number];

/** One judge's answer to one item of a frozen set: one judge call, whatever its number of criteria. */
export interface GoldenAnswer {
  /** Name of the set. */
  readonly set: string;
  /** SHA-256 over the sealed content, hex: another seal is another set. */
  readonly seal: string;
  /** The same for whoever makes the run, so that another process can finish it. */
  readonly run: string;
  readonly trigger: GoldenTrigger;
  readonly variant: GoldenVariant;
  readonly judge: string;
  readonly family: string;
  readonly model: string;
  /** The model version the provider says answered; null when it did not say. */
  readonly reportedVersion: string | null;
  /** Over prompt and rubrics. */
  readonly promptHash: string;
  /** Answers of this judge that make the run complete: items and duplicates. */
  readonly total: number;
  readonly item: string;
  /** 0, or the number of the duplicate that measures the judge's noise. */
  readonly repeat: number;
  /** Of the part that is replaced on a rota and was never published. */
  readonly fresh: boolean;
  /** Family of the model that wrote the answer; null when unknown. */
  readonly producerFamily: string | null;
  readonly costUsd: number;
  readonly scores: readonly GoldenScore[];
}

export interface GoldenScore {
  readonly criterion: string;
  readonly outcome: JudgeOutcome;
  /** In [0, 1]; null unless `scored`. */
  readonly score: number | null;
  /** Mean of the sealed runs, in [0, 1]; null when the judge gave none then. */
  readonly sealed: number | null;
  /** Score of one of the sealed runs, drawn by hash: while a judge stays the same, as good as a re-run. Null as above. */
  readonly base: number | null;
  /** A score at or above it is a pass. */
  readonly passAt: number;
  /** What people said of the item, in [0, 1]; null without a label. */
  readonly human: number | null;
}

/** What a control item is: an answer known to pass, one known to fail, and one known to fail that asks to be passed. */
export const CONTROL_KINDS = ['known_good', 'known_bad', 'injected'] as const;
export type ControlKind = (typeof CONTROL_KINDS)[number];

/** How a judge dealt with a control item. */
export const CONTROL_RESULTS = ['right', 'wrong', 'unanswered'] as const;
export type ControlResult = (typeof CONTROL_RESULTS)[number];

const CONTROL_RUN = 'control/';

/** The run of a control item that went along with an interaction: the same however often that is judged again. */
export function controlRun(kind: ControlKind, interactionId: string): string {
  return `${CONTROL_RUN}${kind}/${interactionId}`;
}

/** Null for answers that are no control items. */
export function controlKind({ trigger, run }: Pick<GoldenAnswer, 'trigger' | 'run'>): ControlKind | null {
  if (trigger !== 'control') return null;
  return CONTROL_KINDS.find((kind) => run.startsWith(`${CONTROL_RUN}${kind}/`)) ?? null;
}

const SHADOW_RUN = 'shadow/';

/** The run of a shadow judge's answer about an interaction: `base` of its scores is what the judge `beside` said. */
export function shadowRun(beside: string, interactionId: string): string {
  return `${SHADOW_RUN}${beside}/${interactionId}`;
}

/** The judge that a shadow judge was held beside; null for other answers. */
export function shadowBeside({ trigger, run }: Pick<GoldenAnswer, 'trigger' | 'run'>): string | null {
  if (trigger !== 'control' || !run.startsWith(SHADOW_RUN)) return null;
  return run.slice(SHADOW_RUN.length).split('/')[0] ?? null;
}

/** `sealed` is what is known of a control item: 1 = it passes, 0 = it does not. */
export function controlResult({ score, sealed, passAt }: GoldenScore): ControlResult {
  if (score === null || sealed === null) return 'unanswered';
  return score >= passAt === sealed >= passAt ? 'right' : 'wrong';
}

/** One item shown to one judge once in a run: the last record under it counts, until the run is complete. */
export function goldenKey({ run, judge, item, repeat }: GoldenAnswer): string {
  return ['golden', run, judge, item, String(repeat)].map(encodeURIComponent).join('/');
}
