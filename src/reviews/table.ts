import { LABEL_OUTCOMES, type LabelOutcome } from '../domain/label';
import type { Review } from './review';

/** Columns of a table of reviews; an export fills the first, people fill the rest. */
export const REVIEW_COLUMNS = [
  'interaction_id',
  'criterion',
  'rubric_version',
  'round',
  'probability',
  'request',
  'answer',
  'rater',
  'label',
  'confidence',
  'comment',
  'labelled_at',
] as const;
export type ReviewColumn = (typeof REVIEW_COLUMNS)[number];
export type ReviewRow = Readonly<Partial<Record<ReviewColumn, string>>>;

/** A cell that begins so is a formula to a spreadsheet, whatever the producer's text meant by it. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180 with a byte order mark, so that spreadsheets read UTF-8; formulas are disarmed by a leading apostrophe. */
export function renderCsv(rows: readonly ReviewRow[]): string {
  const lines = rows.map((row) => REVIEW_COLUMNS.map((column) => cell(row[column] ?? '')).join(','));
  return `\uFEFF${[REVIEW_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Reads what `renderCsv` or a spreadsheet wrote, with commas or semicolons. Unknown columns are left out. */
export function parseCsv(text: string): ReviewRow[] {
  const separator = (text.split(/\r?\n/, 1)[0] ?? '').includes(';') ? ';' : ',';
  const [head = [], ...rows] = records(text.replace(/^\uFEFF/, ''), separator);
  const columns = head.map((name) => name.trim().toLowerCase());
  return rows
    .filter((row) => row.some((value) => value !== ''))
    .map((row) => Object.fromEntries(columns.map((column, i) => [column, disarmed(row[i] ?? '')])));
}

/** `label`: pass, fail, 1, 0, a number in [0, 1], `?` or `cannot tell`, `withdrawn`. Null for a row nobody filled. */
export function toReview(row: ReviewRow): Review | null {
  const said = (row.label ?? '').trim().toLowerCase();
  if (said === '') return null;
  const { outcome, value } = readLabel(said);
  return {
    interactionId: row.interaction_id ?? '',
    criterion: row.criterion ?? '',
    rater: (row.rater ?? '').trim(),
    outcome,
    value,
    confidence: numberOrNull(row.confidence),
    comment: emptyToNull(row.comment),
    rubricVersion: emptyToNull(row.rubric_version),
    probability: numberOrNull(row.probability),
    labelledAt: row.labelled_at === undefined || row.labelled_at === '' ? null : Date.parse(row.labelled_at) || null,
  };
}

function readLabel(said: string): { readonly outcome: LabelOutcome; readonly value: number | null } {
  if (said === 'pass' || said === 'yes' || said === 'true') return { outcome: 'labelled', value: 1 };
  if (said === 'fail' || said === 'no' || said === 'false') return { outcome: 'labelled', value: 0 };
  if (said === '?' || said === 'cannot tell' || said === LABEL_OUTCOMES[1])
    return { outcome: 'cannot_tell', value: null };
  if (said === LABEL_OUTCOMES[2] || said === 'remove') return { outcome: 'withdrawn', value: null };
  const value = Number(said.replace(',', '.'));
  // A value that is no number stays unsound, and is told as invalid.
  return { outcome: 'labelled', value: Number.isFinite(value) ? value : -1 };
}

function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function disarmed(value: string): string {
  return value.startsWith("'") && FORMULA.test(value.slice(1)) ? value.slice(1) : value;
}

function records(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quoted) {
      if (char !== '"') value += char;
      else if (text[i + 1] === '"') {
        value += '"';
        i += 1;
      } else quoted = false;
    } else if (char === '"' && value === '') quoted = true;
    else if (char === separator) {
      row.push(value);
      value = '';
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[i + 1] === '\n') i += 1;
      rows.push([...row, value]);
      row = [];
      value = '';
    } else value += char;
  }
  if (value !== '' || row.length > 0) rows.push([...row, value]);
  return rows;
}

function numberOrNull(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : -1;
}

function emptyToNull(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text;
}
