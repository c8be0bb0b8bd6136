import type { FailoverStanding } from '../../../src/domain/failover';
import {
  addAnswer,
  createFailover,
  decodeFailover,
  encodeFailover,
  failoverStanding,
  type FailoverState,
  stepFailover,
} from '../../../src/watch/failover';
import { seededRandom } from '../../support/builders/random';

const MINUTE = 60_000;

interface Answer {
  readonly at: number;
  readonly route: 'primary' | 'failover';
}

/** Ten answers a minute, those of the minutes given by the failover route. */
function traffic(minutes: number, failoverIn: (minute: number) => number): Answer[] {
  return Array.from({ length: minutes * 10 }, (_, i): Answer => {
    const minute = Math.floor(i / 10);
    return { at: i * 6_000, route: i % 10 < failoverIn(minute) ? 'failover' : 'primary' };
  });
}

function run(answers: readonly Answer[], state: FailoverState = createFailover(), until?: number): FailoverStanding {
  for (const [i, { at, route }] of answers.entries()) {
    addAnswer(state, at, route);
    if (i % 7 === 0) stepFailover(state, at - 2 * MINUTE);
  }
  stepFailover(state, until ?? (answers[answers.length - 1]?.at ?? 0) + 1);
  return failoverStanding(state);
}

describe('episodes of failover', () => {
  it('are seen with their beginning, their end and their peak', () => {
    const { episodes, begun, isActive } = run(traffic(60, (minute) => (minute >= 20 && minute < 30 ? 10 : 0)));
    expect(episodes).toEqual([{ from: 20 * MINUTE, to: 30 * MINUTE, answers: 100, peak: 1 }]);
    expect({ begun, isActive }).toEqual({ begun: 1, isActive: false });
  });

  it('are on while they last', () => {
    const standing = run(traffic(30, (minute) => (minute >= 20 ? 5 : 0)));
    expect(standing).toMatchObject({ isActive: true, share: 0.5, episodes: [{ from: 20 * MINUTE, to: null }] });
  });

  it('are none where no answer, or one now and then, came by the failover route', () => {
    expect(run(traffic(60, () => 0)).episodes).toEqual([]);
    expect(run(traffic(60, (minute) => (minute % 6 === 0 ? 1 : 0))).episodes).toEqual([]);
  });

  it('are two where the primary route was back in between', () => {
    const { episodes } = run(traffic(60, (minute) => (minute === 10 || minute === 40 ? 10 : 0)));
    expect(episodes.map(({ from, to }) => [from / MINUTE, (to ?? 0) / MINUTE])).toEqual([
      [10, 11],
      [40, 41],
    ]);
  });

  it('end where all traffic ends, also when event time leaps', () => {
    const state = createFailover();
    run(
      traffic(10, (minute) => (minute >= 5 ? 10 : 0)),
      state,
    );
    stepFailover(state, 400 * 24 * 60 * MINUTE);
    expect(failoverStanding(state)).toMatchObject({ isActive: false, share: null, episodes: [{ to: 10 * MINUTE }] });
    expect(state.minutes.size).toBe(0);
  });

  it('are the same in whatever order answers come within the lateness, and across a checkpoint', () => {
    const random = seededRandom(4);
    const answers = traffic(60, (minute) => (minute >= 20 && minute < 30 ? 3 : 0));
    const shuffled = [...answers]
      .map((answer) => ({ answer, key: answer.at + random.int(2 * MINUTE) }))
      .sort((a, b) => a.key - b.key)
      .map(({ answer }) => answer);
    const half = createFailover();
    const end = 60 * MINUTE;
    for (const { at, route } of shuffled.slice(0, 300)) addAnswer(half, at, route);
    stepFailover(half, 25 * MINUTE);
    const restored = decodeFailover(
      JSON.parse(JSON.stringify(encodeFailover(half))) as ReturnType<typeof encodeFailover>,
    );
    const cut = run(shuffled.slice(300), restored, end);
    expect(cut.episodes).toEqual(run(answers, createFailover(), end).episodes);
    expect(cut.episodes).toHaveLength(1);
  });

  it('hold no more than a window of minutes and a hundred episodes', () => {
    const state = createFailover();
    run(
      traffic(3_000, (minute) => (minute % 20 === 0 ? 10 : 0)),
      state,
    );
    expect(state.begun).toBe(150);
    expect(state.episodes).toHaveLength(100);
    expect(state.minutes.size).toBeLessThan(10);
  });
});
