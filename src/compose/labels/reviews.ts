import { readFile, writeFile } from 'node:fs/promises';
import type { LoadedConfig } from '../../config/load';
import type { ReviewParts } from '../../console/ports';
import { MonitorError } from '../../domain/error';
import type { Interaction } from '../../domain/interaction';
import { type Label, labelKey } from '../../domain/label';
import { labelRecord } from '../../domain/ledger-record';
import { familyOf } from '../../judge/families';
import { systemClock } from '../../platform/clock';
import { createRedactor } from '../../privacy/redactor';
import {
  isSplitDecision,
  openReviews,
  type OpenReview,
  type ReviewCandidate,
  reviewsAt,
  type DrawnReview,
} from '../../reviews/queue';
import {
  contradicts,
  goldenItem,
  type ReviewedItem,
  type ReviewFault,
  type ReviewRules,
  scoresOf,
  toLabel,
} from '../../reviews/review';
import { parseCsv, renderCsv, type ReviewRow, toReview } from '../../reviews/table';
import { passAtOf } from '../golden/judges';
import { readGoldenSet } from '../golden/set-file';
import { openRecorded, type Recorded, type RecordedPlace } from '../replay/recorded';
import { planLabelling } from './plan';

/** What reviews rest on. Rejects as `readGoldenSet`. */
export async function reviewPartsOf({ config, secrets }: LoadedConfig): Promise<ReviewParts> {
  const { raterSaltEnv } = config.reviews;
  const { set } = config.golden;
  return {
    options: config.reviews,
    raterSalt: (raterSaltEnv === undefined ? null : secrets.get(raterSaltEnv)) ?? config.instance.name,
    familyOf: (model) => familyOf(model, config.models)?.family ?? null,
    splits: new Map(
      config.criteria.flatMap(({ name, passAt, onSplit }) => (onSplit === 'review' ? [[name, passAt]] : [])),
    ),
    golden: set === undefined ? [] : (await readGoldenSet(set)).items,
  };
}

/** An open review with the text that a person needs to judge it; never with what judges said. */
export interface ShownReview extends OpenReview {
  readonly request: string;
  readonly answer: string;
}

/** Reviews that wait. */
export async function waitingReviews(place: RecordedPlace, loaded: LoadedConfig): Promise<ShownReview[]> {
  const { drawn, texts, recorded } = await readReviews(place, loaded);
  return openReviews(drawn, recorded.labels, null).map((review) => {
    const { request = '', answer = '' } = texts.get(review.interactionId) ?? {};
    return { ...review, request, answer };
  });
}

export interface ExportResult {
  readonly rows: number;
}

/** Instead of what waits: the items that a label budget is best spent on. */
export interface ExportPlan {
  readonly criterion: string;
  readonly labels: number;
}

/** A `.csv` for spreadsheets, or `.jsonl`: a row per open review, to be filled in and imported again. */
export async function exportReviews(
  place: RecordedPlace,
  loaded: LoadedConfig,
  out: string,
  plan: ExportPlan | null = null,
): Promise<ExportResult> {
  if (plan !== null) return exportPlanned(place, loaded, out, plan);
  const queue = await waitingReviews(place, loaded);
  const rows = queue.map(({ interactionId, criterion, round, request, answer }): ReviewRow => {
    const { rubricVersion } = loaded.config.reviews;
    return { interaction_id: interactionId, criterion, rubric_version: rubricVersion, round, request, answer };
  });
  return writeRows(out, rows);
}

async function writeRows(out: string, rows: readonly ReviewRow[]): Promise<ExportResult> {
  const text = out.endsWith('.csv') ? renderCsv(rows) : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(out, text);
  return { rows: rows.length };
}

