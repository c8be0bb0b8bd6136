import type { Interaction } from '../domain/interaction';
import type { RedactionCount } from '../domain/verdict';

export interface Redacted {
  readonly interaction: Interaction;
  readonly counts: readonly RedactionCount[];
}

/** Replaces personal data and secrets in every text field; `user@host` becomes `[email]`. Total and deterministic. */
export interface Redactor {
  redactInteraction(interaction: Interaction): Redacted;
  redactText(text: string): string;
}
