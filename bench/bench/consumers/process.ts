/** A consumer in a process of its own: its heap and its compiled code are not shared with what it is compared with. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { collectGarbage } from '../measure';
import { consumeBare } from './bare';
import { consumeByHand, consumeByHandRedacting } from './by-hand';
import type { Consume, Job, Reading } from './consumer';
import { consumeAsMonitor, consumeUnread } from './monitor';

export const CONSUMERS = {
  bare: consumeBare,
  byHand: consumeByHand,
  byHandRedacting: consumeByHandRedacting,
  monitor: consumeAsMonitor,
  unread: consumeUnread,
} satisfies Readonly<Record<string, Consume>>;
export type ConsumerName = keyof typeof CONSUMERS;

export type Answer = { readonly reading: Reading } | { readonly failure: string };

async function read(consume: Consume, job: Job): Promise<Reading> {
  collectGarbage();
  const lag = monitorEventLoopDelay({ resolution: 10 });
  let before: NodeJS.CpuUsage | null = null;
  let startedAt = 0;
  let reading: Reading | null = null;
  await consume(job, {
    start() {
      if (before !== null) return;
      startedAt = performance.now();
      lag.enable();
      before = process.cpuUsage();
    },
    stop() {
      const { user, system } = process.cpuUsage(before ?? undefined);
      lag.disable();
      reading = {
        cpuUs: user + system,
        wallMs: performance.now() - startedAt,
        records: job.records,
        loopLagMs: lag.percentile(99) / 1e6,
      };
    },
  });
  if (reading === null) throw new Error('the consumer did not say when it was done');
  return reading;
}

if (require.main === module) {
  const consume = CONSUMERS[process.argv[2] as ConsumerName];
  process.on('message', (job: Job) => {
    read(consume, job).then(
      (reading) => process.send?.({ reading } satisfies Answer),
      (failure: unknown) =>
        process.send?.({
          failure: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure),
        } satisfies Answer),
    );
  });
  process.once('disconnect', () => process.exit(0));
}
