import { decisionsOf, relianceOf } from '../../../src/sessions/reliance';
import type { Reliance } from '../../../src/domain/session-outcome';
import { createTotals, ratiosOf, recordOutcome } from '../../../src/sessions/totals';
import type { SessionEvent } from '../../../src/sessions/turn';
import { event, turn } from './build';
import { outcome } from './outcomes';

const on = (interactionId: string, value: number | null = null): { interactionId: string; value: number | null } => ({
  interactionId,
  value,
});

describe('reliance on answers', () => {
  const turns = [
    turn('right', 0, 'a', { right: true }),
    turn('wrong', 1, 'b', { right: false }),
    turn('unknown', 2, 'c', { right: null }),
  ];

  const reliance = (events: readonly SessionEvent[]): Reliance =>
    relianceOf(decisionsOf(turns, events), (id) => turns.find((one) => one.id === id)?.right ?? null);

  it('tells what was accepted and overridden, right and wrong apart', () => {
    const events = [event('1', 0, 'override', on('right')), event('2', 1, 'accept', on('wrong'))];
    expect(reliance(events)).toMatchObject({
      decided: 2,
      rightAccepted: 0,
      rightOverridden: 1,
      wrongAccepted: 1,
      wrongOverridden: 0,
      compared: 0,
    });
  });

  it('takes the last decision, and counts an answer whose right nobody knows as decided only', () => {
    const events = [
      event('1', 0, 'accept', on('wrong')),
      event('2', 1, 'override', on('wrong')),
      event('3', 2, 'accept', on('unknown')),
    ];
    expect(reliance(events)).toMatchObject({ decided: 2, wrongAccepted: 0, wrongOverridden: 1 });
  });

  it('sets what the two came to beside the model alone', () => {
    const events = [
      event('1', 0, 'accept', on('right')),
      event('2', 0, 'goal', on('right', 1)),
      event('3', 1, 'override', on('wrong')),
      event('4', 1, 'resolved', on('wrong', 1)),
    ];
    expect(reliance(events)).toMatchObject({ compared: 2, teamRight: 2, modelRight: 1 });
  });

  it('guesses nothing from events that name no answer', () => {
    const events = [event('1', 0, 'accept'), event('2', 1, 'override')];
    expect(reliance(events).decided).toBe(0);
  });

  it('becomes ratios over sessions, none where nothing is known', () => {
    const totals = createTotals();
    expect(ratiosOf(totals, 28).reliance.check).toEqual({ overReliance: null, underReliance: null, teamGain: null });
    const of = (part: Partial<ReturnType<typeof relianceOf>>): void =>
      recordOutcome(totals, outcome({ reliance: { ...outcome().reliance, ...part } }));
    of({ wrongAccepted: 3, wrongOverridden: 1, compared: 4, teamRight: 1, modelRight: 2 });
    of({ wrongOverridden: 1, rightAccepted: 2 });
    const { overReliance, underReliance, teamGain } = ratiosOf(totals, 28).reliance.check;
    expect(overReliance).toMatchObject({ value: 0.375, n: 2 });
    expect(underReliance).toMatchObject({ value: 0, n: 1 });
    expect(teamGain).toMatchObject({ value: -0.25, lower: -1, upper: 1, n: 1 });
  });
});
