import { MUTANTS } from '../../support/protocol/mutants';
import { runSchedule } from '../../support/protocol/schedule';

/** A sample; `npm run simulate:protocol` runs thousands. */
describe('the protocol under kills, zombies, lost acknowledgements and rebalances', () => {
  it('loses nothing and counts nothing twice', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { lost, wrong } = await runSchedule(seed);
      if (lost > 0 || wrong.length > 0) throw new Error(`schedule ${seed}: lost ${lost}; ${wrong.join('; ')}`);
    }
  }, 180_000);

  it.each(MUTANTS)(
    'catches the mistake "%s"',
    async (mutant) => {
      for (let seed = 1; seed <= 100; seed++) {
        const { wrong } = await runSchedule(seed, mutant);
        if (wrong.length > 0) return;
      }
      throw new Error('nothing was found wrong');
    },
    180_000,
  );

  it('runs the same schedule the same way', async () => {
    expect(await runSchedule(17)).toEqual(await runSchedule(17));
  });
});
