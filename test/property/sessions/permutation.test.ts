import fc from 'fast-check';
import { BEHAVIOUR_KINDS } from '../../../src/domain/behaviour';
import { type ClosedSession, createSessionFold, type SessionCounts } from '../../../src/sessions/fold';
import { sessionOptions } from '../../../src/sessions/options';
import type { TurnValue } from '../../../src/sessions/turn';
import { seededRandom, type SeededRandom } from '../../support/builders/random';
import { event, MINUTE, type Step, turn } from '../../unit/sessions/build';

const LATENESS = 5;
const OPTIONS = sessionOptions.parse({ idleMinutes: 7, latenessMinutes: LATENESS, maxHours: 1, amendmentHours: 1 });
const TEXTS = ['where is it', 'no, that is wrong', 'thanks, great', 'no, try again', 'never mind'];

function valueOf(value: number): TurnValue {
  return { criterion: 'k', panel: 'p', value, lowest: value, highest: value };
}

/** Records of a few conversations over three hours, copies among them. */
function records(random: SeededRandom): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < 60; i++) {
    const minute = random.int(1800) / 10;
    const conversation = `c${random.int(4)}`;
    const step: Step = random.chance(0.6)
      ? [
          'turn',
          conversation,
          turn(`t${i}`, minute, random.pick(TEXTS), {
            values: [valueOf(random.int(100) / 100)],
          }),
        ]
      : [
          'event',
          conversation,
          event(`e${i}`, minute, random.pick(BEHAVIOUR_KINDS), {
            interactionId: random.chance(0.5) ? `t${random.int(60)}` : null,
          }),
        ];
    steps.push(step);
    if (random.chance(0.1)) steps.push(step);
  }
  return steps;
}

/** Each record comes up to the lateness after its time; the watermark follows the largest event time seen. */
function arrive(random: SeededRandom, steps: readonly Step[]): Step[] {
  const at = (step: Step): number => (step[0] === 'watermark' ? 0 : step[2].at / MINUTE);
  const inOrder = steps
    .map((step) => ({ step, arrival: at(step) + random.int(LATENESS * 100) / 100 }))
    .sort((a, b) => a.arrival - b.arrival);
  const out: Step[] = [];
  let seen = 0;
  for (const { step } of inOrder) {
    out.push(step);
    seen = Math.max(seen, at(step));
    if (random.chance(0.4)) out.push(['watermark', seen]);
  }
  return [...out, ['watermark', 10_000]];
}

function outcomesOf(steps: readonly Step[]): { closed: ClosedSession[]; counts: SessionCounts; open: number } {
  const fold = createSessionFold(OPTIONS);
  const state = fold.initial();
  const closed: ClosedSession[] = [];
  for (const step of steps) {
    if (step[0] === 'turn') fold.addTurn(state, step[1], step[2]);
    else if (step[0] === 'event') fold.addEvent(state, step[1], step[2]);
    else closed.push(...fold.advance(state, step[1] * MINUTE));
  }
  return { closed, counts: state.counts, open: state.open.size };
}

describe('any order of arrival within the lateness', () => {
  it('gives the same sessions, in the same order, and the same counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const random = seededRandom(seed);
        const all = records(random);
        const one = outcomesOf(arrive(random, all));
        const other = outcomesOf(arrive(random, all));
        expect(other.closed).toEqual(one.closed);
        expect(other.counts).toEqual(one.counts);
        expect(other.open).toBe(0);
        expect(one.closed.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
