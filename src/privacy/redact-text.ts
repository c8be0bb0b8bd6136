import { findAddresses } from './address';
import { findCards } from './card';
import type { CustomPattern } from './custom-patterns';
import { findEmails } from './email';
import { findIbans } from './iban';
import { findIps } from './ip';
import { findNames } from './name';
import { findNationalIds } from './national-id';
import { numberRuns } from './number-runs';
import type { PrivacyOptions } from './options';
import { findPhones } from './phone';
import { applyReplacements, type CutText } from './replace';
import { scanText } from './scan';
import { findSecrets } from './secret';
import { type FoundSpan, joinSpans } from './span';

/** Told once for every replacement. */
export type OnRedaction = (kind: string) => void;

/** Redacts a plain text; cuts move along. */
export type RedactPlain = (from: CutText, onRedaction: OnRedaction) => CutText;

/** Of overlapping finds the first of these names the whole. */
const RANK = ['secret', 'email', 'iban', 'card', 'national_id', 'ip', 'phone', 'address', 'name'];

/**
 * A placeholder beside a find may open the border another find was waiting for, so the text is read again until
 * nothing is found. Each reading consumes text, and built-in kinds settle on the second.
 */
const MOST_READINGS = 8;

export function createPlainRedactor(options: PrivacyOptions, patterns: readonly CustomPattern[]): RedactPlain {
  const find = createFinder(options, patterns);
  return (from, onRedaction) => {
    let current = from;
    for (let reading = 0; reading < MOST_READINGS; reading++) {
      const spans = find(current.text);
      if (spans.length === 0) break;
      for (const span of spans) onRedaction(span.kind);
      current = applyReplacements(
        current,
        spans.map(({ start, end, kind }) => ({ start, end, text: `[${kind}]` })),
      );
    }
    return current;
  };
}

type Finder = (text: string) => readonly FoundSpan[];

function createFinder(options: PrivacyOptions, patterns: readonly CustomPattern[]): Finder {
  const kinds = new Set<string>(options.redact);
  const rank = new Map([...RANK, ...patterns.map((pattern) => pattern.name)].map((kind, index) => [kind, index]));
  const email = kinds.has('email');
  const phone = kinds.has('phone');
  const card = kinds.has('card');
  const iban = kinds.has('iban');
  const ip = kinds.has('ip');
  const secret = kinds.has('secret');
  const nationalId = kinds.has('national_id');
  const name = kinds.has('name');
  const address = kinds.has('address');
  return (text) => {
    const out: FoundSpan[] = [];
    const scan = scanText(text);
    if (email && scan.ats.length > 0) findEmails(text, scan, out);
    if (secret && (scan.longTokens.length > 0 || text.includes('-----BEGIN '))) findSecrets(text, scan, out);
    const digits = scan.groups.count > 0;
    if (digits && iban) findIbans(text, scan, out);
    if (digits && (card || phone || ip || nationalId)) {
      const runs = numberRuns(text, scan);
      if (card) findCards(text, scan, runs, out);
      if (nationalId) findNationalIds(text, scan, runs, out);
      if (phone) findPhones(text, scan, runs, out);
      if (ip) findIps(text, scan, runs, out);
    }
    if (digits && address) findAddresses(text, out);
    if (name) findNames(text, out);
    for (const pattern of patterns) pattern.find(text, out);
    return joinSpans(out, rank);
  };
}
