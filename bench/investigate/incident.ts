import type { LedgerRecord } from '../../src/domain/ledger-record';
import type { Verdict } from '../../src/domain/verdict';
import { createRandom } from '../../src/stats/seeded-random';
import type { Planted } from './kinds';
import { goldenRun, label, relabelling } from './labels-and-golden';
import { drawTurn, LOCALES, type Plan, PRODUCTS, toItem, toVerdict } from './turns';

/** One seeded story: the ledger that it leaves, the verdicts behind it, and when it changed. */
export interface IncidentStory {
  readonly planted: Planted;
  readonly records: readonly LedgerRecord[];
  readonly verdicts: readonly Verdict[];
  readonly changeAt: number;
  readonly endAt: number;
}

export interface StoryOptions {
  readonly planted: Planted;
  readonly seed: number;
  /** Conversations before the change, and after. */
  readonly before: number;
  readonly after: number;
}

const START = Date.UTC(2026, 8, 7);
const GAP_MS = 4 * 60_000;
const TOPIC = 'llm.interactions';

/** Draws a story. The ledger's lines are in order; markers come every half hour of event time. */
export function tellStory({ planted, seed, before, after }: StoryOptions): IncidentStory {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const between = (low: number, high: number): number => low + random() * (high - low);
  const plan: Plan = {
    product: pick(PRODUCTS),
    locale: random() < 0.5 ? pick(LOCALES) : null,
    drop: between(0.2, 0.4),
    share: between(0.4, 0.9),
    innocentRelease: random() < 0.3,
    innocentVersion: random() < 0.2,
    hasGolden: random() < 0.8,
  };
  const changeAt = START + before * GAP_MS;
  const records: LedgerRecord[] = [];
  const verdicts: Verdict[] = [];
  let offset = 0n;
  const source = (): { topic: string; partition: number; offset: bigint } => ({
    topic: TOPIC,
    partition: 0,
    offset: offset++,
  });

  for (let n = 0; n < before + after; n++) {
    const at = START + n * GAP_MS + Math.floor(random() * 1000);
    const isAfter = n >= before;
    const turn = drawTurn(planted, plan, isAfter, random);
    const conversationId = `c${n}`;
    const item = toItem(turn, conversationId, at, random);
    records.push({
      kind: 'outcome',
      source: source(),
      recordedAt: at + 500,
      outcome: item.sampled ? 'judged' : 'checked_only',
      deadLetterReason: null,
      item,
    });
    verdicts.push(toVerdict(item, turn));
    for (const event of turn.events) {
      records.push({
        kind: 'behaviour',
        source: source(),
        recordedAt: at + 60_500,
        behaviour: {
          eventId: `${conversationId}-${event}`,
          conversationId,
          interactionId: item.interactionId,
          userHash: null,
          occurredAt: at + 60_000,
          kind: event,
          value: null,
        },
      });
    }
    if (random() < 0.12) records.push(label(planted, item, at, isAfter, random));
    if (n % 8 === 7) records.push(marker(at + GAP_MS, offset, false));
  }
  const endAt = START + (before + after) * GAP_MS;
  if (plan.hasGolden) records.push(...goldenRun(planted, changeAt + 3_600_000, random));
  if (planted === 'labeller_drift' && random() < 0.6) records.push(...relabelling(changeAt, random));
  records.push(marker(endAt, offset, true));
  return { planted, records, verdicts, changeAt, endAt };
}

function marker(at: number, offset: bigint, final: boolean): LedgerRecord {
  return {
    kind: 'marker',
    recordedAt: at,
    positions: [{ topic: TOPIC, partition: 0, offset, eventTime: at, idle: false }],
    final,
  };
}
