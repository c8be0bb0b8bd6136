import { createOutbox, type Outbox } from '../../../src/compose/outbox';
import { MonitorError } from '../../../src/domain/error';
import { silentLogger } from '../../../src/platform/logger';

describe('an outbox', () => {
  let now: number;
  let published: string[];
  let failure: MonitorError | null;
  let outbox: Outbox<string>;

  beforeEach(() => {
    now = 0;
    published = [];
    failure = null;
    outbox = createOutbox<string>({
      publish: (values) => {
        if (failure !== null) return Promise.reject(failure);
        published.push(...values);
        return Promise.resolve();
      },
      monotonicMs: () => now,
      logger: silentLogger,
      what: 'sessions',
    });
  });

  it('publishes nothing while another process owns the ledger, and what it holds once it owns it', async () => {
    outbox.add('a');
    await outbox.flush();
    expect(published).toEqual([]);
    outbox.setOwner(true);
    outbox.add('b');
    await outbox.flush();
    await outbox.flush();
    expect(published).toEqual(['a', 'b']);
  });

  it('forgets what the owner before must have published', async () => {
    outbox.add('old');
    now = 10 * 60_000;
    outbox.add('young');
    outbox.setOwner(true);
    await outbox.flush();
    expect(published).toEqual(['young']);
  });

  it('keeps what could not be published, in order, and says so', async () => {
    outbox.setOwner(true);
    outbox.add('a');
    failure = new MonitorError('KAFKA_UNREACHABLE', 'no broker');
    await expect(outbox.flush()).rejects.toThrow('no broker');
    outbox.add('b');
    failure = null;
    await outbox.flush();
    expect(published).toEqual(['a', 'b']);
  });

  it('leaves out what will never be taken, so that the rest goes on', async () => {
    outbox.setOwner(true);
    outbox.add('a');
    failure = new MonitorError('KAFKA_DENIED', 'not allowed');
    await outbox.flush();
    failure = null;
    outbox.add('b');
    await outbox.flush();
    expect(published).toEqual(['b']);
  });
});
