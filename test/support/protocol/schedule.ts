import { createFold } from '../../../src/watch/fold';
import { type FoldOptions, foldOptionsBody, segmentOptions, watchOptions } from '../../../src/watch/options';
import type { FoldState } from '../../../src/watch/state';
import { P0, P1 } from '../../unit/pipeline/rig';
import { buildConfig } from '../builders/ledger-record';
import { seededRandom } from '../builders/random';
import { type Mutant, partOf } from './mutants';
import {
  type GroupPosition,
  type ScoreProcess,
  type Setting,
  startScore,
  startWatch,
  type WatchProcess,
} from './processes';
import { createVirtualTime } from '../virtual-time';
import { type Expected, expectedOf, randomTraffic } from './traffic';
import { createWorld } from './world';

export interface Outcome {
  /** Source records without any effect in the end. */
  readonly lost: number;
  /** What differs from what it must be; empty when all is right. */
  readonly wrong: readonly string[];
  /** What happened on the way: `kill score`, `freeze watch`, ... */
  readonly events: Readonly<Record<string, number>>;
  /** Lines in the ledger beyond the first of their offset. */
  readonly duplicates: number;
  readonly lines: number;
}

const OPTIONS: FoldOptions = {
  segments: segmentOptions.parse({ dimensions: ['product'] }),
  watch: watchOptions.parse({}),
  criteria: ['helpful'],
};
const OTHER_OPTIONS: FoldOptions = {
  ...OPTIONS,
  segments: segmentOptions.parse({ dimensions: ['locale'], producer: [] }),
};
const STEPS = 30;

/** One seeded run of the real protocol through kills, zombies, lost acknowledgements, reorders and rebalances. */
export async function runSchedule(seed: number, mutant: Mutant | null = null): Promise<Outcome> {
  const random = seededRandom(seed);
  const time = createVirtualTime(6);
  const world = createWorld();
  const setting: Setting = { world, random, time, mutant, fold: createFold(OPTIONS), options: OPTIONS };
  const traffic = randomTraffic(random, 8 + random.int(30));
  const events: Record<string, number> = {};
  const group: GroupPosition = { value: 0n };
  /** Ledger position from which lines were written under the second configuration, by process. */
  const changedAt: bigint[] = [];
  let configVersion = 1;
  let produced = 0;
  let names = 0;
  await world.ledger.append([buildConfig({ instance: 'sim', body: foldOptionsBody(OPTIONS) })]);

  let scores: ScoreProcess[] = [];
  let watches: WatchProcess[] = [];
  const newScore = async (assigned: readonly (typeof P0)[]): Promise<ScoreProcess> => {
    const score = await startScore(setting, `s${names++}`, assigned, configVersion);
    scores.push(score);
    return score;
  };
  const newWatch = async (): Promise<void> => void watches.push(await startWatch(setting, `w${names++}`, group));

  const produce = (count: number): void => {
    for (const { at, record } of traffic.slice(produced, produced + count)) {
      world.broker.append(at, { value: JSON.stringify(record), timestamp: time.clock.now() });
      if (random.chance(0.05)) world.broker.skipOffsets(at, 2n);
    }
    produced = Math.min(traffic.length, produced + count);
  };

  /** Partitions go to the members that the group believes alive; a frozen one has been evicted and does not know. */
  const rebalance = (): void => {
    const members = random.shuffle(scores.filter(({ hands }) => !hands.isFrozen()));
    const shares = members.map((): (typeof P0)[] => []);
    for (const at of [P0, P1]) shares[random.int(members.length)]?.push(at);
    members.forEach((member, i) => member.source.assign(shares[i] ?? []));
  };

  const actions: readonly (readonly [string, number, () => Promise<void> | void])[] = [
    ['produce', 3, () => produce(1 + random.int(6))],
    ['answer', 8, () => scores.forEach((score) => score.answerSome())],
    ['time', 6, () => time.advance(random.pick([50, 300, 1000, 1500]))],
    ['lost acks', 1, () => void (world.trouble = { lostAck: random.pick([0, 0.3]), refused: random.pick([0, 0.2]) })],
    [
      'kill score',
      2,
      async () => {
        const dead = random.pick(scores);
        dead.kill();
        scores = scores.filter((score) => score !== dead);
        if (scores.every(({ hands }) => hands.isFrozen())) await newScore([]);
        rebalance();
      },
    ],
    ['join', 1, async () => void (scores.length < 4 && (await newScore([]), rebalance()))],
    ['rebalance', 2, rebalance],
    [
      'freeze score',
      1,
      async () => {
        random.pick(scores).hands.freeze();
        if (scores.every(({ hands }) => hands.isFrozen())) await newScore([]);
        rebalance();
      },
    ],
    [
      'thaw score',
      2,
      async () => {
        const zombie = scores.find(({ hands }) => hands.isFrozen());
        if (zombie === undefined) return;
        zombie.hands.thaw();
        // For a while it still believes in its partitions.
        await time.advance(random.pick([0, 100, 1200]));
        zombie.source.assign([]);
        rebalance();
      },
    ],
    [
      'kill watch',
      2,
      async () => {
        const dead = random.pick(watches);
        dead.kill();
        watches = watches.filter((watch) => watch !== dead);
        if (watches.every(({ hands }) => hands.isFrozen())) await newWatch();
      },
    ],
    [
      'freeze watch',
      1,
      async () => {
        random.pick(watches).hands.freeze();
        if (watches.every(({ hands }) => hands.isFrozen())) await newWatch();
      },
    ],
    ['thaw watch', 1, () => watches.find(({ hands }) => hands.isFrozen())?.hands.thaw()],
    [
      'new config',
      0.5,
      async () => {
        if (configVersion === 2) return;
        configVersion = 2;
        changedAt.push(BigInt(world.ledger.entries.length));
        await world.ledger.append([buildConfig({ instance: 'sim', body: foldOptionsBody(OTHER_OPTIONS) })]);
      },
    ],
  ];
  const weights = actions.reduce((sum, [, weight]) => sum + weight, 0);
  const pickAction = (): (typeof actions)[number] => {
    let left = random.next() * weights;
    for (const action of actions) if ((left -= action[1]) < 0) return action;
    return actions[0] as (typeof actions)[number];
  };

  produce(random.int(traffic.length));
  await newScore([P0]);
  await newScore([P1]);
  await newWatch();
  for (let step = 0; step < STEPS; step++) {
    const [name, , act] = pickAction();
    events[name] = (events[name] ?? 0) + 1;
    await act();
    await time.settle();
  }

  // Everything heals: zombies come back and leave, one member does the rest.
  world.trouble = { lostAck: 0, refused: 0 };
  produce(traffic.length);
  for (const { hands } of [...scores, ...watches]) hands.thaw();
  await time.advance(100);
  for (const score of scores) score.kill();
  for (const watch of watches) if (random.chance(0.5)) watch.kill();
  scores = [];
  const last = await newScore([P0, P1]);
  for (let i = 0; i < 400 && !isAllCommitted(setting, mutant); i++) {
    last.answerSome();
    await time.advance(100);
  }
  await time.advance(2500);
  last.kill();
  for (const watch of watches) watch.kill();
  await time.settle();
  return judgeResult(setting, expectedOf(traffic), group, changedAt[0] ?? null, events);
}

