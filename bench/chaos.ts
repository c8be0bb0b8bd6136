import { FAILPOINTS, type FailpointName } from '../src/platform/failpoint';
import { accountFor } from './chaos/account';
import { type FaultEvent, killAt, killBroker, moveLeader, OWNER_STEPS, stormOfJoins, zombie } from './chaos/faults';
import { openStage, SESSION_TIMEOUT_MS } from './chaos/stage';
import { finish, flagValue, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s chaos -- [--json] [--quick] [--seed N] [--cycles N] [--step NAME] [--logs FOLDER]
 *
 * Real brokers, two real processes of one monitor, a slow judge, traffic that never stops. `--cycles N` (default 24)
 * kills -9, in turn at each failpoint; then a broker is killed and comes back, the leader moves (with 12 cycles or
 * more, on three nodes), members join and leave in a storm, a process stands still and comes back. Afterwards the topics
 * are read, and every record accounted for.
 *
 * `--step NAME` kills at one failpoint only; `--logs FOLDER` keeps what the two processes log.
 *
 * About 15 s a cycle; the storm of 100 joins takes 5 minutes with 24 cycles or more, else 8 joins are made.
 */
const DEFAULT_CYCLES = 24;
const RECORDS_PER_SECOND = 10;
const STORM = { joins: 100, everyMs: 3_000 };
const SHORT_STORM = { joins: 8, everyMs: 3_000 };
const FROZEN_MS = 15_000;

runScript(async () => {
  const flags = scriptFlags();
  const cycles = Number(flagValue('--cycles') ?? (flags.quick ? 2 : DEFAULT_CYCLES));
  if (!Number.isInteger(cycles) || cycles < 1) throw new Error('--cycles wants a whole number of at least 1');
  const only = flagValue('--step');
  const steps = only === null ? FAILPOINTS : [only as FailpointName];
  const logs = flagValue('--logs');
  const isLong = cycles >= 12;
  const storm = cycles >= 24 ? STORM : SHORT_STORM;
  const say = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

  const stage = await openStage({
    nodes: isLong ? 3 : 1,
    recordsPerSecond: RECORDS_PER_SECOND,
    ...(logs === null ? {} : { logs }),
  });
  const events: FaultEvent[] = [];
  try {
    await stage.b.start();
    for (let i = 0; i < cycles; i++) {
      const step = steps[i % steps.length] as FailpointName;
      // Another count the second time round, so that it is not the same moment again.
      const count = 2 + Math.floor(i / steps.length);
      events.push(...(await killAt(stage, step, OWNER_STEPS.includes(step) ? 1 : count)));
      say(`kill ${i + 1} of ${cycles} at ${step}`);
    }
    const joinedAt = Date.now();
    await stage.a.start();
    events.push({ kind: 'join', detail: 'a', instance: 'a', at: joinedAt, until: Date.now() });
    events.push(...(await killBroker(stage, 1)));
    say('broker killed and back');
    if (isLong) {
      events.push(...(await moveLeader(stage)));
      say('leader moved');
    }
    events.push(...(await zombie(stage, FROZEN_MS)));
    say('zombie came back');
    events.push(...(await stormOfJoins(stage, storm.joins, storm.everyMs)));
    say('storm is over');
    await stage.stopTraffic();
    say('traffic stopped');
    await stage.caughtUp(60_000);
    say('all is committed');
    const drains = await Promise.all([stage.a.stop(), stage.b.stop()]);

    say('both have stopped');
    const account = await accountFor(stage, events);
    const extra = Math.max(0, ...account.kills.map(({ extraCalls }) => extraCalls));
    const inFlight = Math.max(0, ...account.kills.map((kill) => kill.inFlight));
    const recovery = Math.max(0, ...account.kills.map(({ recoverySeconds }) => recoverySeconds));
    const stormRatio = account.storm.items === 0 ? null : account.storm.extraCalls / account.storm.items;
    const drainExit = Math.max(...drains.map(({ code }) => code ?? 1));
    const tooMany = account.kills.filter((kill) => kill.extraCalls > kill.inFlight);
    const table = [
      `${'killed at'.padEnd(22)} ${'calls again'.padStart(12)} ${'in flight'.padStart(10)} ${'recovery s'.padStart(11)}`,
      ...account.kills.map(
        ({ at, extraCalls, inFlight: open, recoverySeconds }) =>
          `${at.padEnd(22)} ${String(extraCalls).padStart(12)} ${String(open).padStart(10)} ${recoverySeconds.toFixed(1).padStart(11)}`,
      ),
      `${account.records} records, ${account.lost} lost, ${account.doubled} doubled, ${account.repeatedLines} lines written again`,
      `${account.gaps} gaps left in the source, ${account.gapAlerts} alerts about them`,
      `calls paid again: ${JSON.stringify(account.extraByKind)}; storm of ${storm.joins} joins: ${account.storm.extraCalls} of ${account.storm.items}`,
      `drained with exit codes ${drains.map(({ code, ms }) => `${code} (${ms} ms)`).join(', ')}`,
    ];
    finish(flags, table.join('\n'), {
      cycles,
      records: account.records,
      judge_calls: stage.judge.calls.length,
      lost: account.lost,
      doubled: account.doubled,
      alerts_due: account.gaps,
      alerts_told: account.gapAlerts,
      extra_calls_max_per_kill: extra,
      in_flight_max: inFlight,
      kills_above_in_flight: tooMany.length,
      storm_joins: storm.joins,
      storm_duplicate_ratio: stormRatio,
      recovery_seconds_max: recovery,
      session_timeout_seconds: SESSION_TIMEOUT_MS / 1000,
      drain_exit: drainExit,
      drain_ms_max: Math.max(...drains.map(({ ms }) => ms)),
    });
    // Without calls to pay there is nothing that a kill could have cost.
    const isIdle = stage.judge.calls.length < account.records;
    const alertsMissed = account.gapAlerts !== account.gaps;
    if (account.lost > 0 || account.doubled > 0 || alertsMissed || drainExit !== 0 || isIdle) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`a: ${stage.a.stderr().slice(-3000)}\nb: ${stage.b.stderr().slice(-3000)}\n`);
    throw error;
  } finally {
    await stage.close();
  }
});
