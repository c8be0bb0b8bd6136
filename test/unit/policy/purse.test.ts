import fc from 'fast-check';
import { createPurse } from '../../../src/policy/purse';

describe('a purse', () => {
  it('never pays out more than it holds, whatever is set aside and settled', () => {
    const item = fc.record({
      boundUsd: fc.double({ min: 0.01, max: 2, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 50 }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (items, amountUsd) => {
          const purse = createPurse(amountUsd);
          let spentUsd = 0;
          for (const { boundUsd, share } of items) {
            const reservation = purse.reserve('t/0', boundUsd, 0);
            if (reservation === null) continue;
            spentUsd += boundUsd * share;
            reservation.settle(boundUsd * share);
          }
          expect(spentUsd).toBeLessThanOrEqual(amountUsd + 1e-9);
        },
      ),
    );
  });

  it('gives back what an item did not cost, and refuses what it has no room for', () => {
    const purse = createPurse(1);
    const first = purse.reserve('t/0', 0.8, 0);
    expect(purse.reserve('t/1', 0.8, 0)).toBeNull();
    first?.settle(0.1);
    expect(purse.reserve('t/1', 0.8, 0)).not.toBeNull();
  });
});
