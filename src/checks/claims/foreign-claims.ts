import type { Action } from './actions';

export interface ForeignClaims {
  readonly action: Action;
  readonly phrases: RegExp;
}

export interface ForeignLanguage {
  /** Without one of these no phrase can match: a plain search spares the pattern on other languages' texts. */
  readonly hints: readonly string[];
  readonly claims: readonly ForeignClaims[];
}

/** German, French and Spanish: the first person's perfect with its participle within one clause. Gaps are bounded. */
export const FOREIGN_LANGUAGES: readonly ForeignLanguage[] = [
  {
    hints: ['habe'],
    claims: [
      { action: 'refund', phrases: /\b(?:[Ii]ch habe|[Ww]ir haben) [^.!?\n]{0,80}(?:erstattet|gutgeschrieben)\b/g },
      { action: 'cancel', phrases: /\b(?:[Ii]ch habe|[Ww]ir haben) [^.!?\n]{0,80}(?:storniert|gekündigt)\b/g },
      {
        action: 'book',
        phrases: /\b(?:[Ii]ch habe|[Ww]ir haben) [^.!?\n]{0,80}(?:gebucht|umgebucht|reserviert|bestellt)\b/g,
      },
      {
        action: 'escalate',
        phrases: /\b(?:[Ii]ch habe|[Ww]ir haben) [^.!?\n]{0,80}(?:eskaliert|weitergeleitet|weitergegeben)\b/g,
      },
    ],
  },
  {
    hints: ["'ai ", '’ai ', 'ous avons '],
    claims: [
      { action: 'refund', phrases: /\b(?:[Jj]['’]ai|[Nn]ous avons) (?:bien |déjà )?remboursé/g },
      { action: 'cancel', phrases: /\b(?:[Jj]['’]ai|[Nn]ous avons) (?:bien |déjà )?(?:annulé|résilié)/g },
      { action: 'book', phrases: /\b(?:[Jj]['’]ai|[Nn]ous avons) (?:bien |déjà )?(?:réservé|commandé)/g },
      { action: 'escalate', phrases: /\b(?:[Jj]['’]ai|[Nn]ous avons) (?:bien |déjà )?(?:transféré|transmis) votre/g },
    ],
  },
  {
    hints: ['He ', 'he ', 'emos '],
    claims: [
      { action: 'refund', phrases: /\b(?:[Hh]e|[Hh]emos) (?:ya )?reembolsado\b/g },
      { action: 'cancel', phrases: /\b(?:[Hh]e|[Hh]emos) (?:ya )?(?:cancelado|anulado)\b/g },
      { action: 'book', phrases: /\b(?:[Hh]e|[Hh]emos) (?:ya )?reservado\b/g },
      { action: 'escalate', phrases: /\b(?:[Hh]e|[Hh]emos) (?:ya )?(?:escalado|transferido)\b/g },
    ],
  },
];
