import { addDue, createDueTable } from './due-table';
import type { ClosedConversation, OpenConversation, SessionCounts, SessionsState } from './fold';

/** Plain JSON. */
export interface EncodedSessions {
  readonly horizon: number | null;
  readonly open: readonly (readonly [string, OpenConversation])[];
  readonly closed: readonly (readonly [string, ClosedConversation])[];
  readonly counts: SessionCounts;
}

/** Shares the parts that are plain already: stringify it before the state goes on. */
export function encodeSessions({ horizon, open, closed, counts }: SessionsState): EncodedSessions {
  return { horizon, open: [...open], closed: [...closed], counts };
}

/** Takes ownership of what it is given: decode a freshly parsed value. */
export function decodeSessions({ horizon, open, closed, counts }: EncodedSessions): SessionsState {
  const due = createDueTable();
  for (const [id, { dueAt }] of open) addDue(due, dueAt, id);
  return { horizon, open: new Map(open), closed: new Map(closed), due, counts: { ...counts } };
}
