import fc from 'fast-check';
import type { CriterionVerdict } from '../../../src/domain/verdict';
import type { JudgingRequest } from '../../../src/judge/cascade-port';
import type { LedgerWriter } from '../../../src/ledger/port';
import { createFold, type FoldSnapshot } from '../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { seededRandom, type SeededRandom } from '../../support/builders/random';
import {
  buildCriterionVerdict,
  buildEscalatedVerdict,
  buildNotApplicableVerdict,
  buildUnjudgedVerdict,
} from '../../support/builders/verdict';
import { createMemoryLedger, type MemoryLedger } from '../../support/fakes/memory-ledger';
import { createMemoryBroker, createMemorySource, type OpenMemoryBroker } from '../../support/fakes/memory-source';
import { createRig, P0, P1, type Rig, skippedTurn, type TestRecord, TOPIC, turn } from '../../unit/pipeline/rig';

const fold = createFold({
  segments: segmentOptions.parse({ dimensions: ['product'] }),
  watch: watchOptions.parse({}),
  criteria: ['helpful'],
});
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** What became of the records in the end: all that must not depend on what happened on the way. */
function resultOf(ledger: MemoryLedger): unknown {
  const state = fold.initial();
  for (const entry of ledger.entries) fold.applyEntry(state, entry);
  const { accounting, estimates, watermarks, heldRecords }: FoldSnapshot = fold.snapshot(state);
  const label = (e: FoldSnapshot['estimates'][number]): string =>
    `${e.segment.dimension}=${e.segment.value} ${e.panel}`;
  const sorted = [...estimates].sort((a, b) => (label(a) < label(b) ? -1 : 1));
  return { accounting, estimates: sorted, watermarks, heldRecords };
}

function randomRecord(random: SeededRandom, index: number): TestRecord {
  const kind = random.int(20);
  if (kind === 0) return { kind: 'filtered' };
  if (kind === 1) return { kind: 'fault' };
  if (kind === 2) return { kind: 'behaviour' };
  if (kind === 3) return { kind: 'check_bug', interaction: { interactionId: `bug-${index}` } };
  if (kind === 4) return { kind: 'decoder_bug' };
  const product = random.pick(['support', 'search']);
  const conversationId = `c-${random.int(6)}`;
  if (kind < 9) return skippedTurn(`i-${index}`, { conversationId });
  // Few enough ids that some are sent twice; a copy is a copy, in every field.
  const id = random.int(30);
  return turn(`s-${id}`, { conversationId: `c-s-${id}`, segments: { product: id % 2 === 0 ? product : 'support' } });
}

/** Copies of one interaction are equal, as a producer that sends again sends the same. */
function withEqualCopies(records: readonly TestRecord[]): TestRecord[] {
  const first = new Map<string, TestRecord>();
  return records.map((record) => {
    if (record.kind !== 'interaction' || record.interaction?.interactionId === undefined) return record;
    const id = record.interaction.interactionId;
    const known = first.get(id) ?? record;
    first.set(id, known);
    return known;
  });
}

/** Scores are dyadic, so that sums are exact in any order. */
function verdictOf(id: string): CriterionVerdict {
  const n = [...id].reduce((hash, unit) => (hash * 31 + unit.charCodeAt(0)) >>> 0, 7);
  const cheap = (n % 17) / 16;
  if (n % 7 === 0) return buildUnjudgedVerdict('timeout');
  if (n % 7 === 1) return buildNotApplicableVerdict();
  if (n % 7 < 4) return buildEscalatedVerdict(cheap, (n % 5) / 4, n % 2 === 0 ? 0.25 : 1);
  return buildCriterionVerdict({ score: cheap, pass: cheap >= 0.5, estimatorValue: cheap });
}

function filledBroker(random: SeededRandom, count: number): OpenMemoryBroker {
  const broker = createMemoryBroker({ [TOPIC]: 2 });
  const records = withEqualCopies(Array.from({ length: count }, (_, i) => randomRecord(random, i)));
  for (const record of records) {
    broker.append(random.chance(0.5) ? P0 : P1, { value: JSON.stringify(record) });
    if (random.chance(0.1)) broker.skipOffsets(P0, 2n);
  }
  return broker;
}

