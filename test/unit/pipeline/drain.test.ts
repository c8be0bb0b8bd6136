import { MonitorError } from '../../../src/domain/error';
import { createDeferred } from '../../../src/platform/deferred';
import { buildUnjudgedVerdict } from '../../support/builders/verdict';
import { heldJudge, P0, summary, turn } from './rig';
import { rigsOfTests } from './rigs-of-tests';

const rigOf = rigsOfTests();
const unreachable = (): Error => new MonitorError('KAFKA_UNREACHABLE', 'down');

describe('the end', () => {
  it('finishes a finite input with a final marker', async () => {
    const rig = rigOf();
    for (let i = 0; i < 25; i++) rig.put(turn(`i-${i}`));
    await rig.pipeline.start();
    await rig.time.settle();
    rig.source.end();
    await rig.pipeline.finished;
    expect(rig.lines()).toHaveLength(25);
    expect(rig.markers().at(-1)).toMatchObject({ final: true, positions: [{ offset: 25n }] });
    expect(rig.broker.committed(P0)).toBe(25n);
    expect(rig.pipeline.state().status).toBe('stopped');
  });

  it('drains: started judge calls finish, unbegun records go back, the last marker is committed', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge, options: { concurrency: 2 } });
    for (let i = 0; i < 5; i++) rig.put(turn(`i-${i}`));
    await rig.pipeline.start();
    await rig.time.settle();
    const report = rig.pipeline.drain(10_000);
    expect(rig.pipeline.drain(10_000)).toBe(report);
    await rig.time.advance(500);
    held.releaseAll();
    await expect(report).resolves.toEqual({ completed: 2, abandoned: 0, returned: 3 });
    expect(rig.broker.committed(P0)).toBe(2n);
    expect(rig.markers().at(-1)).toMatchObject({ final: false });
    await rig.pipeline.finished;
  });

  it('gives back at once what another call would have to judge, once it drains', async () => {
    const calls = new Set<string>();
    const leaving = createDeferred();
    // The first item's call is in flight when the drain begins; the second waits for its turn with the judge.
    const held = heldJudge();
    const rig = rigOf({
      judge: async (request) => {
        const { interactionId } = request.interaction;
        if (interactionId === 'i-1') {
          await leaving.promise;
          return [buildUnjudgedVerdict('deadline')];
        }
        calls.add(interactionId);
        return held.judge(request);
      },
      deps: { onLeaving: () => leaving.resolve() },
    });
    rig.put(turn('i-0'));
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    const report = rig.pipeline.drain(10_000);
    await rig.time.settle();
    held.release('i-0');
    await expect(report).resolves.toEqual({ completed: 1, abandoned: 0, returned: 1 });
    expect([...calls]).toEqual(['i-0']);
    expect(summary(rig)).toEqual(['p0@0=judged']);
    expect(rig.broker.committed(P0)).toBe(1n);
  });

  it('keeps a verdict without a score where it does not drain', async () => {
    const rig = rigOf({ judge: () => Promise.resolve([buildUnjudgedVerdict('deadline')]) });
    rig.put(turn('i-0'));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(summary(rig)).toHaveLength(1);
  });

  it('abandons at the deadline what is still with a judge, and publishes nothing of it', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge, options: { itemDeadlineMs: 60_000 } });
    rig.put(turn('i-0'));
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    const report = rig.pipeline.drain(10_000);
    held.release('i-0');
    await rig.time.advance(8000);
    await expect(report).resolves.toEqual({ completed: 1, abandoned: 1, returned: 0 });
    expect(summary(rig)).toEqual(['p0@0=judged']);
    expect(rig.broker.committed(P0)).toBe(1n);
  });

  it('fails a drain whose last marker cannot be written', async () => {
    const rig = rigOf();
    rig.put(turn('i-0'));
    await rig.pipeline.start();
    await rig.time.settle();
    rig.ledger.fail(unreachable());
    const report = rig.pipeline.drain(2000);
    const failed = expect(report).rejects.toMatchObject({ code: 'DRAIN_FAILED', exitCode: 4 });
    await rig.time.advance(2000);
    await failed;
    expect(rig.time.pending()).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const rig = rigOf();
    rig.put(turn('i-0'));
    await rig.pipeline.start();
    await rig.time.advance(1500);
    await rig.pipeline.stop();
    await rig.time.settle();
    expect(rig.time.pending()).toBe(0);
  });
});
