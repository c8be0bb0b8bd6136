import type { SessionEnding } from '../../src/domain/session-outcome';
import { areaUnderRoc } from '../../src/stats/auc';
import { readDialogue, type ReadDialogue, utterancesOf } from './dialogue';

export interface TauRow {
  readonly dialogue_id: string;
  readonly reward: number;
  readonly turns: readonly {
    readonly role: string;
    readonly text: string;
    readonly calls?: readonly { readonly name: string }[];
  }[];
}

export interface TauFigures {
  readonly sessions: number;
  readonly successes: number;
  /** The user's effort (less is better) against the objective reward; a hand-over counts neither way. */
  readonly auc: number | null;
  readonly auc_interval: readonly [number, number] | null;
  /** Of satisfaction; below a half, as the scripted user thanks an agent that breaks a rule and argues with one that keeps it. */
  readonly auc_satisfaction: number | null;
  readonly baseline_auc: Readonly<Record<'fewer_turns' | 'shorter', number | null>>;
  /** The same if a hand-over were taken for failure, and for sessions without one. */
  readonly auc_if_handoff_were_failure: number | null;
  readonly auc_without_handoffs: number | null;
  readonly handed_off: Readonly<Record<'successes' | 'failures', number | null>>;
  readonly endings: Readonly<Record<'successes' | 'failures', Partial<Record<SessionEnding, number>>>>;
}

interface ReadTau {
  readonly success: 0 | 1;
  readonly handedOff: boolean;
  readonly read: ReadDialogue;
}

/** The recording's own end mark is not something a user says. */
const STOP = /###\w+###/g;
const HANDOFF_TOOL = /transfer_to_human/;

/** A hand-over is told as a product would tell it: by a behaviour event. */
export function tauFigures(rows: readonly TauRow[]): TauFigures {
  const read = rows.map(({ dialogue_id: id, reward, turns }): ReadTau => {
    const handedOff = turns.some(({ calls }) => calls?.some(({ name }) => HANDOFF_TOOL.test(name)) ?? false);
    const spoken = turns
      .map(({ role, text }) => ({ role, text: text.replace(STOP, '').trim() }))
      .filter(({ role, text }) => role !== 'user' || text !== '');
    const events = handedOff ? [{ kind: 'handoff' as const }] : [];
    return { success: reward === 1 ? 1 : 0, handedOff, read: readDialogue(id, utterancesOf(spoken), events) };
  });
  const auc = (score: (one: ReadTau) => number, of: readonly ReadTau[] = read) =>
    areaUnderRoc(
      of.map(score),
      of.map(({ success }) => success),
    );
  const ease = ({ read: { outcome } }: ReadTau): number => -outcome.engagement.effortMinutes;
  const own = auc(ease);
  const successes = read.filter(({ success }) => success === 1);
  const failures = read.filter(({ success }) => success === 0);
  const share = (of: readonly ReadTau[]): number | null =>
    of.length === 0 ? null : of.filter(({ read: { outcome } }) => outcome.ending === 'handed_off').length / of.length;
  return {
    sessions: read.length,
    successes: successes.length,
    auc: own?.auc ?? null,
    auc_interval: own?.interval ?? null,
    auc_satisfaction: auc(({ read: { outcome } }) => outcome.satisfaction)?.auc ?? null,
    baseline_auc: {
      fewer_turns: auc(({ read: { outcome } }) => -outcome.turns)?.auc ?? null,
      shorter: auc(({ read: { outcome } }) => -outcome.engagement.userLength)?.auc ?? null,
    },
    auc_if_handoff_were_failure: auc((one) => (one.handedOff ? -Infinity : ease(one)))?.auc ?? null,
    auc_without_handoffs:
      auc(
        ease,
        read.filter(({ handedOff }) => !handedOff),
      )?.auc ?? null,
    handed_off: { successes: share(successes), failures: share(failures) },
    endings: { successes: endingsOf(successes), failures: endingsOf(failures) },
  };
}

function endingsOf(of: readonly ReadTau[]): Partial<Record<SessionEnding, number>> {
  const counts: Partial<Record<SessionEnding, number>> = {};
  for (const { read } of of) counts[read.outcome.ending] = (counts[read.outcome.ending] ?? 0) + 1;
  return counts;
}
