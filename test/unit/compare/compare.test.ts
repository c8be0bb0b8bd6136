import { isInArm, parseArm } from '../../../src/compare/arm';
import { compareArms, type CompareOptions } from '../../../src/compare/compare';
import { observe, observeTwice } from '../../../src/compare/observations';
import type { SegmentKey } from '../../../src/domain/segment';
import type { SessionEnding } from '../../../src/domain/session-outcome';
import type { ClosedSession } from '../../../src/sessions/fold';
import type { SessionTurn } from '../../../src/sessions/turn';
import { createRandom } from '../../../src/stats/seeded-random';
import { turn } from '../sessions/build';
import { outcome } from '../sessions/outcomes';

const OPTIONS: CompareOptions = {
  maxDrop: 0.1,
  alpha: 0.05,
  widestScore: 1,
  on: null,
  expectedShare: null,
  withinMs: null,
  isFixed: false,
  seed: 1,
};

const release = (value: string): SegmentKey => ({ dimension: 'release', value });
const [V1, V2] = [[release('v1')], [release('v2')]];

function scored(id: string, index: number, segments: readonly SegmentKey[], value: number, panel = 'p'): SessionTurn {
  const values = [{ criterion: 'helpful', panel, value, lowest: value, highest: value }];
  return turn(id, index, 'where is it', { index, segments, values });
}

function session(
  id: string,
  turns: readonly SessionTurn[],
  openedAt = 0,
  ending: SessionEnding = 'ended',
): ClosedSession {
  const own = outcome({ sessionId: id, conversationId: id, openedAt, closedAt: openedAt + 1, ending });
  return { outcome: own, turns, decisions: [] };
}

/** One session a minute, each in one release. */
function stream(n: number, means: readonly [v1: number, v2: number], seed = 1, share = 0.5): ClosedSession[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    const isNew = random() < share;
    const value = random() < means[isNew ? 1 : 0] ? 1 : 0;
    return session(`s${i}`, [scored(`t${i}`, 0, isNew ? V2 : V1, value)], i * 60_000);
  });
}

const compareReleases = (
  sessions: readonly ClosedSession[],
  options: Partial<CompareOptions> = {},
): ReturnType<typeof compareArms> => compareArms(observe(sessions, V2, V1), { ...OPTIONS, ...options });

describe('an arm', () => {
  it('is read from text, several conditions joined by commas', () => {
    const arm = parseArm('release=v2, product=a=b');
    expect(arm).toEqual({ ok: true, value: [release('v2'), { dimension: 'product', value: 'a=b' }] });
    expect(arm.ok && isInArm([release('v2')], arm.value)).toBe(false);
    expect(parseArm('release').ok).toBe(false);
    expect(parseArm('release=').ok).toBe(false);
  });
});

