import fc from 'fast-check';
import type { KeyedRecord, LedgerRecord, MarkerRecord } from '../../../src/domain/ledger-record';
import type { LedgerEntry } from '../../../src/ledger/port';
import { createFold } from '../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { alertOptions, detectorOptions } from '../../../src/watch/options-alerts';
import {
  decodeState,
  encodeState,
  type EncodedState,
  type FoldOptions,
  type FoldState,
} from '../../../src/watch/state';
import { at, buildItemlessOutcome, buildMarker, randomOutcome } from '../../support/builders/ledger-record';
import { randomKeyedRecord } from '../../support/builders/keyed-record';
import { seededRandom, type SeededRandom } from '../../support/builders/random';

const OPTIONS: FoldOptions = {
  segments: segmentOptions.parse({ dimensions: ['product'], crosses: [['product', 'locale']], maxValues: 2 }),
  watch: watchOptions.parse({ idWindow: 1000 }),
  criteria: ['helpful', 'grounded'],
  alerting: {
    detectors: detectorOptions.parse({ reference: 100, referenceDays: 0, targets: { judgedRatio: 0.99 } }),
    alerts: alertOptions.parse({}),
    scores: { largest: 10, floor: 0.1 },
    objectives: { helpful: 0.9 },
  },
};
const fold = createFold(OPTIONS);
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

type SourceRecord = Extract<LedgerRecord, { kind: 'outcome' | 'behaviour' }>;

/** Between two markers: the records that the second one passes. */
interface Stretch {
  readonly records: readonly SourceRecord[];
  /** Labels, annotations and the like: once each, in one order, whatever SCORE does. */
  readonly keyed: readonly KeyedRecord[];
  readonly marker: MarkerRecord;
}

/** A log as a single healthy SCORE would write it; some interactions are sent twice by their producer. */
function healthyLog(random: SeededRandom): Stretch[] {
  const stretches: Stretch[] = [];
  const next = [0, 0];
  for (let i = 0; i < 5; i++) {
    const records: SourceRecord[] = [];
    for (let n = random.int(8); n > 0; n--) {
      const partition = random.int(2);
      const record = randomOutcome(random, at(next[partition] ?? 0, partition));
      next[partition] = (next[partition] ?? 0) + 1;
      records.push(withSharedId(random, record));
    }
    const positions = next.map((offset, partition) => at(offset, partition));
    const keyed = Array.from({ length: random.int(4) }, () => randomKeyedRecord(random));
    stretches.push({ records, keyed, marker: buildMarker(positions, { recordedAt: 1000 * (i + 1) }) });
  }
  return stretches;
}

function withSharedId(random: SeededRandom, record: SourceRecord): SourceRecord {
  if (record.kind !== 'outcome' || record.item === null || !random.chance(0.2)) return record;
  return { ...record, item: { ...record.item, interactionId: `shared-${random.int(4)}` } };
}

/**
 * What crashes, zombies and lost acknowledgements may make of it: any order above the watermark, later lines for the
 * same offsets that say something else, old markers again.
 */
function troubledLog(random: SeededRandom, healthy: readonly Stretch[]): LedgerRecord[] {
  const log: LedgerRecord[] = [];
  const written: SourceRecord[] = [];
  const carry: SourceRecord[] = [];
  healthy.forEach(({ records, keyed, marker }, i) => {
    // Records of the next stretch may be early, since results finish in any order.
    const early = (healthy[i + 1]?.records ?? []).filter((record) => !carry.includes(record) && random.chance(0.3));
    const due = records.filter((record) => !carry.includes(record));
    for (const record of random.shuffle([...due, ...early])) {
      log.push(record);
      written.push(record);
      if (random.chance(0.3)) log.push(contradiction(random, random.pick(written)));
    }
    carry.push(...early);
    log.push(...keyed);
    if (random.chance(0.3) && i > 0) log.push(healthy[random.int(i)]?.marker ?? marker);
    log.push(marker);
    if (random.chance(0.3) && written.length > 0) log.push(contradiction(random, random.pick(written)));
  });
  return log;
}

function contradiction(random: SeededRandom, { source }: SourceRecord): SourceRecord {
  return random.chance(0.5) ? buildItemlessOutcome(source, 'dead_lettered') : randomOutcome(random, source);
}

function flat(stretches: readonly Stretch[]): LedgerRecord[] {
  return stretches.flatMap(({ records, keyed, marker }) => [...records, ...keyed, marker]);
}

function entriesOf(records: readonly LedgerRecord[]): LedgerEntry[] {
  return records.map((record, i) => ({ position: BigInt(i), record }));
}

function run(state: FoldState, entries: readonly LedgerEntry[]): FoldState {
  for (const entry of entries) fold.applyEntry(state, entry);
  return state;
}

const bits = (state: FoldState): string => JSON.stringify(encodeState(state));

/** All but how much was dropped and how long the log was. */
function effect(state: FoldState): unknown {
  // What came twice was paid for twice.
  const { position: _position, dropped: _dropped, spend: _spend, ...rest } = encodeState(state);
  return rest;
}

describe('the fold', () => {
  it('goes on from a serialised state to the same bits, wherever the log is cut', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seededRandom(seed);
        const entries = entriesOf(troubledLog(random, healthyLog(random)));
        const whole = bits(run(fold.initial(), entries));
        for (let cut = 0; cut <= entries.length; cut++) {
          const saved = bits(run(fold.initial(), entries.slice(0, cut)));
          const resumed = decodeState(JSON.parse(saved) as EncodedState, OPTIONS);
          expect(bits(run(resumed, entries.slice(cut)))).toBe(whole);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('ends in the same state whatever duplicates, zombies and reorders the protocol allows', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seededRandom(seed);
        const healthy = healthyLog(random);
        const calm = run(fold.initial(), entriesOf(flat(healthy)));
        const troubled = run(fold.initial(), entriesOf(troubledLog(random, healthy)));
        expect(effect(troubled)).toEqual(effect(calm));
      }),
      { numRuns: 300 },
    );
  });

  it('adds up: records over outcomes, criteria over results', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seededRandom(seed);
        const healthy = healthyLog(random);
        const state = run(fold.initial(), entriesOf(troubledLog(random, healthy)));
        const { accounting, heldRecords, estimates } = fold.snapshot(state);
        const { records, recordsIn, interactions, criteria } = accounting;
        expect(heldRecords).toBe(0);
        expect(recordsIn).toBe(healthy.reduce((sum, stretch) => sum + stretch.records.length, 0));
        expect(sum(records)).toBe(recordsIn);
        expect(records.judged + records.checked_only).toBe(interactions);
        for (const { results, unjudged, pass, fail } of Object.values(criteria)) {
          expect(sum(results)).toBe(interactions);
          expect(sum(unjudged)).toBe(results.unjudged);
          expect(pass + fail).toBe(results.scored);
        }
        const scored = Object.values(criteria).reduce((total, { results }) => total + results.scored, 0);
        const inAll = estimates.filter(({ segment }) => segment.dimension === 'all');
        expect(inAll.reduce((total, { items }) => total + items, 0)).toBe(scored);
      }),
      { numRuns: 200 },
    );
  });
});

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
