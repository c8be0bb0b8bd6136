import { createBudgetedCascade } from '../../../../src/compose/cascade/budgeted';
import type { Cascade, JudgingRequest } from '../../../../src/judge/cascade-port';
import { unasked } from '../../../../src/judge/settle';
import { createLeaseMeter, type LeaseMeter } from '../../../../src/policy/lease-meter';
import { INITIAL_POLICY, type Policy } from '../../../../src/policy/policy';
import { buildInteraction } from '../../../support/builders/interaction';

const COST = 0.4;
const judged: Cascade = {
  notSampled: () => ({ criteria: [unasked('helpful', 'not_sampled')], trail: [], costUsd: 0 }),
  judge: () =>
    Promise.resolve({ criteria: [{ ...unasked('helpful', 'unjudged'), result: 'scored' }], trail: [], costUsd: COST }),
};

/** Timers that a test lets go off. */
function manualTimers() {
  const due: (() => void)[] = [];
  return {
    fire: () => due.splice(0).forEach((run) => run()),
    after: (_ms: number, run: () => void) => {
      due.push(run);
      return () => void due.splice(0, due.length, ...due.filter((one) => one !== run));
    },
  };
}

function paying(meter: LeaseMeter, timers = manualTimers(), now = () => 1_000): Cascade {
  return createBudgetedCascade({
    inner: judged,
    meter,
    ceilings: [{ where: { product: 'support' }, monthlyUsd: 10 }],
    boundUsd: () => 0.5,
    now,
    timers,
  });
}

const request = (more: Partial<JudgingRequest> = {}, policy: Partial<Policy> = {}): JudgingRequest => ({
  source: { topic: 't', partition: 0, offset: 1n },
  interaction: buildInteraction({ segments: { product: 'support' } }),
  sampling: { sampled: true, probability: 1, upstreamProbability: 1, cell: 'default' },
  failedChecks: [],
  policy: { ...INITIAL_POLICY, ...policy },
  signal: new AbortController().signal,
  ...more,
});

const lease = (amountUsd: number, more: { sequence?: number; issuedAt?: number } = {}) => ({
  partition: 't/0',
  sequence: 1,
  amountUsd,
  issuedAt: 0,
  validUntil: 10_000,
  spentBefore: 0,
  ...more,
});

const results = async (cascade: Cascade, one: JudgingRequest) =>
  (await cascade.judge(one)).criteria.map(({ result, unjudgedReason }) => unjudgedReason ?? result);

describe('judging under a budget', () => {
  it('begins what a lease pays for, and gives back what was reserved beyond the cost', async () => {
    const meter = createLeaseMeter();
    meter.onLease(lease(1));
    const cascade = paying(meter);
    expect(await results(cascade, request())).toEqual(['scored']);
    // 0.4 spent: the bound of 0.5 still fits into what is left of 1.
    expect(await results(cascade, request())).toEqual(['scored']);
    expect(await results(cascade, request())).toEqual(['over_budget']);
  });

  it('does checks only without a lease: unjudged with its reason, never a score', async () => {
    expect(await results(paying(createLeaseMeter()), request())).toEqual(['over_budget']);
  });

  it('keeps reserved what broke off, for it may have been billed', async () => {
    const meter = createLeaseMeter();
    meter.onLease(lease(0.9));
    const failing = createBudgetedCascade({
      inner: { ...judged, judge: () => Promise.reject(new Error('broken')) },
      meter,
      ceilings: [],
      boundUsd: () => 0.5,
      now: () => 1_000,
      timers: manualTimers(),
    });
    await expect(failing.judge(request())).rejects.toThrow('broken');
    expect(await results(paying(meter), request())).toEqual(['over_budget']);
  });

  it('waits for the first lease after an assignment, and not for ever', async () => {
    const meter = createLeaseMeter();
    const timers = manualTimers();
    meter.onAssigned('t/0', 900);
    const cascade = paying(meter, timers);
    const leased = results(cascade, request());
    meter.onLease(lease(5, { issuedAt: 950 }));
    expect(await leased).toEqual(['scored']);
    meter.onAssigned('t/0', 990);
    const unleased = results(cascade, request());
    timers.fire();
    expect(await unleased).toEqual(['over_budget']);
  });

  it('stops waiting when the item’s time is up', async () => {
    const meter = createLeaseMeter();
    meter.onAssigned('t/0', 900);
    const abort = new AbortController();
    const waiting = results(paying(meter), request({ signal: abort.signal }));
    abort.abort();
    expect(await waiting).toEqual(['over_budget']);
  });

  it('judges nothing on the last rung, nor what has reached its own ceiling, and the rest as before', async () => {
    const meter = createLeaseMeter();
    meter.onLease(lease(100));
    const cascade = paying(meter);
    expect(await results(cascade, request({}, { mode: 'checks_only' }))).toEqual(['over_budget']);
    const closed = { closedCeilings: ['product=support'] };
    expect(await results(cascade, request({}, closed))).toEqual(['over_budget']);
    const other = buildInteraction({ segments: { product: 'search' } });
    expect(await results(cascade, request({ interaction: other }, closed))).toEqual(['scored']);
  });
});