describe('two releases in the same period', () => {
  it('are worse where the new one has fallen by more than allowed', () => {
    const { verdict, series } = compareReleases(stream(3000, [0.9, 0.6]), { on: ['helpful'] });
    expect(verdict).toBe('worse');
    expect(series.find(({ isGated }) => isGated)).toMatchObject({ series: 'helpful by p', decision: 'worse' });
  });

  it('are no worse where both are alike, and undecided while there is little to go by', () => {
    expect(compareReleases(stream(3000, [0.9, 0.9])).verdict).toBe('no_worse');
    expect(compareReleases(stream(40, [0.9, 0.9])).verdict).toBe('undecided');
    expect(compareReleases([]).verdict).toBe('undecided');
  });

  it('are wrongly called worse or no worse by less than one stream in twenty', () => {
    let wrong = 0;
    for (let seed = 0; seed < 60; seed++) {
      // Exactly at the border: either answer would be wrong.
      const sessions = stream(600, [0.9, 0.8], seed + 10);
      if ([150, 600].some((n) => compareReleases(sessions.slice(0, n), { on: ['helpful'] }).verdict !== 'undecided'))
        wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(3);
  });

  it('compare only judges that judged both, and say what was left out', () => {
    const sessions = [...stream(100, [0.9, 0.9]), session('other', [scored('o', 0, V2, 0, 'q')], 50 * 60_000)];
    const { series, notCompared } = compareReleases(sessions);
    expect(series.map((one) => one.series)).toContain('helpful by p');
    expect(notCompared).toEqual(['helpful by q']);
  });

  it('begin where the later one began, and end within the time given', () => {
    const old = Array.from({ length: 50 }, (_, i) => session(`old${i}`, [scored(`o${i}`, 0, V1, 0)], i));
    const later = stream(200, [0.9, 0.9]).map(({ outcome: own, turns }) => ({
      outcome: { ...own, openedAt: own.openedAt + 86_400_000, closedAt: own.closedAt + 86_400_000 },
      turns,
      decisions: [],
    }));
    const all = compareReleases([...old, ...later]);
    expect(all.sessions.first + all.sessions.second).toBeLessThanOrEqual(200);
    expect(all.from).toBeGreaterThanOrEqual(86_400_000);
    const hour = compareReleases([...old, ...later], { withinMs: 3_600_000 });
    expect(hour.sessions.first + hour.sessions.second).toBeLessThan(65);
  });

  it('decide nothing where the split is not what it should be', () => {
    const sessions = stream(4000, [0.9, 0.6], 1, 0.3);
    expect(compareReleases(sessions, { expectedShare: 0.5 })).toMatchObject({
      verdict: 'undecided',
      sampleRatio: { isBroken: true },
    });
    expect(compareReleases(sessions, { expectedShare: 0.3 }).sampleRatio?.isBroken).toBe(false);
  });

  it('let behaviour decide too: users who leave', () => {
    const sessions = Array.from({ length: 2000 }, (_, i) => {
      const isNew = i % 2 === 0;
      return session(
        `s${i}`,
        [scored(`t${i}`, 0, isNew ? V2 : V1, 1)],
        i,
        isNew && i % 4 === 0 ? 'abandoned' : 'ended',
      );
    });
    const { verdict, reason } = compareReleases(sessions);
    expect(verdict).toBe('worse');
    expect(reason).toContain('not_abandoned');
  });

  it('leave out sessions that changed release midway', () => {
    const crossing = session('x', [scored('a', 0, V1, 1), scored('b', 1, V2, 1)]);
    expect(compareReleases([...stream(100, [0.9, 0.9]), crossing]).crossed).toBe(1);
  });
});

describe('the same inputs served by both', () => {
  const shadowed = (n: number, fall: number, seed = 4): ClosedSession[] => {
    const random = createRandom(seed);
    return Array.from({ length: n }, (_, i) => {
      const value = random() < 0.7 ? 1 : 0;
      const changed = random() < fall ? 0 : value;
      return session(`s${i}`, [scored(`a${i}`, 0, V1, value), scored(`b${i}`, 0, V2, changed)], i);
    });
  };

  it('are compared pair by pair, in a shadow run', () => {
    const { design, verdict, series, sessions } = compareReleases(shadowed(1500, 0.3), { on: ['helpful'] });
    expect(design).toBe('paired');
    expect(sessions.first).toBe(1500);
    expect(verdict).toBe('worse');
    expect(series[0]?.permutationP).toBeLessThan(0.001);
    expect(compareReleases(shadowed(1500, 0), { on: ['helpful'] })).toMatchObject({ verdict: 'no_worse' });
  });

  it('are compared in two replays, whose bootstrap decides as nothing more will come', () => {
    const all = shadowed(200, 0.02);
    const only = (arm: SegmentKey): ClosedSession[] =>
      all.map(({ outcome: own, turns }) => ({
        outcome: own,
        turns: turns.filter(({ segments }) => segments.includes(arm)),
        decisions: [],
      }));
    const pairs = observeTwice(only(V2[0]!), only(V1[0]!), [], []);
    const fixed = compareArms(pairs, { ...OPTIONS, isFixed: true });
    expect(fixed).toMatchObject({ design: 'paired', sessions: { first: 200, second: 200 }, verdict: 'no_worse' });
    expect(compareArms(pairs, { ...OPTIONS, isFixed: true })).toEqual(fixed);
  });
});
