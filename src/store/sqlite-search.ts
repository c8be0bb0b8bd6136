import type { Label } from '../domain/label';
import type { BodyCodec } from './body-codec';
import { decodeCursor, encodeCursor } from './cursor';
import {
  type CriterionRow,
  type InteractionFilter,
  type InteractionOrder,
  type InteractionRow,
  MAX_PAGE,
  type Page,
  type PageRequest,
  type StoredInteraction,
} from './port-search';
import { isInSegment } from './traffic-cell';
import type { Database, SqlValue } from './sqlite-database';
import { recordsAbout } from './sqlite-records';
import type { Terms } from './sqlite-terms';

export interface ReaderParts {
  readonly db: Database;
  readonly terms: Terms;
  readonly bodies: BodyCodec;
}

const ITEM =
  'item.id, item.interaction, conversation.name, item.turn, item.at, item.outcome, item.cell, item.sampled, item.worst, item.disagreement, item.cost';

/** Conditions joined by AND, with their values in order. */
interface Where {
  readonly conditions: string[];
  readonly values: SqlValue[];
}

/** Interactions by what is known of them. Searches go by keys, so a page costs the same however deep it lies. */
export function searchInteractions(
  parts: ReaderParts,
  filter: InteractionFilter,
  order: InteractionOrder,
  page: PageRequest,
): Page<InteractionRow> {
  const plan = planOf(parts, filter, order);
  if (plan === null) return { rows: [], next: null };
  const { conditions, values } = plan.where;
  const limit = Math.min(MAX_PAGE, Math.max(1, page.limit));
  const cursor = decodeCursor(page.after, 2);
  const direction = plan.descending ? 'DESC' : 'ASC';
  if (cursor !== null) {
    conditions.push(`(${plan.key}, item.id) ${plan.descending ? '<' : '>'} (?, ?)`);
    values.push(cursor[0]!, cursor[1]!);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const found = parts.db
    .prepare(
      `SELECT ${ITEM}, ${plan.key} FROM ${plan.from} JOIN conversation ON conversation.id = item.conversation ${where}
       ORDER BY ${plan.key} ${direction}, item.id ${direction} LIMIT ?`,
    )
    .rows(...plan.fromValues, ...values, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const next = found.length > limit && last !== undefined ? encodeCursor([Number(last[11]), Number(last[0])]) : null;
  return { rows: rows.map((row) => toInteraction(parts, row)), next };
}

interface Plan {
  readonly from: string;
  /** Values of `from`, which come before those of the conditions. */
  readonly fromValues: readonly SqlValue[];
  readonly where: Where;
  /** What the list is sorted by, ahead of the number of the item. */
  readonly key: string;
  readonly descending: boolean;
}

/** Null when nothing can match. */
function planOf({ db, terms }: ReaderParts, filter: InteractionFilter, order: InteractionOrder): Plan | null {
  const where: Where = { conditions: [], values: [] };
  const add = (condition: string, ...values: readonly SqlValue[]): void => {
    where.conditions.push(condition);
    where.values.push(...values);
  };
  let from = 'item';
  let key = order === 'worst' ? 'item.worst' : order === 'disagreement' ? 'item.disagreement' : 'item.at';
  if (filter.criterion !== undefined) {
    const criterion = terms.find('criterion', filter.criterion);
    if (criterion === null) return null;
    from = 'score JOIN item ON item.id = score.item';
    add('score.criterion = ?', criterion);
    if (order === 'recent') key = 'score.at';
    else key = order === 'worst' ? 'score.score' : 'score.disagreement';
  }
  const score = filter.criterion === undefined ? 'item.worst' : 'score.score';
  if (filter.result === 'fail') add(filter.criterion === undefined ? 'item.worst < 0.5' : 'score.pass = 0');
  if (filter.result === 'pass') add(filter.criterion === undefined ? 'item.worst >= 0.5' : 'score.pass = 1');
  if (filter.result === 'unjudged') {
    if (filter.criterion === undefined) add('item.sampled = 1 AND item.worst IS NULL');
    else add(`score.result = 'unjudged'`);
  }
  if (filter.minScore !== undefined) add(`${score} >= ?`, filter.minScore);
  if (filter.maxScore !== undefined) add(`${score} <= ?`, filter.maxScore);
  const split = filter.criterion === undefined ? 'item.disagreement' : 'score.disagreement';
  if (filter.minDisagreement !== undefined) add(`${split} >= ? AND ${split} > 0`, filter.minDisagreement);
  if (order === 'disagreement') add(`${split} > 0`);
  if (order === 'worst') add(`${score} IS NOT NULL`);
  const fromValues: SqlValue[] = [];
  if (filter.text !== undefined) {
    const words = matchOf(filter.text);
    const ids = words === '' ? [] : newestMatches(db, words);
    if (ids.length === 0) return null;
    from = filter.criterion === undefined ? HITS : `${HITS} CROSS JOIN score ON score.item = item.id`;
    fromValues.push(JSON.stringify(ids));
  } else if (filter.criterion === undefined && order === 'recent' && isRare(db, where)) {
    // By time, SQLite would look at everything to find the few.
    from = 'item INDEXED BY item_worst';
  }
  if (filter.check !== undefined) {
    const check = terms.find('check', filter.check);
    if (check === null) return null;
    if (from === 'item' && order === 'recent') {
      from = 'failed_check JOIN item ON item.id = failed_check.item';
      key = 'failed_check.at';
      add('failed_check.name = ?', check);
    } else
      add('EXISTS (SELECT 1 FROM failed_check WHERE failed_check.item = item.id AND failed_check.name = ?)', check);
  }
  if (filter.segment !== undefined && filter.segment !== 'all') {
    const cells = terms.all('cell').flatMap(([id]) => (isInSegment(terms.cellOf(id), filter.segment!) ? [id] : []));
    if (cells.length === 0) return null;
    add('item.cell IN (SELECT value FROM json_each(?))', JSON.stringify(cells));
  }
  if (filter.conversation !== undefined) {
    add('item.conversation = (SELECT id FROM conversation WHERE name = ?)', filter.conversation);
  }
  if (filter.userHash !== undefined) add('item.user = ?', filter.userHash);
  if (filter.from !== undefined) add(`${isTime(key) ? key : 'item.at'} >= ?`, filter.from);
  if (filter.to !== undefined) add(`${isTime(key) ? key : 'item.at'} < ?`, filter.to);
  return { from, fromValues, where, key, descending: order !== 'worst' };
}

function isTime(key: string): boolean {
  return key.endsWith('.at');
}

/** Of more matches the newest are looked at. */
const MOST_MATCHES = 5_000;

/** From the matches to their interactions, never the other way: `CROSS JOIN` keeps the order. */
const HITS = `json_each(?) AS hit CROSS JOIN detail ON detail.id = hit.value
  CROSS JOIN item ON item.interaction = detail.interaction AND item.verdict = detail.verdict`;

/** Whether conditions on scores leave so few that they are found by score and sorted, instead of by time and sifted. */
function isRare(db: Database, { conditions, values }: Where): boolean {
  const onWorst = conditions.every((condition) => condition.startsWith('item.worst'));
  if (conditions.length === 0 || !onWorst) return false;
  const probe = `SELECT 1 FROM item INDEXED BY item_worst WHERE worst IS NOT NULL AND ${conditions.join(' AND ')}`;
  const [n] = db.prepare(`SELECT COUNT(*) FROM (${probe} LIMIT ${MOST_MATCHES})`).row(...values) ?? [0];
  return Number(n) < MOST_MATCHES;
}

function newestMatches(db: Database, words: string): number[] {
  const found = db
    .prepare(`SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ${MOST_MATCHES}`)
    .rows(words);
  return found.map(([id]) => Number(id));
}

/** Every word must be there; what the index's own syntax would read as operators is quoted away. */
function matchOf(text: string): string {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(0, 16)
    .map((word) => `"${word}"`)
    .join(' AND ');
}

function toInteraction({ db, terms }: ReaderParts, row: readonly SqlValue[]): InteractionRow {
  const id = Number(row[0]);
  const criteria = db
    .prepare('SELECT criterion, result, score, pass, panel, escalated, disagreement FROM score WHERE item = ?')
    .rows(id);
  const checks = db.prepare('SELECT name FROM failed_check WHERE item = ? ORDER BY name').rows(id);
  return {
    interactionId: String(row[1]),
    conversationId: String(row[2]),
    turnIndex: Number(row[3]),
    occurredAt: Number(row[4]),
    outcome: String(row[5]),
    cell: terms.cellOf(Number(row[6])),
    sampled: row[7] === 1,
    worstScore: numberOrNull(row[8]),
    disagreement: numberOrNull(row[9]),
    failedChecks: checks.map(([check]) => terms.textOf(Number(check))),
    criteria: criteria.map((one) => toCriterion(terms, one)),
    costUsd: Number(row[10]),
  };
}

function toCriterion(terms: Terms, row: readonly SqlValue[]): CriterionRow {
  return {
    criterion: terms.textOf(Number(row[0])),
    result: String(row[1]),
    score: numberOrNull(row[2]),
    pass: row[3] === null ? null : row[3] === 1,
    panel: row[4] === null ? null : terms.textOf(Number(row[4])),
    escalated: row[5] === 1,
    disagreement: numberOrNull(row[6]),
  };
}

export function numberOrNull(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

export function readInteraction(parts: ReaderParts, interactionId: string): StoredInteraction | null {
  return readStored(parts, 'item.interaction = ?', interactionId)[0] ?? null;
}

/** All turns, in order. */
export function readConversation(parts: ReaderParts, conversationId: string): StoredInteraction[] {
  const wanted = 'item.conversation = (SELECT id FROM conversation WHERE name = ?)';
  return readStored(parts, wanted, conversationId);
}

/** More turns than this are not shown. */
const MOST_TURNS = 200;

function readStored(parts: ReaderParts, condition: string, value: string): StoredInteraction[] {
  const { db, bodies } = parts;
  const rows = db
    .prepare(
      `SELECT ${ITEM}, item.user, detail.body FROM item JOIN conversation ON conversation.id = item.conversation
       LEFT JOIN detail ON detail.verdict = item.verdict WHERE ${condition} ORDER BY item.turn, item.at LIMIT ${MOST_TURNS}`,
    )
    .rows(value);
  return rows.map((row) => {
    const body = row[12];
    return {
      row: toInteraction(parts, row),
      userHash: row[11] === null ? null : String(row[11]),
      verdictJson: body instanceof Uint8Array ? bodies.open(body) : null,
      labels: recordsAbout<Label>(db, 'label', String(row[1])),
    };
  });
}
