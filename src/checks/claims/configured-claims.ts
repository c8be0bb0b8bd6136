import type { ChecksOptions } from '../options';
import { type ActionClaim, sentenceAround } from './find-claims';

/** A claim by the configuration: fixed words, and the tools of which one must have been called. */
export interface ConfiguredClaim extends ActionClaim {
  readonly tools: readonly string[];
  /** Position in `checks.toolClaims.phrases`. */
  readonly phrase: number;
}

const MOST_FINDS = 20;

/** Finds the configured phrases as plain text without regard to case. */
export function configuredClaims(
  phrases: ChecksOptions['toolClaims']['phrases'],
): (text: string) => readonly ConfiguredClaim[] {
  if (phrases.length === 0) return () => [];
  const wanted = phrases.map(({ phrase, tools }) => ({ phrase: phrase.toLowerCase(), tools }));
  return (text) => {
    const lower = text.toLowerCase();
    // Lower-casing can lengthen a text (`İ`); places would then be wrong.
    const searched = lower.length === text.length ? lower : text;
    const claims: ConfiguredClaim[] = [];
    for (const [index, { phrase, tools }] of wanted.entries()) {
      for (
        let at = searched.indexOf(phrase);
        at >= 0 && claims.length < MOST_FINDS;
        at = searched.indexOf(phrase, at + phrase.length)
      ) {
        const span = { start: at, end: at + phrase.length };
        claims.push({
          action: 'change',
          span,
          sentence: sentenceAround(text, span.start, span.end),
          firstPerson: true,
          tools,
          phrase: index,
        });
      }
    }
    return claims;
  };
}
