import { planSpread, type SpreadItem, type SpreadPlan, type SpreadReading } from '../../calibration/spread';
import type { LoadedConfig } from '../../config/load';
import type { CriterionVerdict } from '../../domain/verdict';
import { groupCriteria } from '../../judge/groups';
import { mean } from '../../judge/combine';
import { openRecorded, type RecordedPlace } from '../replay/recorded';

export interface SpreadRequest {
  readonly loaded: LoadedConfig;
  readonly place: RecordedPlace;
  /** Most of the judged call groups that go to the ensemble, in (0, 1). */
  readonly share: number;
}

export interface SpreadReport {
  /** Judged call groups that it rests on, and what part of them was escalated so far. */
  readonly items: number;
  readonly escalated: number;
  readonly plan: SpreadPlan;
}

/** Escalation probabilities by what has been judged: no labels are needed, the ensemble is the measure. */
export async function tuneSpread({ loaded: { config }, loaded, place, share }: SpreadRequest): Promise<SpreadReport> {
  const { criteria, cascade } = config;
  const groups = [...groupCriteria(criteria, cascade.grouping).values()].map(
    (members) => new Set(members.map(({ name }) => name)),
  );
  const items: SpreadItem[] = [];
  let escalated = 0;
  const recorded = await openRecorded(loaded, place);
  await recorded.eachVerdict((verdict) => {
    for (const names of groups) {
      const judged = verdict.criteria.filter(({ criterion }) => names.has(criterion));
      const readings = judged.flatMap(readingOf);
      if (readings.length === 0) continue;
      items.push({ readings, least: leastOf(judged, readings, cascade) });
      if (judged.some(({ escalation }) => escalation?.escalated === true)) escalated += 1;
    }
  });
  return { items: items.length, escalated: escalated / Math.max(1, items.length), plan: planSpread(items, share) };
}

function readingOf({ criterion, cheap, escalation, combined, prediction }: CriterionVerdict): SpreadReading[] {
  const scores = cheap.flatMap(({ score }) => score ?? []);
  // A rule or map that foretells the ensemble has its own residuals; those of the cheap score say nothing of them.
  if (scores.length === 0 || escalation === null || prediction !== null) return [];
  const ensemble = escalation.escalated ? (combined?.score ?? null) : null;
  return [{ criterion, cheap: mean(scores), ensemble, weight: 1 / escalation.probability }];
}

/** What routing under this configuration gives it whatever the spread. */
function leastOf(
  judged: readonly CriterionVerdict[],
  readings: readonly SpreadReading[],
  { band, auditProbability, valueBound }: LoadedConfig['config']['cascade'],
): number {
  const isSure =
    judged.some(({ escalation }) => escalation !== null && SURE.has(escalation.reason ?? '')) ||
    readings.some(({ cheap }) => cheap >= band.low && cheap <= band.high);
  if (isSure) return 1;
  const bounds = readings.map(({ cheap }) => (valueBound === undefined ? 0 : (1 - cheap) / (valueBound - cheap)));
  return Math.max(auditProbability, ...bounds);
}

const SURE: ReadonlySet<string> = new Set(['safety', 'check', 'disagreement']);