/** A judge whose answers come in a random order, some of them after time has passed. */
function erraticJudge(random: SeededRandom): {
  readonly judge: (request: JudgingRequest) => Promise<readonly CriterionVerdict[]>;
  readonly answerSome: () => void;
} {
  let waiting: (() => void)[] = [];
  return {
    judge: ({ interaction, signal }) => {
      const answer = [verdictOf(interaction.interactionId)];
      if (random.chance(0.3)) return Promise.resolve(answer);
      return new Promise((resolve) => {
        waiting.push(() => resolve(answer));
        signal.addEventListener('abort', () => resolve([buildUnjudgedVerdict('deadline')]), { once: true });
      });
    },
    answerSome() {
      const due = random.shuffle(waiting).slice(0, 1 + random.int(waiting.length));
      waiting = waiting.filter((answer) => !due.includes(answer));
      for (const answer of due) answer();
    },
  };
}

/** The undisturbed run over the same records. */
async function calmResult(seed: number, count: number): Promise<unknown> {
  const ledger = createMemoryLedger();
  const rig = createRig({
    broker: filledBroker(seededRandom(seed), count),
    ledger,
    judge: ({ interaction }) => Promise.resolve([verdictOf(interaction.interactionId)]),
    options: { itemDeadlineMs: 10_000_000 },
  });
  await runToEnd(rig, () => {});
  return resultOf(ledger);
}

/** Every step at which the process may die, and whether the step still took effect. */
interface Death {
  readonly step: 'verdicts' | 'dead letters' | 'ledger' | 'marker' | 'commit';
  readonly nth: number;
  readonly effective: boolean;
}

/** Runs until the death, then stops as a killed process does: nothing has an effect any more. */
async function runUntilDeath(broker: OpenMemoryBroker, ledger: MemoryLedger, random: SeededRandom, death: Death) {
  let alive = true;
  let dead = (): void => {};
  const died = new Promise<void>((resolve) => (dead = resolve));
  const seen = { verdicts: 0, 'dead letters': 0, ledger: 0, marker: 0, commit: 0 };
  const never = new Promise<never>(() => {});
  const mortal = async (step: Death['step'], work: () => Promise<void>): Promise<void> => {
    if (!alive) return never;
    seen[step] += 1;
    if (step !== death.step || seen[step] !== death.nth) return work();
    alive = false;
    if (death.effective) await work();
    dead();
    return never;
  };
  const writer: LedgerWriter = {
    append: (records) => mortal(records[0]?.kind === 'marker' ? 'marker' : 'ledger', () => ledger.append(records)),
    close: () => Promise.resolve(),
  };
  const real = createMemorySource({ broker });
  const { judge, answerSome } = erraticJudge(random);
  const rig = createRig({
    broker,
    ledger,
    judge,
    attempt: String(random.int(1e9)),
    deps: {
      ledger: writer,
      verdicts: { publish: () => mortal('verdicts', () => Promise.resolve()), close: () => Promise.resolve() },
      deadLetters: { publish: () => mortal('dead letters', () => Promise.resolve()), close: () => Promise.resolve() },
      source: { ...real, commit: (positions, epoch) => mortal('commit', () => real.commit(positions, epoch)) },
    },
    options: { itemDeadlineMs: 10_000_000, batchRecords: 7 },
  });
  await rig.pipeline.start();
  let isDead = false;
  void died.then(() => (isDead = true));
  for (let i = 0; i < 60 && !isDead; i++) {
    answerSome();
    await rig.time.advance(100);
  }
  // It may have been done before it could die; either way it is gone now, without a last word.
  alive = false;
  await rig.pipeline.stop();
}

