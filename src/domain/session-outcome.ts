import type { SegmentKey } from './segment';
import type { EpochMs } from './time';

/**
 * How a session ended, exactly one of:
 * `resolved` an event says so; `handed_off` a person took over and nothing is known of what came after, neither success
 * nor failure; `abandoned` the user left on a bad turn or gave up; `satisfied` the user's last sign was a good one;
 * `ended` neither; `open` the stream ended, or the session had to be dropped, before silence could be told from a pause.
 */
export const SESSION_ENDINGS = ['resolved', 'handed_off', 'abandoned', 'satisfied', 'ended', 'open'] as const;
export type SessionEnding = (typeof SESSION_ENDINGS)[number];

/** A session that closed. Behaviour only: no judge's opinion enters but `values`, which are shown beside. */
export interface SessionOutcome {
  /** `<conversationId>@<openedAt>`. */
  readonly sessionId: string;
  readonly conversationId: string;
  /** 0 for the first session of a conversation; one more each time the user comes back to it while it is remembered. */
  readonly sequence: number;
  /** The session that this one takes up again; null for the first. */
  readonly previousSessionId: string | null;
  readonly userHash: string | null;
  /** Event time of the first turn and of the last sign of the user. */
  readonly openedAt: EpochMs;
  readonly lastActivityAt: EpochMs;
  /** Event time at which silence was long enough. */
  readonly closedAt: EpochMs;
  readonly ending: SessionEnding;
  /** Segments of the first turn. */
  readonly segments: readonly SegmentKey[];
  /** Dimensions in which a later turn was elsewhere than the first, as when a conversation goes on under a new release. */
  readonly movedDimensions: readonly string[];
  readonly turns: number;
  readonly badTurns: number;
  readonly goodTurns: number;
  /** In [0, 1]; 1 = no sign of friction. Later turns weigh more. A rank, not a probability. */
  readonly satisfaction: number;
  readonly recovery: Recovery;
  readonly engagement: Engagement;
  readonly reactions: Reactions;
  readonly reliance: Reliance;
  /** One value per criterion and panel and set of segments: the mean of its turns' estimator values. */
  readonly values: readonly SessionValue[];
}

/** What followed the bad turns of one session. */
export interface Recovery {
  readonly badTurns: number;
  /** Bad turns that another turn followed. */
  readonly followed: number;
  /** Of all bad turns: followed by one that is not bad within the horizon, and at any time in the session. */
  readonly within: number;
  readonly ever: number;
  /** From the first bad turn to the first later one that is not bad; null when there was none. */
  readonly turns: number | null;
  readonly ms: number | null;
}

export interface Engagement {
  /** UTF-16 code units the user wrote and read. */
  readonly userLength: number;
  readonly answerLength: number;
  /** From the first turn to the last sign of the user. */
  readonly dwellMs: number;
  /** Time it takes to read the answers and write the messages, at usual speeds; what the user had to spend. */
  readonly effortMinutes: number;
}

/** Counts of what the user did with the answers. */
export interface Reactions {
  readonly thumbsUp: number;
  readonly thumbsDown: number;
  readonly accepted: number;
  readonly overridden: number;
  readonly edited: number;
  readonly copied: number;
  readonly regenerated: number;
  readonly handoffs: number;
}

/** Answers that the user decided on, by what is known of who was right; all counts. */
export interface Reliance {
  /** Accepted or overridden. */
  readonly decided: number;
  /** Of those of which it is known whether the answer was right: */
  readonly rightAccepted: number;
  readonly rightOverridden: number;
  readonly wrongAccepted: number;
  readonly wrongOverridden: number;
  /** Of those, with word of what user and model came to together; how often that was right, and the answer alone. */
  readonly compared: number;
  readonly teamRight: number;
  readonly modelRight: number;
}

export interface SessionValue {
  readonly criterion: string;
  readonly panel: string;
  /** Turns with a value. */
  readonly turns: number;
  /** Their mean; null without any. */
  readonly value: number | null;
  /** The mean over all turns that were sent to judges, had the judges that failed for good said 0, and 1. */
  readonly lowest: number;
  readonly highest: number;
}

/** A ratio with its 95 % interval. */
export interface Ratio {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** Sessions (for returns: absences) that it rests on. */
  readonly n: number;
}

/** How users fare, as shares of sessions; null where nothing speaks for any value. */
export interface SessionRatios {
  /** Mean over sessions with a bad turn of the share of bad turns recovered from within the horizon. */
  readonly recovery: Ratio | null;
  readonly abandonment: Ratio | null;
  readonly handoff: Ratio | null;
  /** Back within 7 days, Kaplan-Meier. */
  readonly return: Ratio | null;
  /** Mean satisfaction of sessions of several turns. */
  readonly satisfaction: Ratio | null;
  /** Of absences after a session without complaint, and after one with, the share that lasts, Kaplan-Meier. */
  readonly quietChurn: Ratio | null;
  readonly complaintChurn: Ratio | null;
  /** Right and wrong by the check that was named for it, and by people's labels. */
  readonly reliance: Readonly<Record<RightBy, RelianceRatios>>;
}

export type RightBy = 'check' | 'people';

export interface RelianceRatios {
  /** Of wrong answers the share that was accepted, and of right ones the share that was overridden. */
  readonly overReliance: Ratio | null;
  readonly underReliance: Ratio | null;
  /** Share of answers that user and model got right together, less that of the model alone; in [-1, 1]. */
  readonly teamGain: Ratio | null;
}

/** How differently judges score a group from others whose cases were as good. */
export interface GroupGap {
  readonly segment: SegmentKey;
  readonly criterion: string;
  readonly panel: string;
  /** How good a case was: by users' behaviour in the session, or by people's labels of the item. */
  readonly by: 'users' | 'people';
  /** Mean score of the group less that of the others, over cases as good; above 0 the group is favoured. */
  readonly gap: Ratio;
}

/** What is known of the sessions of one segment. */
export interface SegmentSessions {
  readonly segment: SegmentKey;
  readonly endings: Readonly<Record<SessionEnding, number>>;
  readonly turns: number;
  readonly badTurns: number;
  /** Ratios resting on fewer than the minimum group are null. */
  readonly ratios: SessionRatios;
}
