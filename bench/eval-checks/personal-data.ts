import { privacyOptions, type REDACTION_KINDS } from '../../src/privacy/options';
import { createRedactor } from '../../src/privacy/redactor';
import { listOf, rowsOf, type Row, type Score, scoreOf, type Tally, textOf } from './rows';

type Kind = (typeof REDACTION_KINDS)[number];

/** Our kinds and the set's types. Types without a kind of ours (places, organisations, dates, ages) are not redacted. */
const STRUCTURED: Readonly<Partial<Record<Kind, string>>> = {
  email: 'EMAIL_ADDRESS',
  phone: 'PHONE_NUMBER',
  card: 'CREDIT_CARD',
  iban: 'IBAN_CODE',
  national_id: 'US_SSN',
  ip: 'IP_ADDRESS',
};

export interface PersonalDataReport {
  readonly byKind: Readonly<Record<string, Score>>;
  /** Over all spans of the structured kinds together. */
  readonly structured: Score;
  readonly name: Score;
  readonly address: Score;
}

/** Strict spans: a find counts only where it begins and ends as the label does. */
export function evaluatePersonalData(): PersonalDataReport {
  const rows = rowsOf('pii_presidio');
  const total = { hits: 0, falseAlarms: 0, misses: 0 };
  const byKind: Record<string, Score> = {};
  for (const [kind, type] of Object.entries(STRUCTURED) as [Kind, string][]) {
    const tally = tallyOf(rows, kind, type);
    byKind[kind] = scoreOf(tally);
    // A type that the set does not hold has no score of its own, but its false alarms count.
    for (const key of ['hits', 'falseAlarms', 'misses'] as const) total[key] += tally[key];
  }
  return {
    byKind,
    structured: scoreOf(total),
    name: scoreOf(tallyOf(rows, 'name', 'PERSON')),
    address: scoreOf(tallyOf(rows, 'address', 'STREET_ADDRESS')),
  };
}

function tallyOf(rows: readonly Row[], kind: Kind, type: string): Tally {
  const redactor = createRedactor(privacyOptions.parse({ redact: [kind] }));
  const tally = { hits: 0, falseAlarms: 0, misses: 0 };
  for (const row of rows) {
    const wanted = new Set(
      listOf(row.spans)
        .filter((span) => span.type === type)
        .map((span) => `${String(span.start)}-${String(span.end)}`),
    );
    const whole = textOf(row.text);
    const found = foundSpans(whole, redactor.redactText(whole).split(`[${kind}]`));
    const hits = found.filter((span) => wanted.has(span)).length;
    tally.hits += hits;
    tally.falseAlarms += found.length - hits;
    tally.misses += wanted.size - hits;
  }
  return tally;
}

/** The finds are where the pieces between placeholders are not; each piece is sought from where the last one ended. */
function foundSpans(whole: string, pieces: readonly string[]): readonly string[] {
  const spans: string[] = [];
  let at = pieces[0]?.length ?? 0;
  for (let k = 1; k < pieces.length; k++) {
    const piece = pieces[k] ?? '';
    const end = k === pieces.length - 1 ? whole.length - piece.length : whole.indexOf(piece, at + 1);
    spans.push(`${at}-${end}`);
    at = end + piece.length;
  }
  return spans;
}
