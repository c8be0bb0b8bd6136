import { bandOf, type TuneItem, tuneOperatingPoint, type Tuning } from '../../calibration/tune';
import type { MonitorConfig } from '../../config/config';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { Label } from '../../domain/label';
import type { JudgeAnswer } from '../../domain/verdict';
import { byHash } from '../../golden/pick';
import type { CascadeOptions } from '../../judge/options';
import { openRecorded, type Recorded, type RecordedPlace } from '../replay/recorded';

export interface TuneRequest {
  readonly loaded: LoadedConfig;
  readonly place: RecordedPlace;
  readonly criterion: string;
  readonly alpha: number;
  readonly delta: number;
  /** USD per judged item; null = no ceiling. */
  readonly costCeilingUsd: number | null;
}

/** What is watched from then on: `cascade.tuned`. */
interface Tuned {
  readonly kept: Readonly<Record<string, number>>;
}

export interface TuneReport {
  readonly criterion: string;
  readonly labels: number;
  readonly cheapCostUsd: number;
  readonly ensembleCostUsd: number;
  readonly tuning: Tuning;
  /** For the configuration; null when refused. */
  readonly patch: { readonly cascade: Pick<CascadeOptions, 'band'> & { readonly tuned: Tuned } } | null;
}

/**
 * The band of `cascade.band` from people's labels of a uniform sample, with a guarantee. Only labels drawn by chance
 * alone count: of those, all had the same chance. Rejects with USAGE for a criterion that is not configured.
 */
export async function tuneFromLabels(request: TuneRequest): Promise<TuneReport> {
  const { loaded, place, criterion, alpha, delta } = request;
  const { config } = loaded;
  if (!config.criteria.some(({ name, passAt }) => name === criterion && passAt === 0.5)) {
    throw new MonitorError('USAGE', `${criterion}: wanted a configured criterion with passAt 0.5`);
  }
  const recorded = await openRecorded(loaded, place);
  const items = recorded.labels.flatMap((label) => itemOf(label, criterion, config));
  const { cheap, ensemble, cheapScores } = await readJudged(recorded, criterion);
  const tuning = tuneOperatingPoint(byHash(items, 'tune'), {
    members: ['cheap'],
    calibrate: false,
    alpha,
    delta,
    cheapCost: cheap,
    ensembleCost: ensemble,
    auditProbability: config.cascade.auditProbability,
    ...(request.costCeilingUsd === null ? {} : { costCeiling: request.costCeilingUsd }),
  });
  const patch = tuning.kind === 'tuned' ? patchOf(criterion, bandOf(tuning), cheapScores, config) : null;
  return { criterion, labels: items.length, cheapCostUsd: cheap, ensembleCostUsd: ensemble, tuning, patch };
}

/** The cheap score as routing sees it: the mean of the first cheap panel whose judges all answered. */
function itemOf(label: Label, criterion: string, { cascade }: MonitorConfig): (TuneItem & { readonly id: string })[] {
  const { value, round, reason, judges, interactionId } = label;
  if (label.criterion !== criterion || value === null || round === 'second' || reason !== 'random') return [];
  for (const panel of cascade.cheap) {
    const scores = panel.flatMap((name) => judges.find(({ judge }) => judge === name)?.score ?? []);
    if (scores.length < panel.length) continue;
    const score = scores.reduce((sum, one) => sum + one, 0) / scores.length;
    return [{ id: interactionId, scores: [score], label: value >= 0.5 ? 1 : 0 }];
  }
  return [];
}

/** The share kept is that of everything judged, which is known better than that of what was labelled. */
function patchOf(
  criterion: string,
  band: CascadeOptions['band'],
  cheapScores: readonly number[],
  { cascade }: MonitorConfig,
): NonNullable<TuneReport['patch']> {
  const kept = cheapScores.filter((score) => score < band.low || score > band.high).length / cheapScores.length;
  return { cascade: { band, tuned: { kept: { ...cascade.tuned?.kept, [criterion]: kept } } } };
}

interface Judged {
  /** What the two stages have cost on average where they were asked, USD. */
  readonly cheap: number;
  readonly ensemble: number;
  /** As routing saw them. */
  readonly cheapScores: readonly number[];
}

async function readJudged(recorded: Recorded, wanted: string): Promise<Judged> {
  const cheapScores: number[] = [];
  const sums = { cheap: 0, ensemble: 0 };
  const counts = { cheap: 0, ensemble: 0 };
  await recorded.eachVerdict(({ criteria }) => {
    const found = criteria.find(({ criterion }) => criterion === wanted);
    const scores = found?.cheap.flatMap(({ score }) => score ?? []) ?? [];
    if (scores.length > 0) cheapScores.push(scores.reduce((sum, score) => sum + score, 0) / scores.length);
    for (const stage of ['cheap', 'ensemble'] as const) {
      const answers: readonly JudgeAnswer[] = found?.[stage] ?? [];
      if (answers.length === 0) continue;
      sums[stage] += answers.reduce((sum, { costUsd }) => sum + costUsd, 0);
      counts[stage] += 1;
    }
  });
  return {
    cheap: sums.cheap / Math.max(1, counts.cheap),
    ensemble: sums.ensemble / Math.max(1, counts.ensemble),
    cheapScores,
  };
}
