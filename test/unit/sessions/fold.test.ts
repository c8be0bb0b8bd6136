import { decodeSessions, encodeSessions } from '../../../src/sessions/state';
import { createSessionFold } from '../../../src/sessions/fold';
import { sessionOptions } from '../../../src/sessions/options';
import { event, HOUR, MINUTE, run, turn } from './build';

describe('closing', () => {
  it('waits for the silence and the lateness, not longer', () => {
    expect(
      run([
        ['turn', 'c', turn('a', 0)],
        ['watermark', 34],
      ]).outcomes,
    ).toEqual([]);
    expect(
      run([
        ['turn', 'c', turn('a', 0)],
        ['watermark', 35],
      ]).outcomes,
    ).toMatchObject([{ conversationId: 'c', turns: 1, openedAt: 0, closedAt: 30 * MINUTE, ending: 'ended' }]);
  });

  it('keeps a session open while the user is there, by turns or by what they do with the answers', () => {
    const { outcomes } = run([
      ['turn', 'c', turn('a', 0)],
      ['event', 'c', event('e', 20, 'copy')],
      ['watermark', 45],
      ['turn', 'c', turn('b', 45)],
      ['watermark', 100],
    ]);
    expect(outcomes).toMatchObject([{ turns: 2, lastActivityAt: 45 * MINUTE }]);
  });

  it('does not let what the product tells keep a session open', () => {
    const { outcomes } = run([
      ['turn', 'c', turn('a', 0)],
      ['event', 'c', event('e', 20, 'resolved')],
      ['turn', 'c', turn('b', 40)],
      ['watermark', 200],
    ]);
    expect(outcomes).toMatchObject([
      { turns: 1, ending: 'resolved' },
      { turns: 1, ending: 'ended' },
    ]);
  });

  it('keeps the earlier outcome when the user comes back and links the new one', () => {
    const { outcomes } = run([
      ['turn', 'c', turn('a', 0)],
      ['watermark', 60],
      ['turn', 'c', turn('b', 90)],
      ['watermark', 200],
    ]);
    expect(outcomes).toMatchObject([
      { sessionId: 'c@0', sequence: 0, previousSessionId: null },
      { sessionId: `c@${90 * MINUTE}`, sequence: 1, previousSessionId: 'c@0' },
    ]);
  });

  it('does not link across more than the time a session is remembered', () => {
    const { outcomes } = run([
      ['turn', 'c', turn('a', 0)],
      ['turn', 'c', turn('b', 25 * 60)],
      ['watermark', 3000],
    ]);
    expect(outcomes.map(({ previousSessionId }) => previousSessionId)).toEqual([null, null]);
  });

  it('splits a session that never falls silent', () => {
    const steps = Array.from(
      { length: 200 },
      (_, i) => ['turn', 'c', turn(`t${i}`, i * 20)] as ['turn', string, ReturnType<typeof turn>],
    );
    const { outcomes } = run([...steps, ['watermark', 10_000]]);
    expect(outcomes.map(({ turns }) => turns)).toEqual([72, 72, 56]);
    expect(outcomes[0]?.engagement.dwellMs).toBeLessThan(24 * HOUR);
  });

  it('closes what is left as open at the end, and what was silent long enough as it ended', () => {
    const { outcomes } = run(
      [
        ['turn', 'old', turn('a', 0)],
        ['turn', 'new', turn('b', 50)],
        ['watermark', 34],
      ],
      {},
      50,
    );
    expect(outcomes.map(({ conversationId, ending }) => [conversationId, ending])).toEqual([
      ['old', 'ended'],
      ['new', 'open'],
    ]);
  });
});

describe('late, early and loose records', () => {
  it('leaves a closed session as it is and counts what came too late', () => {
    const { outcomes, state } = run([
      ['turn', 'c', turn('a', 0)],
      ['watermark', 60],
      ['turn', 'c', turn('b', 10)],
      ['watermark', 200],
    ]);
    expect(outcomes).toMatchObject([{ turns: 1 }]);
    expect(state.counts).toMatchObject({ late: 1, lateDropped: 1 });
  });

  it('still takes a late record that no closed session covers', () => {
    const { outcomes, state } = run([
      ['watermark', 60],
      ['turn', 'c', turn('a', 10)],
      ['watermark', 200],
    ]);
    expect(outcomes).toMatchObject([{ turns: 1 }]);
    expect(state.counts).toMatchObject({ late: 1, lateDropped: 0 });
  });

  it('counts behaviour after the close as an amendment, and behaviour of no session as an orphan', () => {
    const { outcomes, state } = run([
      ['turn', 'c', turn('a', 0)],
      ['event', 'c', event('e', 120, 'thumbs_down', { interactionId: 'a' })],
      ['event', 'd', event('f', 10, 'thumbs_up')],
      ['watermark', 600],
    ]);
    expect(outcomes).toMatchObject([{ ending: 'ended', reactions: { thumbsDown: 0 } }]);
    expect(state.counts).toMatchObject({ amendments: 1, orphans: 1 });
  });

  it('takes behaviour that comes before its turn', () => {
    const { outcomes } = run([
      ['event', 'c', event('e', 1, 'thumbs_down', { interactionId: 'a' })],
      ['turn', 'c', turn('a', 0)],
      ['watermark', 600],
    ]);
    expect(outcomes).toMatchObject([{ badTurns: 1, ending: 'abandoned', reactions: { thumbsDown: 1 } }]);
  });

  it('counts a copy of a record once', () => {
    const { outcomes } = run([
      ['turn', 'c', turn('a', 0)],
      ['turn', 'c', turn('a', 0)],
      ['event', 'c', event('e', 1, 'copy')],
      ['event', 'c', event('e', 1, 'copy')],
      ['watermark', 600],
    ]);
    expect(outcomes).toMatchObject([{ turns: 1, reactions: { copied: 1 } }]);
  });
});

describe('memory', () => {
  it('is bounded: beyond the cap those next to close are closed as open', () => {
    const steps = Array.from(
      { length: 150 },
      (_, i) => ['turn', `c${i}`, turn('a', i / 10)] as ['turn', string, ReturnType<typeof turn>],
    );
    const { outcomes, state } = run([...steps, ['watermark', 16]], { maxOpen: 100 });
    expect(state.open.size).toBe(100);
    expect(state.counts.evicted).toBe(50);
    expect(outcomes.every(({ ending }) => ending === 'open')).toBe(true);
    expect(outcomes[0]?.conversationId).toBe('c0');
  });

  it('forgets closed conversations after a while', () => {
    const { state } = run([
      ['turn', 'c', turn('a', 0)],
      ['watermark', 60],
      ['watermark', 60 * 26],
    ]);
    expect(state.closed.size).toBe(0);
    expect(state.due.size).toBe(0);
  });

  it('goes on from its encoding as from itself', () => {
    const fold = createSessionFold(sessionOptions.parse({}));
    const { state } = run([
      ['turn', 'c', turn('a', 0)],
      ['turn', 'd', turn('b', 30)],
      ['watermark', 40],
    ]);
    const copy = decodeSessions(JSON.parse(JSON.stringify(encodeSessions(state))) as ReturnType<typeof encodeSessions>);
    for (const one of [state, copy]) fold.addTurn(one, 'c', turn('z', 50));
    expect(fold.advance(copy, 200 * MINUTE)).toEqual(fold.advance(state, 200 * MINUTE));
    expect(encodeSessions(copy)).toEqual(encodeSessions(state));
  });
});
