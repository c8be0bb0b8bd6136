import type { SegmentKey } from '../../../../src/domain/segment';
import { toldSeverity, withheldSeverity } from '../../../../src/watch/alerts/mode';
import { alertOptions } from '../../../../src/watch/options-alerts';
import { ALL, createFeed, paramsOf, START } from './feed';

const SUPPORT: SegmentKey = { dimension: 'product', value: 'support' };
const CROSS: SegmentKey = { dimension: 'product+locale', value: 'support+de' };
const DAY = 86_400_000;

describe('the mode of alerts', () => {
  const options = alertOptions.parse({
    modes: { 'product=support': 'ticket', 'locale=de': 'observe', 'product=search': 'observe' },
  });

  it('is that of the segment, else the one for all', () => {
    expect(toldSeverity('page', { id: { segment: SUPPORT } }, options)).toBe('ticket');
    expect(toldSeverity('page', { id: { segment: ALL } }, options)).toBe('page');
    expect(toldSeverity('info', { id: { segment: SUPPORT } }, options)).toBe('info');
  });

  it('of a cross is the mildest of its parts, unless it has its own', () => {
    expect(toldSeverity('page', { id: { segment: CROSS } }, options)).toBe('info');
    const own = alertOptions.parse({ modes: { ...options.modes, 'product+locale=support+de': 'page' } });
    expect(toldSeverity('page', { id: { segment: CROSS } }, own)).toBe('page');
  });

  it('observes a learned baseline for fourteen days, and no seeded one or target', () => {
    const after = (days: number): string =>
      toldSeverity(
        'page',
        { id: { segment: ALL }, learnedAt: START, lastAt: START + days * DAY },
        alertOptions.parse({}),
      );
    expect([after(0), after(13.9), after(14)]).toEqual(['info', 'info', 'page']);
    expect(toldSeverity('page', { id: { segment: ALL }, learnedAt: null, lastAt: START }, options)).toBe('page');
  });

  it('keeps what it does not tell', () => {
    expect(withheldSeverity('page', { id: { segment: SUPPORT } }, options)).toBe('page');
    expect(withheldSeverity('ticket', { id: { segment: SUPPORT } }, options)).toBeNull();
  });
});

describe('an alert of a young baseline', () => {
  const fired = (alerts: Parameters<typeof paramsOf>[1]): ReturnType<typeof createFeed> => {
    const feed = createFeed(paramsOf({}, alerts));
    feed.scores(600, 0.85);
    feed.scores(200, 0.4);
    return feed;
  };

  it('is info and says what it would have been', () => {
    expect(fired({ observeDays: 14 }).told.at(-1)).toMatchObject({
      state: 'firing',
      severity: 'info',
      withheld: 'page',
    });
    expect(fired({ observeDays: 0 }).told.at(-1)).toMatchObject({ severity: 'page', withheld: null });
  });

  it('is told at last when the days are over and it still fires', () => {
    const feed = fired({ observeDays: 2 });
    expect(feed.told.map(({ severity }) => severity)).toContain('info');
    feed.scores(2 * 144, 0.4);
    expect(feed.told.at(-1)).toMatchObject({ state: 'firing', severity: 'page', withheld: null });
  });

  it('costs no baseline when the mode, the owners or the days change', () => {
    const feed = createFeed(paramsOf({}, { mode: 'observe' }));
    feed.scores(600, 0.85);
    const next = createFeed(paramsOf({}, { mode: 'page', observeDays: 3, owners: { all: 'team' } }), 2, feed.state);
    next.scores(200, 0.4);
    expect(next.told.at(-1)).toMatchObject({ state: 'firing', owner: 'team', withheld: 'page' });
  });
});