/** Each row carries its chance, which comes back with the label. */
async function exportPlanned(
  place: RecordedPlace,
  loaded: LoadedConfig,
  out: string,
  { criterion, labels }: ExportPlan,
): Promise<ExportResult> {
  const { items } = await planLabelling({ loaded, place, criterion, labels });
  const { texts } = await readReviews(place, loaded);
  const { rubricVersion } = loaded.config.reviews;
  const rows = items.map(({ interactionId, probability }): ReviewRow => {
    const { request = '', answer = '' } = texts.get(interactionId) ?? {};
    const known = { interaction_id: interactionId, criterion, rubric_version: rubricVersion, round: 'first' };
    return { ...known, probability: String(probability), request, answer };
  });
  return writeRows(out, rows);
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
 * Labels from a table into the ledger. What is refused is counted and written beside the input as
 * `<input>.rejects.jsonl`, so that nothing is lost. Rejects with FILE_UNREADABLE.
 */
export async function importReviews(place: RecordedPlace, loaded: LoadedConfig, input: string): Promise<ImportResult> {
  const rows = await readRows(input);
  const { drawn, items, parts, recorded } = await readReviews(place, loaded);
  const asked = new Map(drawn.map((review) => [review.interactionId, review]));
  const known = new Map(recorded.labels.map((label) => [labelKey(label), label]));
  const byItem = new Map<string, Label[]>();
  for (const label of recorded.labels) addTo(byItem, label);
  const redactor = createRedactor(loaded.config.privacy, undefined);
  const rules: ReviewRules = {
    cohort: parts.options.cohort,
    rubricVersion: parts.options.rubricVersion,
    raterSalt: parts.raterSalt,
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
    const { interactionId: id, criterion } = review;
    const others = byItem.get(`${id}\n${criterion}`) ?? [];
    const label = toLabel(review, { item: items.get(id), drawn: asked.get(id), others }, rules);
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
  if (accepted.length > 0) await recorded.append(accepted.map((label) => labelRecord(label, rules.now)));
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

interface Reviews {
  readonly recorded: Recorded;
  readonly parts: ReviewParts;
  readonly drawn: readonly DrawnReview[];
  readonly texts: ReadonlyMap<string, { readonly request: string; readonly answer: string }>;
  readonly items: ReadonlyMap<string, ReviewedItem>;
}

/** Of an interaction with several verdicts the last speaks. */
async function readReviews(place: RecordedPlace, loaded: LoadedConfig): Promise<Reviews> {
  const recorded = await openRecorded(loaded, place);
  const parts = await reviewPartsOf(loaded);
  const unhappy = await recorded.unhappy();
  const passAt = passAtOf(loaded.config);
  const candidates = new Map<string, ReviewCandidate>();
  const texts = new Map<string, { request: string; answer: string }>();
  const items = new Map<string, ReviewedItem>();
  const showing = (id: string, { input, output }: Interaction): void => {
    texts.set(id, { request: input.findLast(({ role }) => role === 'user')?.content ?? '', answer: output.text });
  };
  await recorded.eachVerdict(({ interaction, interactionId, conversationId, criteria }) => {
    const scored = criteria.filter(({ result }) => result === 'scored');
    if (interaction === null || scored.length === 0) return;
    const { segments, producer } = interaction;
    candidates.set(interactionId, {
      interactionId,
      criteria: scored.map(({ criterion }) => criterion),
      segments,
      release: producer.release,
      disagreement: Math.max(0, ...criteria.map(({ combined }) => combined?.disagreement ?? 0)),
      diverges: criteria.every(({ pass }) => pass !== false) && unhappy.has(conversationId),
      isSplit: isSplitDecision(parts.splits, criteria),
    });
    showing(interactionId, interaction);
    items.set(interactionId, {
      segments,
      producerFamily: parts.familyOf(producer.model),
      scores: scoresOf(criteria, passAt),
    });
  });
  for (const golden of parts.golden) {
    showing(golden.id, golden.interaction);
    items.set(golden.id, goldenItem(golden, parts.familyOf, passAt));
  }
  const { labels } = recorded;
  const now = systemClock.now();
  const input = { candidates: [...candidates.values()], labels, golden: parts.golden, now };
  return { recorded, parts, drawn: reviewsAt(input, parts.options), texts, items };
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
