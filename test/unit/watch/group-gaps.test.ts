import type { Label } from '../../../src/domain/label';
import type { SegmentKey } from '../../../src/domain/segment';
import type { JudgedScores } from '../../../src/sessions/judged-groups';
import { recordJudged } from '../../../src/sessions/judged-groups';
import { createRandom } from '../../../src/stats/seeded-random';
import { groupGaps, labelledGroups } from '../../../src/watch/group-gaps';
import { buildLabel } from '../../support/builders/keyed-record';
import { outcome } from '../sessions/outcomes';

const ALL: SegmentKey = { dimension: 'all', value: '' };
const locale = (value: string): SegmentKey => ({ dimension: 'locale', value });

/** Sessions of two locales that fare alike; a judge that is harsher with `de` by `bias`. */
function judgedSessions(bias: number, n = 400, panel = 'p') {
  const random = createRandom(3);
  const judged: Record<'all' | 'de' | 'en' | 'rare' | '__other__', JudgedScores[]> = {
    all: [],
    de: [],
    en: [],
    rare: [],
    __other__: [],
  };
  for (let i = 0; i < n; i++) {
    const own = i % 100 === 0 ? 'rare' : i % 4 === 0 ? 'de' : i % 4 === 1 ? '__other__' : 'en';
    const isGood = random() < 0.6;
    const value = random() < (isGood ? 0.9 : 0.3) - (own === 'de' ? bias : 0) ? 1 : 0;
    const values = [{ criterion: 'helpful', panel, turns: 1, value, lowest: value, highest: value }];
    const session = outcome({ ending: isGood ? 'ended' : 'abandoned', values });
    recordJudged(judged[own], session);
    recordJudged(judged.all, session);
  }
  return Object.entries(judged).map(([name, of]) => ({ segment: name === 'all' ? ALL : locale(name), judged: of }));
}

describe('groups that judges score differently from others who fare alike', () => {
  it('are found, the widest first, with an interval that leaves 0 out', () => {
    const [first, ...rest] = groupGaps(judgedSessions(0.3, 2000), 'users', 10);
    expect(first).toMatchObject({ segment: locale('de'), criterion: 'helpful', panel: 'p', by: 'users' });
    expect(first?.gap.value).toBeLessThan(-0.2);
    expect(first?.gap.upper).toBeLessThan(0);
    expect(rest.map(({ segment }) => segment.value)).toEqual(['en']);
  });

  it('are not seen where there are none', () => {
    for (const { gap } of groupGaps(judgedSessions(0, 2000), 'users', 10)) {
      expect(Math.abs(gap.value)).toBeLessThan(0.08);
    }
  });

  it('are no groups of few sessions, nor those that share a place, nor scored by judges of the own family', () => {
    const values = groupGaps(judgedSessions(0.3), 'users', 10).map(({ segment }) => segment.value);
    expect(values).not.toContain('rare');
    expect(values).not.toContain('__other__');
    expect(groupGaps(judgedSessions(0.3, 400, 'p~own'), 'users', 10)).toEqual([]);
  });

  it('are found by what people said of the items, too', () => {
    const random = createRandom(5);
    const labels = Array.from({ length: 1000 }, (_, i): Label => {
      const de = i % 4 === 0;
      const value = random() < 0.5 ? 1 : 0;
      const score = value === 1 ? (de ? 0.6 : 0.9) : 0.2;
      const about = { interactionId: `i${i}`, criterion: 'helpful', panel: 'p', round: 'first' } as const;
      return buildLabel({ ...about, segments: { locale: de ? 'de' : 'en' }, value, score, reason: 'random' });
    });
    const gaps = groupGaps(labelledGroups(labels), 'people', 10);
    const german = gaps.find(({ segment }) => segment.value === 'de');
    expect(german).toMatchObject({ by: 'people' });
    expect(german?.gap.value).toBeCloseTo(-0.15, 1);
    const picked = labels.map((label) => ({ ...label, reason: 'disagreement' as const }));
    expect(groupGaps(labelledGroups(picked), 'people', 10)).toEqual([]);
  });
});
