import { attributeMixShift } from '../../../src/stats/mix-shift';

describe('a change of the overall mean', () => {
  it('is split without remainder', () => {
    const shift = attributeMixShift(
      {
        weights: [70, 30],
        means: [
          [0.9, 0.8],
          [0.6, 0.5],
        ],
      },
      {
        weights: [50, 50],
        means: [
          [0.88, 0.8],
          [0.61, 0.4],
        ],
      },
      [0.5, 0.5],
    );
    expect(shift.withinTotal + shift.mixTotal).toBeCloseTo(shift.delta, 12);
  });

  it('is all mix when a segment appears', () => {
    const shift = attributeMixShift(
      { weights: [1, 0], means: [[0.9], [null]] },
      { weights: [1, 1], means: [[0.9], [0.5]] },
      [1],
    );
    expect(shift.withinTotal).toBe(0);
    expect(shift.mixTotal).toBeCloseTo(-0.2, 12);
  });

  it("shows Simpson's paradox", () => {
    const shift = attributeMixShift(
      { weights: [0.8, 0.2], means: [[0.9], [0.5]] },
      { weights: [0.4, 0.6], means: [[0.92], [0.55]] },
      [1],
    );
    expect(shift).toMatchObject({ signReversal: true, simpson: true });
  });

  it('accepts a segment nobody used, and names one with traffic but no mean', () => {
    const unused = { weights: [1, 0], means: [[0.9], [null]] };
    expect(attributeMixShift(unused, unused, [1]).delta).toBe(0);
    const unknown = { weights: [1, 1], means: [[0.9], [null]] };
    expect(() => attributeMixShift(unknown, unknown, [1])).toThrow('segment 1, criterion 0');
  });
});
