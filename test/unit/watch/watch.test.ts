import { createFold } from '../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { createWatch } from '../../../src/watch/watch';
import { at, buildMarker, buildOutcome } from '../../support/builders/ledger-record';
import { eventually } from '../../support/eventually';
import { createMemoryLedger } from '../../support/fakes/memory-ledger';

const fold = createFold({ segments: segmentOptions.parse({}), watch: watchOptions.parse({}), criteria: ['helpful'] });

describe('watch', () => {
  it('reads the log to its end and tells what it knows', async () => {
    const ledger = createMemoryLedger();
    await ledger.append([buildOutcome(at(0)), buildOutcome(at(1)), buildMarker([at(2)])]);
    const watch = createWatch({ reader: ledger, fold, follow: false });
    watch.start();
    await watch.done;
    expect(watch.position()).toBe(3n);
    expect(watch.snapshot().accounting.recordsIn).toBe(2);
    expect(watch.snapshot()).toBe(watch.snapshot());
  });

  it('follows the log, says when figures may have moved, and stops', async () => {
    const ledger = createMemoryLedger();
    let moved = 0;
    const watch = createWatch({ reader: ledger, fold, follow: true, onProgress: () => void moved++ });
    watch.start();
    await ledger.append([buildOutcome(at(0))]);
    await eventually(() => watch.position() === 1n);
    expect([moved, watch.snapshot().heldRecords]).toEqual([0, 1]);
    await ledger.append([buildMarker([at(1)])]);
    await eventually(() => watch.snapshot().accounting.recordsIn === 1);
    expect(moved).toBe(1);
    await watch.stop();
    await watch.done;
  });

  it('passes on that the log cannot be read', async () => {
    const broken = { read: () => ({ done: Promise.reject(new Error('torn')), stop: () => Promise.resolve() }) };
    const watch = createWatch({ reader: broken, fold, follow: true });
    watch.start();
    await expect(watch.done).rejects.toThrow('torn');
  });
});
