import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import type { LoadedConfig } from '../../config/load';
import { MonitorError } from '../../domain/error';
import type { Interaction } from '../../domain/interaction';
import type { Label } from '../../domain/label';
import { byHash, pickStratified, scoreBand } from '../../golden/pick';
import type { GoldenJudge } from '../../golden/run';
import { type GoldenItem, goldenItemId, renderGoldenSet, settle, type SettledScore } from '../../golden/set';
import { systemClock } from '../../platform/clock';
import { closingAfter } from '../closers';
import { openRecorded, type RecordedPlace } from '../replay/recorded';
import { goldenPromptHash, openGoldenJudges } from './judges';
import { interactionText, readGoldenSet } from './set-file';

export interface FreezeRequest {
  readonly loaded: LoadedConfig;
  /** Its verdicts are picked from, its labels are taken along. */
  readonly place: RecordedPlace;
  readonly out: string;
  readonly name: string;
  readonly size: number;
  /** Share of the items that is replaced at the next freeze, in [0, 1]. */
  readonly freshShare: number;
  /** An earlier set: its items that are not fresh stay. */
  readonly keep: string | null;
  /** Says what it would cost and asks nobody. */
  readonly dryRun: boolean;
  readonly onPlan: (plan: FreezePlan) => void;
  readonly signal: AbortSignal;
}

export interface FreezePlan {
  readonly candidates: number;
  readonly items: number;
  readonly strata: number;
  readonly calls: number;
  /** The most that the calls can cost; they mostly cost a quarter of it. */
  readonly atMostUsd: number;
  /** What so many items cannot tell; null for 400 and more. */
  readonly blindness: string | null;
}

export interface FreezeResult extends FreezePlan {
  readonly seal: string | null;
  readonly asked: number;
  readonly costUsd: number;
  /** Items with a label of people, by criterion. */
  readonly labelled: Readonly<Record<string, number>>;
}

/** Runs whose mean is sealed. */
const SEAL_RUNS = 3;
const RECOMMENDED_ITEMS = 400;

/** Picks, asks every judge three times, seals. What was asked survives a kill: the next call goes on from there. */
export async function freezeGoldenSet(request: FreezeRequest): Promise<FreezeResult> {
  const { loaded, out } = request;
  return closingAfter(async (closers) => {
    const { config } = loaded;
    const judges = (await openGoldenJudges(loaded, closers)).of('plain');

    const { items, candidates } = await pickItems(request);
    if (items.length === 0) {
      throw new MonitorError('USAGE', 'no verdict has its interaction with it (privacy.retain: none?)');
    }
    const tasks = judges.flatMap((judge) =>
      items.flatMap((item) => Array.from({ length: SEAL_RUNS }, (_, run) => ({ judge, item, run }))),
    );
    const plan: FreezePlan = {
      candidates,
      items: items.length,
      strata: new Set(items.map(({ stratum }) => stratum)).size,
      calls: tasks.length,
      atMostUsd: tasks.reduce((sum, { judge, item }) => sum + judge.boundUsd(item), 0),
      blindness: blindnessOf(items.length),
    };
    request.onPlan(plan);
    const labelled = countLabels(items);
    if (request.dryRun) return { ...plan, seal: null, asked: 0, costUsd: 0, labelled };

    const progress = await openProgress(`${out}.part`, goldenPromptHash(config));
    const { asked, costUsd } = await askAll(tasks, progress, config.golden.concurrency, request.signal);
    if (request.signal.aborted) return { ...plan, seal: null, asked, costUsd, labelled };
    const set = {
      name: request.name,
      frozenAt: new Date(systemClock.now()).toISOString(),
      promptHash: goldenPromptHash(config),
      items: items.map((item) => ({ ...item, settled: settledOf(item, judges, progress.scores) })),
    };
    await writeFile(out, renderGoldenSet(set, interactionText));
    const { seal } = await readGoldenSet(out);
    await rm(`${out}.part`, { force: true });
    return { ...plan, seal, asked, costUsd, labelled };
  });
}

/** With fewer, a re-run says little; with how many it says what, measured on a real change of a judge's version. */
export function blindnessOf(items: number): string | null {
  if (items >= RECOMMENDED_ITEMS) return null;
  return (
    `${items} items are fewer than ${RECOMMENDED_ITEMS}: a re-run of all of them answers only for this set. A real version ` +
    'change that moved one verdict in six was seen in 36 % of draws of 100 items, 71 % of 200 and 98 % of 400; below ' +
    `${RECOMMENDED_ITEMS} alerts say "judge not ruled out"`
  );
}

type Picked = Omit<GoldenItem, 'settled'>;