describe('the delivery protocol', () => {
  it('adds up over every mix of records and every order of completion', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const random = seededRandom(seed);
        const count = 10 + random.int(50);
        const broker = filledBroker(random, count);
        const ledger = createMemoryLedger();
        const { judge, answerSome } = erraticJudge(random);
        const rig = createRig({
          broker,
          ledger,
          judge,
          options: {
            itemDeadlineMs: 10_000_000,
            batchRecords: 1 + random.int(10),
            concurrency: 1 + random.int(8),
            window: { maxBytes: 1_000_000, maxRecords: 5 + random.int(50), resumeRatio: 0.5 },
          },
        });
        await runToEnd(rig, answerSome);
        const state = fold.initial();
        for (const entry of ledger.entries) fold.applyEntry(state, entry);
        const { accounting, heldRecords, final } = fold.snapshot(state);
        const total = Object.values(accounting.records).reduce((sum, n) => sum + n, 0);
        expect({ heldRecords, final, recordsIn: accounting.recordsIn, total }).toEqual({
          heldRecords: 0,
          final: true,
          recordsIn: count,
          total: count,
        });
        for (const { results, unjudged, pass, fail } of Object.values(accounting.criteria)) {
          const sum = results.scored + results.unjudged + results.not_applicable + results.not_sampled;
          expect(sum).toBe(accounting.interactions);
          expect(Object.values(unjudged).reduce((n, of) => n + of, 0)).toBe(results.unjudged);
          expect(pass + fail).toBe(results.scored);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('comes to the same result as an undisturbed run, wherever the process is killed, again and again', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const random = seededRandom(seed);
        const count = 10 + random.int(40);
        const broker = filledBroker(seededRandom(seed), count);
        const ledger = createMemoryLedger();
        for (let deaths = 1 + random.int(4); deaths > 0; deaths--) {
          await runUntilDeath(broker, ledger, random, {
            step: random.pick(['verdicts', 'dead letters', 'ledger', 'marker', 'commit'] as const),
            nth: 1 + random.int(3),
            effective: random.chance(0.5),
          });
        }
        const { judge, answerSome } = erraticJudge(random);
        const last = createRig({ broker, ledger, judge, options: { itemDeadlineMs: 10_000_000 } });
        await runToEnd(last, answerSome);
        expect(resultOf(ledger)).toEqual(await calmResult(seed, count));
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('is not misled by a zombie that wakes up after its partitions were taken over', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const random = seededRandom(seed);
        const count = 10 + random.int(30);
        const broker = filledBroker(seededRandom(seed), count);
        const ledger = createMemoryLedger();
        const sleepy = erraticJudge(random);
        const zombie = createRig({
          broker,
          ledger,
          judge: sleepy.judge,
          attempt: 'zombie',
          options: { itemDeadlineMs: 10_000_000 },
        });
        await zombie.pipeline.start();
        for (let i = random.int(4); i > 0; i--) {
          sleepy.answerSome();
          await zombie.time.advance(400);
        }
        const { judge, answerSome } = erraticJudge(random);
        const heir = createRig({ broker, ledger, judge, options: { itemDeadlineMs: 10_000_000 } });
        await heir.pipeline.start();
        for (let i = 0; i < 6; i++) {
          answerSome();
          await heir.time.advance(random.int(700));
          if (random.chance(0.5)) {
            sleepy.answerSome();
            await zombie.time.advance(random.int(700));
          }
        }
        await runOut(heir, answerSome);
        sleepy.answerSome();
        await zombie.time.advance(2000);
        await zombie.pipeline.stop();
        expect(resultOf(ledger)).toEqual(await calmResult(seed, count));
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

async function runToEnd(rig: Rig, answerSome: () => void): Promise<void> {
  await rig.pipeline.start();
  await runOut(rig, answerSome);
}

/** As with a file, the end comes only after the last record was handed over, which a full window delays. */
async function runOut(rig: Rig, answerSome: () => void): Promise<void> {
  const ends = (): boolean =>
    rig.broker.partitions.every((at) => {
      const last = [...rig.broker.logs.values()].find((log) => log.at === at)?.records.at(-1);
      return last === undefined || (rig.broker.committed(at) ?? 0n) > last.offset;
    });
  for (let i = 0; i < 1000 && !ends(); i++) {
    answerSome();
    await rig.time.advance(250);
  }
  rig.source.end();
  // A zombie may have committed everything while answers are still outstanding here.
  let finished = false;
  void rig.pipeline.finished.then(() => (finished = true));
  for (let i = 0; i < 1000 && !finished; i++) {
    answerSome();
    await rig.time.advance(250);
  }
  expect(finished).toBe(true);
  await rig.pipeline.stop();
}