/** A mutant may never come to the end: then its result is judged as it is. */
function isAllCommitted({ world }: Setting, mutant: Mutant | null): boolean {
  const logs = [...world.broker.logs.values()];
  if (mutant === 'commit highest completed') return false;
  return logs.every(({ records, committed }) => (committed ?? 0n) > (records.at(-1)?.offset ?? -1n));
}

async function judgeResult(
  setting: Setting,
  expected: Expected,
  group: GroupPosition,
  changedAt: bigint | null,
  events: Readonly<Record<string, number>>,
): Promise<Outcome> {
  const { world, time, fold, mutant } = setting;
  const entries = world.ledger.entries;
  const wrong: string[] = [];
  let actual: Expected;
  if (mutant === 'ledger partitioned by segment') {
    const versionAt = (position: bigint): number => (changedAt !== null && position >= changedAt ? 2 : 1);
    const parts = ([0, 1] as const).map((part) => {
      const state = fold.initial();
      partOf(entries, part, versionAt).forEach(({ record }, i) =>
        fold.applyEntry(state, { position: BigInt(i), record }),
      );
      return countsOf(fold, state);
    });
    actual = sumOf(parts);
  } else {
    // A last watch takes over from whatever the others have left, and must know what a fold of the whole log knows.
    const { watch, hands } = await startWatch(setting, 'last', group);
    for (let i = 0; i < 100 && watch.position() < BigInt(entries.length); i++) await time.settle();
    const whole = fold.initial();
    for (const entry of entries) fold.applyEntry(whole, entry);
    const snapshot = watch.snapshot();
    actual = countsIn(snapshot.accounting);
    if (JSON.stringify(plain(snapshot)) !== JSON.stringify(plain(fold.snapshot(whole)))) {
      wrong.push('the restored state is not the fold of the log');
    }
    if (snapshot.heldRecords > 0) wrong.push(`${snapshot.heldRecords} records are still held`);
    hands.kill();
    void watch.stop().catch(() => {});
  }
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const [want, got] = [expected[name] ?? 0, actual[name] ?? 0];
    if (want !== got) wrong.push(`${name}: ${got}, not ${want}`);
  }
  const offsets = new Set<string>();
  let lines = 0;
  for (const { record } of entries) {
    if (record.kind !== 'outcome' && record.kind !== 'behaviour') continue;
    lines += 1;
    offsets.add(`${record.source.partition}@${record.source.offset}`);
  }
  const lost = Math.max(0, (expected['in'] ?? 0) - (actual['in'] ?? 0));
  return { lost, wrong, events, lines, duplicates: lines - offsets.size };
}

function countsOf(fold: Setting['fold'], state: FoldState): Expected {
  return countsIn(fold.snapshot(state).accounting);
}

function countsIn(accounting: ReturnType<Setting['fold']['snapshot']>['accounting']): Expected {
  const counts: Record<string, number> = { in: accounting.recordsIn, interactions: accounting.interactions };
  for (const [outcome, count] of Object.entries(accounting.records)) counts[outcome] = count;
  const helpful = accounting.criteria['helpful'];
  if (helpful !== undefined) {
    for (const [result, count] of Object.entries(helpful.results)) counts[`result ${result}`] = count;
    counts['pass'] = helpful.pass;
    counts['fail'] = helpful.fail;
  }
  return counts;
}

function sumOf(parts: readonly Expected[]): Expected {
  const total: Record<string, number> = {};
  for (const part of parts) for (const [name, count] of Object.entries(part)) total[name] = (total[name] ?? 0) + count;
  return total;
}

function plain(snapshot: ReturnType<Setting['fold']['snapshot']>): unknown {
  return JSON.parse(
    JSON.stringify(snapshot, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}
