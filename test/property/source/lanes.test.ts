import fc from 'fast-check';
import { createLanes } from '../../../src/source/lanes';

describe('lanes, for every interleaving', () => {
  it('keep the order of each key, the bound, and lose nothing', async () => {
    const tasks = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), aborts: fc.boolean(), fails: fc.boolean() }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), tasks, fc.integer({ min: 1, max: 5 }), async (scheduler, plan, concurrency) => {
        const lanes = createLanes({ concurrency });
        const order = new Map<string, number[]>();
        const busy = new Set<string>();
        let running = 0;
        const controller = new AbortController();
        const settled = plan.map(({ key, aborts, fails }, index) =>
          lanes
            .run(
              key,
              async () => {
                expect(busy.has(key)).toBe(false);
                busy.add(key);
                running += 1;
                expect(running).toBeLessThanOrEqual(concurrency);
                order.set(key, [...(order.get(key) ?? []), index]);
                await scheduler.schedule(Promise.resolve(), `task ${index}`);
                running -= 1;
                busy.delete(key);
                if (fails) throw new Error('task failed');
              },
              aborts ? controller.signal : undefined,
            )
            .then(
              () => 'done',
              (failure: Error) => failure.message,
            ),
        );
        void scheduler.schedule(Promise.resolve(), 'abort').then(() => controller.abort(new Error('aborted')));
        const outcomes = await scheduler.waitFor(Promise.all(settled));
        await lanes.idle();
        expect(lanes.keys()).toBe(0);
        for (const ran of order.values()) expect(ran).toEqual([...ran].sort((a, b) => a - b));
        const ran = new Set([...order.values()].flat());
        outcomes.forEach((outcome, index) => {
          const expected = !ran.has(index) ? 'aborted' : plan[index]?.fails ? 'task failed' : 'done';
          expect(outcome).toBe(expected);
        });
      }),
    );
  });
});
