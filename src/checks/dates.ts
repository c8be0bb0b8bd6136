const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DATE =
  /\b(\d{4})-(\d{2})-(\d{2})\b|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b|\b(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? (\d{4})\b|\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/gi;

/** A date as written, as days since 1970-01-01. */
export interface WrittenDate {
  readonly day: number;
  readonly start: number;
  readonly end: number;
}

/** `2026-05-20`, `May 20th, 2026`, `20 May 2026`, `20.5.2026`; days that no calendar has are left out. */
export function writtenDates(text: string, most: number): readonly WrittenDate[] {
  const found: WrittenDate[] = [];
  DATE.lastIndex = 0;
  for (let hit = DATE.exec(text); hit !== null && found.length < most; hit = DATE.exec(text)) {
    const [, y1, m1, d1, m2, d2, y2, d3, m3, y3, d4, m4, y4] = hit;
    const year = Number(y1 ?? y2 ?? y3 ?? y4);
    const month = m1 ?? m4 ?? String(MONTHS.indexOf((m2 ?? m3 ?? '').toLowerCase()) + 1);
    const at = Date.UTC(year, Number(month) - 1, Number(d1 ?? d2 ?? d3 ?? d4));
    const date = new Date(at);
    if (Number.isNaN(at) || date.getUTCMonth() !== Number(month) - 1) continue;
    found.push({ day: at / 86_400_000, start: hit.index, end: hit.index + hit[0].length });
  }
  return found;
}
