import { readFile, writeFile } from 'node:fs/promises';
import type { LoadedConfig } from '../config/load';
import { createRecordCodec } from '../decode/avro-codec';
import type { JudgeScore, Label } from '../domain/label';
import { labelKey } from '../domain/label';
import { labelRecord } from '../domain/ledger-record';
import { MonitorError } from '../domain/error';
import type { CriterionVerdict, Verdict } from '../domain/verdict';
import { familyOf } from '../judge/families';
import { createRedactor } from '../privacy/redactor';
import { systemClock } from '../platform/clock';
import {
  drawReviews,
  type DrawnReview,
  nextRound,
  openReviews,
  type OpenReview,
  type ReviewCandidate,
} from '../reviews/queue';
import {
  contradicts,
  type Review,
  type ReviewedItem,
  type ReviewFault,
  type ReviewRules,
  toLabel,
} from '../reviews/review';
import { parseCsv, renderCsv, type ReviewRow, toReview } from '../reviews/table';
import { checkpointsOf, openDataDirectory, readLedgerOf } from './data-directory';
import { readJsonLines } from './json-lines';
import { foldDirectory } from './ledger-fold';
import { claimLedger, configRecordOf } from './ledger-stamp';

/** An open review with the text that a person needs to judge it; never with what judges said. */
export interface ShownReview extends OpenReview {
  readonly request: string;
  readonly answer: string;
}

/** Reviews that wait in a data directory. */
export async function queueOfDirectory(
  directory: string,
  loaded: LoadedConfig,
  rater: string | null,
): Promise<ShownReview[]> {
  const { candidates, texts } = await readCandidates(directory, loaded);
  const labels = await labelsOf(directory, loaded);
  const drawn = draw(candidates, labels, loaded);
  const criteria = loaded.config.criteria.map(({ name }) => name);
  return openReviews(drawn, labels, criteria, rater).map((review) => {
    const { request = '', answer = '' } = texts.get(review.interactionId) ?? {};
    return { ...review, request, answer };
  });
}

export interface ExportResult {
  readonly rows: number;
}

/** A `.csv` for spreadsheets, or `.jsonl`: a row per open review, to be filled in and imported again. */
export async function exportReviews(directory: string, loaded: LoadedConfig, out: string): Promise<ExportResult> {
  const queue = await queueOfDirectory(directory, loaded, null);
  const rows = queue.map(({ interactionId, criterion, round, request, answer }): ReviewRow => {
    const { rubricVersion } = loaded.config.reviews;
    return { interaction_id: interactionId, criterion, rubric_version: rubricVersion, round, request, answer };
  });
  const text = out.endsWith('.csv') ? renderCsv(rows) : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(out, text);
  return { rows: rows.length };
}

export interface ImportResult {
  /** Rows with a label, and what became of them: the counts add up. */
  readonly rows: number;
  readonly accepted: number;
  /** The same person had said so before. */
  readonly unchanged: number;
  /** Of the accepted: the same person had said something else; the later one counts. */
  readonly contradicted: number;
  readonly refused: Readonly<Record<ReviewFault, number>>;
  /** Rows nobody filled. */
  readonly empty: number;
  /** Where the refused rows are, to be put right; null when there are none. */
  readonly rejects: string | null;
}

/**
 * Labels from a table into the ledger of a data directory. What is refused is counted and written beside the input as
 * `<input>.rejects.jsonl`, so that nothing is lost. Rejects with FILE_UNREADABLE.
 */
