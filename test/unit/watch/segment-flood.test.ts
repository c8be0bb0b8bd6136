import { createFoldTables, fillFold } from '../../../src/outputs/fold-metrics';
import { createFold } from '../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../src/watch/options';
import { encodeState } from '../../../src/watch/state';
import { at, buildMarker, buildOutcome } from '../../support/builders/ledger-record';

const VALUES = 1_000_000;
const CAP = 50;
const PER_MARKER = 10_000;
const TURNS = 16;
const SESSIONS = VALUES / TURNS;
/** Of the last session: a million other values come first. */
const PINNED = `value-${VALUES - TURNS}`;

/** A producer that puts an id into a segment: a new value with every record, a million within one minute. */
describe('a flood of segment values', () => {
  // Every fifth session begins with the known value, as 16 and 20 meet every fifth time.
  it('costs no memory, keeps what was tracked before, and shows', () => {
    const fold = createFold({
      segments: segmentOptions.parse({
        dimensions: ['product'],
        producer: [],
        maxValues: CAP,
        pinned: [`product=${PINNED}`],
      }),
      watch: watchOptions.parse({ idWindow: 1000 }),
      criteria: ['helpful'],
    });
    const state = fold.initial();
    const template = buildOutcome(at(0));
    if (template.item === null) throw new Error('no item');
    const { item } = template;
    let position = 0n;
    let sizeHalfway = 0;
    for (let i = 0; i < VALUES; i++) {
      const offset = BigInt(i);
      const record = {
        ...template,
        source: { ...template.source, offset },
        item: {
          ...item,
          interactionId: `i-${i}`,
          conversationId: `c-${Math.floor(i / TURNS)}`,
          // A minute of processing time; event time runs a day, so that sessions close on the way.
          occurredAt: i * 86,
          segments: { product: i % 20 === 0 ? 'known' : `value-${i}` },
        },
      };
      fold.applyEntry(state, { position: position++, record });
      if ((i + 1) % PER_MARKER !== 0) continue;
      const marker = buildMarker([], { recordedAt: i * 0.06 });
      const positions = [{ ...at(i + 1), eventTime: i * 86, idle: false }];
      fold.applyEntry(state, { position: position++, record: { ...marker, positions } });
      if (i + 1 === VALUES / 2) sizeHalfway = JSON.stringify(encodeState(state).segments).length;
    }
    const last = { ...buildMarker([], { recordedAt: 60_000, final: true }), positions: [] };
    fold.applyEntry(state, { position: position++, record: last });
    const snapshot = fold.snapshot(state);

    expect(snapshot.accounting.recordsIn).toBe(VALUES);
    expect(JSON.stringify(encodeState(state).segments).length).toBeLessThan(1.1 * sizeHalfway);
    expect(snapshot.sessions.filter(({ segment }) => segment.dimension === 'product')).toHaveLength(CAP + 2);
    const pinned = snapshot.sessions.find(({ segment }) => segment.value === PINNED);
    expect(pinned?.turns).toBe(TURNS);
    expect(snapshot.overflow.product).toBeGreaterThan(0.9 * VALUES);
    const known = snapshot.sessions.find(({ segment }) => segment.value === 'known');
    expect(Object.values(known?.endings ?? {}).reduce((a, b) => a + b, 0)).toBe(SESSIONS / 5);
    const other = snapshot.sessions.find(({ segment }) => segment.value === '__other__');
    expect(Object.values(other?.endings ?? {}).reduce((a, b) => a + b, 0)).toBe((SESSIONS * 4) / 5 - (CAP - 1) - 1);

    const tables = createFoldTables();
    expect(fillFold(tables, snapshot, 10)).toBeGreaterThan(0);
    const labels = new Set(
      [...tables.recovery_ratio.all(), ...tables.abandonment_ratio.all()].map(({ labels }) => labels),
    );
    expect(labels.size).toBeLessThanOrEqual(11);
  }, 120_000);
});