async function pickItems(request: FreezeRequest): Promise<{ items: Picked[]; candidates: number }> {
  const { loaded, place, size } = request;
  const recorded = await openRecorded(loaded, place);
  const kept = request.keep === null ? [] : (await readGoldenSet(request.keep)).items.filter(({ fresh }) => !fresh);
  const human = humanLabels(recorded.labels);
  const [first] = loaded.config.criteria;
  const [dimension] = loaded.config.segments.dimensions;
  const found = new Map<string, Picked>();
  await recorded.eachVerdict(({ interaction, criteria }) => {
    if (interaction === null) return;
    const id = goldenItemId(interaction);
    const score = criteria.find(({ criterion }) => criterion === first?.name)?.score ?? null;
    const cell = `${dimension ?? 'all'}=${interaction.segments[dimension ?? ''] ?? ''}`;
    found.set(id, {
      id,
      interaction: withoutIdentity(interaction),
      stratum: `${cell}|${scoreBand(score)}`,
      fresh: true,
      human: human.get(interaction.interactionId) ?? {},
    });
  });
  const stay = kept.map(({ settled: _, ...item }): Picked => ({
    ...item,
    human: { ...item.human, ...found.get(item.id)?.human },
  }));
  for (const { id } of stay) found.delete(id);
  const added = pickStratified([...found.values()], Math.max(0, size - stay.length), request.name);
  // In a first set the fresh part is drawn; in a later one everything that is new is fresh.
  const freshIds = new Set(
    byHash(added, 'fresh')
      .slice(0, stay.length > 0 ? added.length : Math.round(added.length * request.freshShare))
      .map(({ id }) => id),
  );
  const items = [...stay, ...added.map((item) => ({ ...item, fresh: freshIds.has(item.id) }))];
  return { items, candidates: found.size + stay.length };
}

/** Who it was and where it came from has no place in a file that is kept for years. */
function withoutIdentity(interaction: Interaction): Interaction {
  return { ...interaction, userHash: null, trace: null };
}

/** Mean of people's labels by interaction and criterion. */
function humanLabels(labels: readonly Label[]): Map<string, Record<string, number>> {
  const values = new Map<string, Map<string, number[]>>();
  for (const label of labels) addLabel(values, label);
  return new Map(
    [...values].map(([id, byCriterion]) => [
      id,
      Object.fromEntries(
        [...byCriterion].map(([criterion, all]) => [criterion, all.reduce((a, b) => a + b, 0) / all.length]),
      ),
    ]),
  );
}

function addLabel(values: Map<string, Map<string, number[]>>, { interactionId, criterion, value }: Label): void {
  if (value === null) return;
  const byCriterion = values.get(interactionId) ?? new Map<string, number[]>();
  values.set(interactionId, byCriterion);
  byCriterion.set(criterion, [...(byCriterion.get(criterion) ?? []), value]);
}

function countLabels(items: readonly Picked[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { human } of items)
    for (const criterion of Object.keys(human)) counts[criterion] = (counts[criterion] ?? 0) + 1;
  return counts;
}

interface SealTask {
  readonly judge: GoldenJudge;
  readonly item: Picked;
  readonly run: number;
}

interface SealProgress {
  /** By judge, item and run: score by criterion. */
  readonly scores: Map<string, Readonly<Record<string, number | null>>>;
  add(key: string, scores: Readonly<Record<string, number | null>>): Promise<void>;
}

/** A file beside the set to be: a line per answer. Answers under another prompt do not count. */
async function openProgress(path: string, promptHash: string): Promise<SealProgress> {
  const scores = new Map<string, Readonly<Record<string, number | null>>>();
  const text = await readFile(path, 'utf8').catch(() => '');
  for (const line of text.split('\n').slice(0, -1)) {
    const [key, prompt, answered] = JSON.parse(line) as [string, string, Record<string, number | null>];
    if (prompt === promptHash) scores.set(key, answered);
  }
  return {
    scores,
    async add(key, answered) {
      scores.set(key, answered);
      await appendFile(path, `${JSON.stringify([key, promptHash, answered])}\n`);
    },
  };
}

const taskKey = (judge: string, item: string, run: number): string => `${judge}/${item}/${run}`;

async function askAll(
  tasks: readonly SealTask[],
  progress: SealProgress,
  concurrency: number,
  signal: AbortSignal,
): Promise<{ asked: number; costUsd: number }> {
  const left = tasks.filter(({ judge, item, run }) => !progress.scores.has(taskKey(judge.name, item.id, run)));
  let next = 0;
  let asked = 0;
  let costUsd = 0;
  const lane = async (): Promise<void> => {
    while (next < left.length && !signal.aborted) {
      const task = left[next++];
      if (task === undefined) return;
      const { judge, item, run } = task;
      const answers = await judge.ask(item, signal);
      if (signal.aborted) return;
      asked += 1;
      costUsd += [...answers.values()].reduce((sum, answer) => sum + answer.costUsd, 0);
      const scores = [...answers].map(([criterion, { score }]): [string, number | null] => [criterion, score]);
      await progress.add(taskKey(judge.name, item.id, run), Object.fromEntries(scores));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { asked, costUsd };
}

function settledOf(
  item: Picked,
  judges: readonly GoldenJudge[],
  scores: SealProgress['scores'],
): GoldenItem['settled'] {
  const byJudge = judges.map(({ name }): [string, Record<string, SettledScore>] => {
    const runs = Array.from({ length: SEAL_RUNS }, (_, run) => scores.get(taskKey(name, item.id, run)) ?? {});
    const criteria = [...new Set(runs.flatMap((run) => Object.keys(run)))];
    const settled = criteria.flatMap((criterion): [string, SettledScore][] => {
      const score = settle(
        runs.map((run) => run[criterion] ?? null),
        `${item.id}/${name}/${criterion}`,
      );
      return score === null ? [] : [[criterion, score]];
    });
    return [name, Object.fromEntries(settled)];
  });
  return Object.fromEntries(byJudge);
}
