import type { TurnSignals } from '../domain/ledger-record';
import { sketchSimilarity } from '../signals/sketch';

/**
 * What a user's message tells of how the conversation is going, as evidence in log-odds. Each weight is the rounded
 * coefficient of one logistic regression over all three kinds of recorded task dialogues (docs/signals.md), where it came
 * out alike on both halves; the rare ones (complaint, give_up) rest on judgement. Unknown markers weigh nothing.
 */
const EVIDENCE: ReadonlyMap<string, number> = new Map([
  ['negative_word', 1.25],
  ['apology', 1.25],
  ['negation', 1],
  ['retry', 1],
  ['complaint', 1],
  ['give_up', 1],
  ['request_alternative', 0.75],
  ['correction', 0.5],
  ['rejection', 0.5],
  ['indifference', 0.25],
  ['human_request', 0.25],
  ['closing', -0.25],
  ['affirmation', -0.5],
  ['praise', -0.75],
  ['thanks', -0.75],
]);

/** `No, thank you` and `no, that is all` decline politely. */
const POLITE_NO = -0.75;
/** Times the likeness to one of the user's own recent turns: who has to say it again was not served. */
const REPETITION = 0.75;
/** Log-odds of a bad turn without any evidence. */
const BASE = -3.25;
/** Dissatisfaction lingers: this share of the evidence of earlier turns counts on, fading by `FADING` a turn. */
const LINGERING = 0.15;
const FADING = 0.8;
/** Weight of the turn before in a session's mean, against the turn after it. */
const RECENCY = 0.85;
/** Own turns with which a turn is compared. */
export const REMEMBERED_TURNS = 8;

export type UserSignals = Pick<TurnSignals, 'markers' | 'userSketch'>;

export interface TurnFriction {
  /** Of this turn alone, log-odds; 0 for the first turn, as nothing was answered yet. */
  readonly evidence: number;
  /** In (0, 1): about the share of such turns that onlookers rate as dissatisfied. */
  readonly friction: number;
}

/** Friction of each turn of a session, in order. Total; an empty session gives an empty list. */
export function frictionOf(turns: readonly UserSignals[]): TurnFriction[] {
  let lingering = 0;
  return turns.map((turn, index) => {
    if (index === 0) return { evidence: 0, friction: logistic(2 * BASE) };
    const evidence = evidenceOf(turns, index);
    const friction = logistic(BASE + evidence + LINGERING * lingering);
    lingering = FADING * lingering + Math.max(0, evidence);
    return { evidence, friction };
  });
}

/** In (0, 1), 0.5 without any evidence; the mean evidence of the turns after the first, later ones weighing more. */
export function satisfactionOf(frictions: readonly TurnFriction[]): number {
  let sum = 0;
  let weight = 0;
  frictions.forEach(({ evidence }, index) => {
    if (index === 0) return;
    sum = RECENCY * sum + evidence;
    weight = RECENCY * weight + 1;
  });
  return weight === 0 ? 0.5 : logistic(-sum / weight);
}

function evidenceOf(turns: readonly UserSignals[], index: number): number {
  const { markers, userSketch } = turns[index]!;
  let evidence = 0;
  for (const marker of markers) evidence += EVIDENCE.get(marker) ?? 0;
  if (markers.includes('negation') && (markers.includes('thanks') || markers.includes('closing')))
    evidence += POLITE_NO;
  let likeness = 0;
  for (let i = Math.max(0, index - REMEMBERED_TURNS); i < index; i++) {
    likeness = Math.max(likeness, sketchSimilarity(turns[i]!.userSketch, userSketch));
  }
  return evidence + REPETITION * likeness;
}

function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
