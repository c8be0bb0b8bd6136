import type { Action } from './actions';

export interface ForeignLanguage {
  /** Without one of these no claim can match: a plain search spares the pattern on other languages' texts. */
  readonly hints: readonly string[];
  /** Its first group is a key of `actions`. */
  readonly claim: RegExp;
  readonly actions: Readonly<Record<string, Action>>;
}

/** German, French and Spanish: the first person's perfect with its participle within one clause. Gaps are bounded. */
export const FOREIGN_LANGUAGES: readonly ForeignLanguage[] = [
  {
    hints: ['habe'],
    claim:
      /\b(?:[Ii]ch habe|[Ww]ir haben) [^.!?\n]{0,80}?(erstattet|gutgeschrieben|storniert|gekündigt|gebucht|umgebucht|reserviert|bestellt|eskaliert|weitergeleitet|weitergegeben)\b/g,
    actions: {
      erstattet: 'refund',
      gutgeschrieben: 'refund',
      storniert: 'cancel',
      gekündigt: 'cancel',
      gebucht: 'book',
      umgebucht: 'book',
      reserviert: 'book',
      bestellt: 'book',
      eskaliert: 'escalate',
      weitergeleitet: 'escalate',
      weitergegeben: 'escalate',
    },
  },
  {
    hints: ["'ai ", '’ai ', 'ous avons '],
    claim:
      /\b(?:[Jj]['’]ai|[Nn]ous avons) (?:bien |déjà )?(remboursé|annulé|résilié|réservé|commandé|transféré votre|transmis votre)/g,
    actions: {
      remboursé: 'refund',
      annulé: 'cancel',
      résilié: 'cancel',
      réservé: 'book',
      commandé: 'book',
      'transféré votre': 'escalate',
      'transmis votre': 'escalate',
    },
  },
  {
    hints: ['sado', 'lado', 'vado', 'rido'],
    claim: /\b(?:[Hh]e|[Hh]emos) (?:ya )?(reembolsado|cancelado|anulado|reservado|escalado|transferido)\b/g,
    actions: {
      reembolsado: 'refund',
      cancelado: 'cancel',
      anulado: 'cancel',
      reservado: 'book',
      escalado: 'escalate',
      transferido: 'escalate',
    },
  },
];
