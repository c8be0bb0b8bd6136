import type { Label } from '../../domain/label';
import { labelRecord, type LedgerRecord } from '../../domain/ledger-record';
import type { CriterionVerdict, Verdict } from '../../domain/verdict';
import { systemClock } from '../../platform/clock';
import { createRng, seedOf } from '../../simulate/rng';
import { isRight } from '../../simulate/world';
import type { EvidenceStore } from '../../store/port';
import { verdictFromJson } from '../codecs';

export interface DemoReviewersDeps {
  readonly store: EvidenceStore;
  readonly append: (records: readonly LedgerRecord[]) => Promise<void>;
}

/** Share of the judged interactions that the demo's people label. */
const SHARE = 0.05;
/** How often people and the truth of the simulated world part. */
const SLIP = 0.04;
const LOOKED_AT = 100;
const CRITERION = 'correct';

/** SIMULATED people who label a random share of what was judged, by the simulated world's own truth. */
export function createDemoReviewers({ store, append }: DemoReviewersDeps): { tick(): Promise<void> } {
  const seen = new Set<string>();
  return {
    async tick() {
      const { rows } = await store.interactions({ criterion: CRITERION }, 'recent', { limit: LOOKED_AT });
      const labels: Label[] = [];
      for (const { interactionId } of rows) {
        if (seen.has(interactionId) || createRng(seedOf(`review ${interactionId}`))() >= SHARE) continue;
        const json = (await store.interaction(interactionId))?.verdictJson ?? null;
        if (json === null) continue;
        seen.add(interactionId);
        const label = labelOf(verdictFromJson(json));
        if (label !== null) labels.push(label);
      }
      const now = systemClock.now();
      if (labels.length > 0) await append(labels.map((label) => labelRecord(label, now)));
    },
  };
}

function labelOf({ interactionId, interaction, criteria, versions }: Verdict): Label | null {
  const judged = criteria.find(({ criterion }) => criterion === CRITERION);
  if (interaction === null || judged === undefined || judged.score === null) return null;
  const question = interaction.input.findLast(({ role }) => role === 'user')?.content ?? '';
  const right = isRight({ question, answer: interaction.output.text }) ?? true;
  const slips = createRng(seedOf(`slip ${interactionId}`))() < SLIP;
  return {
    interactionId,
    criterion: CRITERION,
    outcome: 'labelled',
    value: right === slips ? 0 : 1,
    confidence: null,
    comment: null,
    rater: 'simulated',
    cohort: 'simulated',
    rubricVersion: versions.rubrics,
    labelledAt: systemClock.now(),
    reason: 'random',
    round: 'first',
    probability: SHARE,
    segments: interaction.segments,
    producerFamily: null,
    panel: judged.panel,
    score: judged.score,
    passAt: 0.5,
    judges: scoresOf(judged),
  };
}

function scoresOf({ cheap, ensemble }: CriterionVerdict): Label['judges'] {
  return [...cheap, ...ensemble].flatMap(({ judge, family, score }) =>
    score === null ? [] : [{ judge, family, score }],
  );
}
