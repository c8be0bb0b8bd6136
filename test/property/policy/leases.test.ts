import fc from 'fast-check';
import { createCalendar } from '../../../src/policy/calendar';
import { INITIAL_KEEPER, type KeeperState, stepKeeper } from '../../../src/policy/keeper';
import { createLeaseMeter, type LeaseMeter } from '../../../src/policy/lease-meter';
import { budgetOptions } from '../../../src/policy/options';
import { createSpend, recordSpend } from '../../../src/policy/spend';
import { seededRandom } from '../../support/builders/random';

const START = Date.UTC(2026, 5, 1);
const PARTITIONS = ['t/0', 't/1', 't/2', 't/3', 't/4'];
const BOUND = 0.05;
const SETTLE_MS = 5_000;

interface World {
  readonly replicas: number;
  readonly seed: number;
  readonly budget: number;
  /** Items a partition gets in a second. */
  readonly load: number;
  readonly leaseSeconds: number;
}

interface Run {
  readonly paid: number;
  readonly largestLease: number;
  readonly judged: number;
  readonly refused: number;
}

/**
 * SCORE replicas that come and go, WATCH that learns of spending only when a record reaches the ledger, seconds later.
 * Leaving is orderly: what is in flight ends and is recorded.
 */
function play({ replicas, seed, budget, load, leaseSeconds }: World): Run {
  const generator = seededRandom(seed);
  const random = (): number => generator.next();
  const options = budgetOptions.parse({ monthlyUsd: budget, goldenShare: 0, pacing: 'none', leaseSeconds });
  const terms = { budget: options, calendar: createCalendar('UTC'), settleMs: SETTLE_MS };
  const spend = createSpend();
  let keeper: KeeperState = INITIAL_KEEPER;
  let meters: LeaseMeter[] = [];
  const owner = new Map<string, LeaseMeter>();
  const late: { readonly due: number; readonly partition: string; readonly usd: number; readonly at: number }[] = [];
  const inFlight: { readonly ends: number; readonly settle: () => void }[] = [];
  let [paid, largestLease, judged, refused] = [0, 0, 0, 0];

  const assign = (now: number): void => {
    for (const partition of PARTITIONS) {
      const meter = meters[Math.floor(random() * meters.length)]!;
      if (owner.get(partition) === meter) continue;
      owner.set(partition, meter);
      meter.onAssigned(partition, now);
    }
  };

  for (let second = 0; second < 600; second++) {
    const now = START + second * 1000;
    if (second % 20 === 0) {
      const wanted = 1 + Math.floor(random() * replicas);
      meters = Array.from({ length: wanted }, (_, i) => (random() < 0.5 ? meters[i] : undefined) ?? createLeaseMeter());
      assign(now);
    }
    for (const call of inFlight.splice(0)) {
      if (call.ends <= now) call.settle();
      else inFlight.push(call);
    }
    for (const entry of late.splice(0)) {
      if (entry.due <= now)
        recordSpend(spend, { at: entry.at, partition: entry.partition, usd: entry.usd, ceilings: [] });
      else late.push(entry);
    }
    const step = stepKeeper(keeper, { now, spend, partitions: PARTITIONS, pausedJudges: [], weightings: [] }, terms);
    keeper = step.state;
    for (const lease of step.leases) {
      largestLease = Math.max(largestLease, lease.amountUsd);
      for (const meter of meters) meter.onLease(lease);
    }
    for (const partition of PARTITIONS) {
      for (let item = 0; item < load; item++) {
        const reservation = owner.get(partition)!.reserve(partition, BOUND, now);
        if (reservation === null) {
          refused += 1;
          continue;
        }
        judged += 1;
        const usd = BOUND * random();
        const ends = now + Math.floor(random() * 3_000);
        paid += usd;
        inFlight.push({ ends, settle: () => reservation.settle(usd) });
        late.push({ due: ends + 1_500, partition, usd, at: now });
      }
    }
  }
  return { paid, largestLease, judged, refused };
}

describe('leases of budget', () => {
  it('never let any number of replicas that join and leave spend more than the budget plus one lease', () => {
    fc.assert(
      fc.property(
        fc.record({
          replicas: fc.integer({ min: 1, max: 8 }),
          seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
          budget: fc.double({ min: 1, max: 400, noNaN: true }),
          load: fc.integer({ min: 1, max: 6 }),
          leaseSeconds: fc.integer({ min: 5, max: 120 }),
        }),
        (world) => {
          const { paid, largestLease } = play(world);
          expect(paid).toBeLessThanOrEqual(world.budget + largestLease);
        },
      ),
      { numRuns: 60, seed: 20260601 },
    );
  });

  it('spend nearly all of a budget that is too small, and then judge nothing more', () => {
    const run = play({ replicas: 4, seed: 7, budget: 60, load: 4, leaseSeconds: 10 });
    expect(run.paid).toBeGreaterThan(0.8 * 60);
    expect(run.refused).toBeGreaterThan(0);
  });

  it('refuse next to nothing while the budget lasts', () => {
    const run = play({ replicas: 4, seed: 7, budget: 40_000, load: 4, leaseSeconds: 12 });
    expect(run.refused / (run.refused + run.judged)).toBeLessThan(0.15);
  });

  it('are not spent by a replica that got the partition after they were granted', () => {
    const meter = createLeaseMeter();
    const lease = { partition: 't/0', sequence: 1, amountUsd: 1, issuedAt: 100, validUntil: 1_000, spentBefore: 0 };
    meter.onAssigned('t/0', 200);
    meter.onLease(lease);
    expect(meter.reserve('t/0', 0.1, 300)).toBeNull();
    meter.onLease({ ...lease, sequence: 2, issuedAt: 250 });
    expect(meter.reserve('t/0', 0.1, 300)).not.toBeNull();
  });

  it('end with their time, and hold what is in flight at its upper bound', () => {
    const meter = createLeaseMeter();
    meter.onLease({ partition: 't/0', sequence: 1, amountUsd: 1, issuedAt: 0, validUntil: 1_000, spentBefore: 0 });
    const first = meter.reserve('t/0', 0.6, 10);
    expect(meter.reserve('t/0', 0.6, 10)).toBeNull();
    first?.settle(0.1);
    expect(meter.reserve('t/0', 0.6, 10)).not.toBeNull();
    expect(meter.reserve('t/0', 0.01, 1_000)).toBeNull();
  });
});
