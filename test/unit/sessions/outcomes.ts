import type { SessionOutcome } from '../../../src/domain/session-outcome';

export function outcome(part: Partial<SessionOutcome> = {}): SessionOutcome {
  return {
    sessionId: 'c@0',
    conversationId: 'c',
    sequence: 0,
    previousSessionId: null,
    userHash: null,
    openedAt: 0,
    lastActivityAt: 0,
    closedAt: 1_800_000,
    ending: 'ended',
    segments: [],
    turns: 2,
    badTurns: 0,
    goodTurns: 0,
    satisfaction: 0.5,
    recovery: { badTurns: 0, followed: 0, within: 0, ever: 0, turns: null, ms: null },
    engagement: { userLength: 0, answerLength: 0, dwellMs: 0, effortMinutes: 0 },
    reactions: {
      thumbsUp: 0,
      thumbsDown: 0,
      accepted: 0,
      overridden: 0,
      edited: 0,
      copied: 0,
      regenerated: 0,
      handoffs: 0,
    },
    reliance: {
      decided: 0,
      rightAccepted: 0,
      rightOverridden: 0,
      wrongAccepted: 0,
      wrongOverridden: 0,
      compared: 0,
      teamRight: 0,
      modelRight: 0,
    },
    values: [],
    ...part,
  };
}
