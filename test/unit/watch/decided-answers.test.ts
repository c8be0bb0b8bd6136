import type { Label } from '../../../src/domain/label';
import type { ClosedSession } from '../../../src/sessions/fold';
import { sessionOptions } from '../../../src/sessions/options';
import { type DecidedAnswers, keepDecisions, relianceByPeople } from '../../../src/watch/decided-answers';
import {
  createSessionTable,
  decodeSessionTable,
  encodeSessionTable,
  type EncodedSessionTable,
} from '../../../src/watch/session-table';
import { buildLabel } from '../../support/builders/keyed-record';
import { outcome } from '../sessions/outcomes';

const SEGMENTS = [
  { dimension: 'all', value: '' },
  { dimension: 'product', value: 'a' },
];

function session(id: string, accepted: Readonly<Record<string, boolean>>, isReached: boolean | null = null) {
  const decisions = Object.entries(accepted).map(([interactionId, isAccepted]) => ({
    interactionId,
    isAccepted,
    isReached,
  }));
  return { outcome: outcome({ sessionId: id, segments: SEGMENTS }), turns: [], decisions } satisfies ClosedSession;
}

function said(interactionId: string, value: number | null, part: Partial<Label> = {}): Label {
  return buildLabel({ interactionId, criterion: 'right', value, reason: 'random', round: 'first', ...part });
}

function decidedIn(...sessions: readonly ClosedSession[]): DecidedAnswers {
  const decided: DecidedAnswers = new Map();
  for (const one of sessions) keepDecisions(decided, one);
  return decided;
}

describe('reliance by what people say of answers', () => {
  const decided = decidedIn(session('s1', { a: true, b: false }, true), session('s2', { c: false, d: true }));

  it('holds accepted against wrong and overridden against right, one value a session', () => {
    const labels = [said('a', 0), said('b', 1), said('c', 1), said('d', 1)];
    const totals = relianceByPeople(decided, labels, 'right').get('product=a');
    expect(totals?.overReliance).toMatchObject({ n: 1, sum: 1 });
    expect(totals?.underReliance).toMatchObject({ n: 2, sum: 1.5 });
    expect(totals?.teamGain).toMatchObject({ n: 1, sum: 0.5 });
    expect(relianceByPeople(decided, labels, 'right').get('all')?.underReliance.n).toBe(2);
  });

  it('says nothing without labels, of another criterion, or of items picked for what judges said of them', () => {
    expect(relianceByPeople(decided, [], 'right').size).toBe(0);
    expect(relianceByPeople(decided, [said('a', 0)], null).size).toBe(0);
    expect(relianceByPeople(decided, [said('a', 0, { criterion: 'other' })], 'right').size).toBe(0);
    expect(relianceByPeople(decided, [said('a', 0, { reason: 'disagreement' })], 'right').size).toBe(0);
    expect(relianceByPeople(decided, [said('a', null, { outcome: 'cannot_tell' })], 'right').size).toBe(0);
  });

  it('leaves out an answer on which people split until somebody settles it', () => {
    const split = [said('a', 0, { rater: 'x' }), said('a', 1, { rater: 'y', round: 'second' })];
    expect(relianceByPeople(decided, split, 'right').size).toBe(0);
    const settled = relianceByPeople(decided, [...split, said('a', 0, { rater: 'z', round: 'adjudication' })], 'right');
    expect(settled.get('all')?.overReliance).toMatchObject({ n: 1, sum: 1 });
  });

  it('keeps the latest answers only, so that memory is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 10_500 }, (_, i) => [`i${i}`, true]));
    const kept = decidedIn(session('s', many));
    expect(kept.size).toBe(10_000);
    expect(kept.has('i10499')).toBe(true);
    expect(kept.has('i0')).toBe(false);
  });

  it('is in the checkpoint, and an older checkpoint without it is read', () => {
    const table = createSessionTable();
    keepDecisions(table.decided, session('s1', { a: true }));
    const encoded = JSON.parse(JSON.stringify(encodeSessionTable(table))) as EncodedSessionTable;
    expect([...decodeSessionTable(encoded).decided]).toEqual([...table.decided]);
  });

  it('is off by default: nothing is kept', () => {
    expect(sessionOptions.parse({}).rightCriterion).toBeNull();
  });
});
