import { outcomesOf } from '../outcome';
import type { ChecksOptions } from '../options';
import type { DocumentedCheck } from '../port';
import { findUngrounded } from './find-ungrounded';
import { sourcesOf } from './sources';

const NAME = 'grounding';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

export function createGroundingCheck({ grounding }: ChecksOptions): DocumentedCheck {
  return {
    name: NAME,
    version: VERSION,
    meaning:
      'Where documents were given (`context`): the URLs, citations, quotations and numbers of the answer occur in them, in the conversation, in the facts or in tool results. Numbers match when a source rounds to them, as a percentage of a share, or as sum, difference or product of two grounded figures; quotations without regard to case and marks.',
    example: '`The fee is $350` where the documents say $35 fails with detail `number` and the figure as span.',
    falsePositives:
      'Figures worked out in more than one step, general knowledge, examples the model makes up as such. Counts below 13 are let be. Does not escalate unless asked to.',
    run: (interaction) => {
      if (interaction.context.length === 0) return notApplicable('no_context');
      if (interaction.output.text === '') return notApplicable('empty');
      const found = findUngrounded(interaction.output.text, interaction.context, sourcesOf(interaction), grounding);
      return found === null ? pass() : fail(found.kind, found.span);
    },
  };
}