export async function importReviews(directory: string, loaded: LoadedConfig, input: string): Promise<ImportResult> {
  const { config, secrets } = loaded;
  const rows = await readRows(input);
  const { candidates, items } = await readCandidates(directory, loaded);
  const labels = await labelsOf(directory, loaded);
  const drawn = new Map(draw(candidates, labels, loaded).map((review) => [review.interactionId, review]));
  const known = new Map(labels.map((label) => [labelKey(label), label]));
  const byItem = new Map<string, Label[]>();
  for (const label of labels) addTo(byItem, label);

  const { raterSaltEnv, cohort, rubricVersion } = config.reviews;
  const redactor = createRedactor(config.privacy, undefined);
  const rules: ReviewRules = {
    cohort,
    rubricVersion,
    raterSalt: (raterSaltEnv === undefined ? null : secrets.get(raterSaltEnv)) ?? config.instance.name,
    now: systemClock.now(),
    redact: (text) => redactor.redactText(text),
  };
  const refused: Record<ReviewFault, number> = {
    unknown_interaction: 0,
    unknown_criterion: 0,
    wrong_rubric: 0,
    invalid: 0,
  };
  const rejects: unknown[] = [];
  const accepted: Label[] = [];
  let [unchanged, contradicted, empty] = [0, 0, 0];
  for (const row of rows) {
    const review = toReview(row);
    if (review === null) {
      empty += 1;
      continue;
    }
    const label = labelOf(review, items, drawn, byItem, rules);
    if (!label.ok) {
      refused[label.error] += 1;
      rejects.push({ why: label.error, ...row });
      continue;
    }
    const before = known.get(labelKey(label.value));
    if (before !== undefined && !contradicts(before, label.value)) {
      unchanged += 1;
      continue;
    }
    if (before !== undefined) contradicted += 1;
    known.set(labelKey(label.value), label.value);
    addTo(byItem, label.value);
    accepted.push(label.value);
  }
  await append(directory, loaded, accepted);
  const rejected = rejects.length === 0 ? null : `${input}.rejects.jsonl`;
  if (rejected !== null) await writeFile(rejected, rejects.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return {
    rows: rows.length - empty,
    accepted: accepted.length,
    unchanged,
    contradicted,
    refused,
    empty,
    rejects: rejected,
  };
}

function labelOf(
  review: Review,
  items: ReadonlyMap<string, Omit<ReviewedItem, 'reason' | 'probability'>>,
  drawn: ReadonlyMap<string, DrawnReview>,
  byItem: ReadonlyMap<string, readonly Label[]>,
  rules: ReviewRules,
): ReturnType<typeof toLabel> {
  const item = items.get(review.interactionId);
  const of = drawn.get(review.interactionId);
  const others = byItem.get(`${review.interactionId}\n${review.criterion}`) ?? [];
  const about = item && { ...item, reason: of?.reason ?? ('import' as const), probability: of?.probability ?? null };
  // A person who says it again keeps the round; what nobody waits for is one more first opinion.
  const label = toLabel(review, about, 'first', rules);
  if (!label.ok) return label;
  const own = others.find(({ rater }) => rater === label.value.rater);
  return {
    ok: true,
    value: { ...label.value, round: own?.round ?? nextRound(others, of?.isDoubled ?? true) ?? 'second' },
  };
}

async function append(directory: string, loaded: LoadedConfig, labels: readonly Label[]): Promise<void> {
  if (labels.length === 0) return;
  const data = await openDataDirectory(directory);
  try {
    const now = systemClock.now();
    await claimLedger(data.reader, data.ledger, configRecordOf(loaded, now));
    await data.ledger.append(labels.map((label) => labelRecord(label, now)));
  } finally {
    await data.close();
  }
}

function draw(
  candidates: readonly ReviewCandidate[],
  labels: readonly Label[],
  { config }: LoadedConfig,
): DrawnReview[] {
  const labelled = new Map<string, number>();
  for (const { segments } of labels) {
    for (const [dimension, value] of Object.entries(segments)) {
      const cell = `${dimension}=${value}`;
      labelled.set(cell, (labelled.get(cell) ?? 0) + 1);
    }
  }
  const releases = candidates.flatMap(({ release }) => release ?? []);
  return drawReviews(candidates, { labelled, newestRelease: releases.at(-1) ?? null }, config.reviews);
}

interface Candidates {
  readonly candidates: readonly ReviewCandidate[];
  readonly texts: ReadonlyMap<string, { readonly request: string; readonly answer: string }>;
  readonly items: ReadonlyMap<string, Omit<ReviewedItem, 'reason' | 'probability'>>;
}

const verdicts = createRecordCodec('verdict');

/** In the order of the file. The last verdict of an interaction speaks. */
async function readCandidates(directory: string, { config }: LoadedConfig): Promise<Candidates> {
  const candidates = new Map<string, ReviewCandidate>();
  const texts = new Map<string, { request: string; answer: string }>();
  const items = new Map<string, Omit<ReviewedItem, 'reason' | 'probability'>>();
  const passAt = new Map(config.criteria.map((criterion) => [criterion.name, criterion.passAt]));
  const unhappy = await unhappyConversations(directory);
  for await (const json of readJsonLines(`${directory}/verdicts.jsonl`)) {
    const read = verdicts.fromJson(json);
    if (!read.ok) continue;
    const { interaction, interactionId, conversationId, criteria } = read.value;
    if (interaction === null || !criteria.some(({ result }) => result === 'scored')) continue;
    const passed = criteria.every(({ pass }) => pass !== false);
    candidates.set(interactionId, {
      interactionId,
      segments: interaction.segments,
      release: interaction.producer.release,
      disagreement: Math.max(0, ...criteria.map(({ combined }) => combined?.disagreement ?? 0)),
      diverges: passed && unhappy.has(conversationId),
    });
    const request = interaction.input.findLast(({ role }) => role === 'user')?.content ?? '';
    texts.set(interactionId, { request, answer: interaction.output.text });
    items.set(interactionId, {
      segments: interaction.segments,
      producerFamily: familyOf(interaction.producer.model, config.models)?.family ?? null,
      scores: scoresOf(read.value, passAt),
    });
  }
  return { candidates: [...candidates.values()], texts, items };
}

function scoresOf({ criteria }: Verdict, passAt: ReadonlyMap<string, number>): ReviewedItem['scores'] {
  return new Map(
    criteria.map((one) => [
      one.criterion,
      { panel: one.panel, score: one.score, judges: judgesOf(one), passAt: passAt.get(one.criterion) ?? 0.5 },
    ]),
  );
}

/** A judge that sits on both stages speaks once. */
function judgesOf({ cheap, ensemble }: CriterionVerdict): JudgeScore[] {
  const scores = new Map<string, JudgeScore>();
  for (const { judge, family, score } of [...cheap, ...ensemble])
    if (score !== null) scores.set(judge, { judge, family, score });
  return [...scores.values()];
}

/** Conversations that ended badly by what users did; none where no sessions were written. */
async function unhappyConversations(directory: string): Promise<ReadonlySet<string>> {
  const unhappy = new Set<string>();
  try {
    for await (const session of readJsonLines(`${directory}/sessions.jsonl`)) {
      const { conversation_id: id, ending } = session as { conversation_id?: string; ending?: string };
      if (id !== undefined && (ending === 'abandoned' || ending === 'handed_off')) unhappy.add(id);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return unhappy;
}

async function labelsOf(directory: string, loaded: LoadedConfig): Promise<Label[]> {
  const parts = { reader: readLedgerOf(directory), checkpoints: checkpointsOf(directory) };
  const { labels } = await foldDirectory(parts, loaded);
  return labels.map(({ value }) => value);
}

async function readRows(input: string): Promise<readonly ReviewRow[]> {
  let text: string;
  try {
    text = await readFile(input, 'utf8');
  } catch (cause) {
    throw new MonitorError('FILE_UNREADABLE', `cannot read ${input}`, { cause });
  }
  if (input.endsWith('.csv')) return parseCsv(text);
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      const row = JSON.parse(line) as Record<string, unknown>;
      return [Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)]))];
    } catch (cause) {
      throw new MonitorError('USAGE', `${input}:${i + 1} is not JSON`, { cause });
    }
  });
}

function textOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function addTo(byItem: Map<string, Label[]>, label: Label): void {
  const key = `${label.interactionId}\n${label.criterion}`;
  const others = (byItem.get(key) ?? []).filter((one) => labelKey(one) !== labelKey(label));
  byItem.set(key, [...others, label]);
}
