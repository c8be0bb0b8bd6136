import type { LedgerRecord, OutcomeItem } from '../../src/domain/ledger-record';
import { goldenRecord, labelRecord } from '../../src/domain/ledger-record';
import { buildOutcomeItem } from '../../test/support/builders/ledger-record';
import type { Planted } from './kinds';
import { CRITERION, judged, PANEL } from './turns';

const GOLDEN_ITEMS = 400;

/** What a person says of an item: nearly always as the judges, unless people have grown stricter. */
export function label(
  planted: Planted,
  item: OutcomeItem,
  at: number,
  isAfter: boolean,
  random: () => number,
): LedgerRecord {
  const score = item.criteria[0]!.ensembleScore ?? item.criteria[0]!.cheapScore;
  const isPassed = (score ?? 0.9) >= 0.5;
  const isStrict = isAfter && planted === 'labeller_drift' && random() < 0.35;
  const said = isStrict ? false : random() < 0.1 ? !isPassed : isPassed;
  return labelRecord(
    {
      interactionId: item.interactionId,
      criterion: CRITERION,
      outcome: 'labelled',
      value: said ? 1 : 0,
      passAt: 0.5,
      confidence: null,
      comment: null,
      rater: `rater-${Math.floor(random() * 3)}`,
      cohort: 'house',
      rubricVersion: 'rubrics-a',
      labelledAt: at + 7_200_000,
      reason: 'random',
      round: 'first',
      probability: 0.12,
      segments: item.segments,
      producerFamily: 'house',
      panel: PANEL,
      score,
      judges: [],
    },
    at + 7_200_000,
  );
}

/** Frozen items labelled by the stricter people. */
export function relabelling(changeAt: number, random: () => number): LedgerRecord[] {
  const records: LedgerRecord[] = [];
  for (let n = 0; n < 120; n++) {
    const isPassed = random() < 0.7;
    const base = label('segment_regression', buildOutcomeItem({ interactionId: `g${n}` }), 0, false, random);
    if (base.kind !== 'label') continue;
    const at = (labelledAt: number, value: number, rater: string): LedgerRecord =>
      labelRecord({ ...base.label, interactionId: `g${n}`, reason: 'golden', rater, value, labelledAt }, labelledAt);
    records.push(at(changeAt - 86_400_000, isPassed ? 1 : 0, 'first'));
    records.push(at(changeAt + 86_400_000, isPassed && random() >= 0.3 ? 1 : 0, 'again'));
  }
  return records;
}

/** One run of two judges over the frozen set; a judge that changed fails a quarter of what it passed. */
export function goldenRun(planted: Planted, at: number, random: () => number): LedgerRecord[] {
  const isMoved = planted === 'judge_version' || planted === 'judge_prompt';
  const records: LedgerRecord[] = [];
  for (const judge of ['mini', 'alpha']) {
    for (let n = 0; n < GOLDEN_ITEMS; n++) {
      const isRight = random() < 0.75;
      const base = judged(isRight, 0.08, 0, random);
      // The same judge answers nearly the same again.
      const isSame = random() < 0.96;
      const again = isSame ? base : judged(isRight, 0.08, 0, random);
      const score = isMoved && base >= 0.5 && random() < 0.25 ? 0.1 : again;
      records.push(
        goldenRecord(
          {
            set: 'main',
            seal: 'seal',
            run: 'run-1',
            trigger: 'suspicion',
            variant: 'plain',
            judge,
            family: judge,
            model: judge,
            reportedVersion: null,
            promptHash: 'prompt',
            total: GOLDEN_ITEMS,
            item: `g${n}`,
            repeat: 0,
            fresh: false,
            producerFamily: null,
            costUsd: 0,
            scores: [
              {
                criterion: CRITERION,
                outcome: 'scored',
                score,
                passAt: 0.5,
                sealed: base,
                base,
                human: isRight ? 1 : 0,
              },
            ],
          },
          at,
        ),
      );
    }
  }
  return records;
}
