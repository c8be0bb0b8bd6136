import type { Span } from '../../domain/check';
import type { Interaction } from '../../domain/interaction';
import { outcomesOf } from '../outcome';
import type { ChecksOptions } from '../options';
import type { DocumentedCheck } from '../port';
import { contradictsAmount, contradictsId, namedValues } from './argument-values';
import { type ConfiguredClaim, configuredClaims } from './configured-claims';
import { type ActionClaim, findClaims } from './find-claims';
import { type CanDo, createCanDo } from './tool-map';
import { hasFailed, hasToolMessages, hasUnnamedResults, textOfCalls } from './trace';

const NAME = 'tool_claims';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

export function createToolClaimsCheck({ toolClaims }: ChecksOptions): DocumentedCheck {
  const canDo = createCanDo(toolClaims.tools);
  const findConfigured = configuredClaims(toolClaims.phrases);
  return {
    name: NAME,
    version: VERSION,
    meaning:
      'What the answer says it did (refunded, cancelled, booked, changed, sent, escalated, looked up, ...) was done: a tool that can do it was called in this turn, did not fail, and was given the amounts and ids that the answer names. Which tool can do what is told by the names and descriptions of the declared tools, or by `checks.toolClaims`.',
    example:
      '`I have refunded $48 to your card.` without a call that refunds fails with `refund not_called`; with none declared `no_tool`; after an error `failed`; with another amount or id `amount` or `id`. The span is the claim, or the value that differs.',
    falsePositives:
      'Actions done by systems outside the trace; reports of what was done in an earlier turn that the record does not hold; drafts written for the user in the first person.',
    run: (interaction) => {
      const { text } = interaction.output;
      const claims = [...findClaims(text), ...findConfigured(text)];
      if (claims.length === 0) return notApplicable('no_claim');
      for (const claim of claims) {
        const problem = problemOf(claim, interaction, canDo);
        if (problem !== null) return fail(`${labelOf(claim)} ${problem.reason}`, problem.span);
      }
      return pass(`claims=${claims.length}`);
    },
  };
}

interface Problem {
  readonly reason: 'no_tool' | 'not_called' | 'failed' | 'amount' | 'id';
  readonly span: Span;
}

function labelOf(claim: ActionClaim | ConfiguredClaim): string {
  return 'phrase' in claim ? `phrase=${claim.phrase}` : claim.action;
}

function problemOf(claim: ActionClaim | ConfiguredClaim, interaction: Interaction, canDo: CanDo): Problem | null {
  const { toolCalls } = interaction.output;
  const does = (name: string, description: string | null): boolean =>
    'tools' in claim ? claim.tools.includes(name) : canDo(claim.action, name, description);
  const descriptionOf = (name: string): string | null =>
    interaction.tools.find((tool) => tool.name === name)?.description ?? null;
  const capable = toolCalls.filter(({ name }) => does(name, descriptionOf(name)));
  if (capable.length === 0) {
    if (isExcused(claim, interaction)) return null;
    const declared = interaction.tools.some(({ name, description }) => does(name, description));
    return { reason: declared ? 'not_called' : 'no_tool', span: claim.span };
  }
  const done = capable.filter((call) => !hasFailed(call));
  if (done.length === 0) return { reason: 'failed', span: claim.span };
  return claim.action === 'lookup' ? null : differingValue(claim, interaction, done);
}

/** Without a call of its own a claim may still rest on what the record shows or cannot show. */
function isExcused(claim: ActionClaim, interaction: Interaction): boolean {
  const { tools, output, context, facts } = interaction;
  if (hasUnnamedResults(interaction) || saidBefore(claim, interaction)) return true;
  if (claim.action === 'lookup') return hasToolMessages(interaction) || context.length > 0 || facts !== null;
  // A record that knows of no tools at all: only what the model says of itself and to the user can be held against it.
  if (tools.length > 0 || output.toolCalls.length > 0) return false;
  const sentence = output.text.slice(claim.sentence.start, claim.sentence.end);
  return !claim.firstPerson || !/\byou(?:r|rs)?\b/i.test(sentence);
}

const NEWS = /\b(?:successfully|just|now)\b/;
const LONGEST_HISTORY = 40;

/** What an earlier answer already claimed, with the same ids, was checked there; saying it again is no new claim. */
function saidBefore(claim: ActionClaim, { input, output: { text } }: Interaction): boolean {
  const ids = namedValues(text, claim.sentence).filter(({ kind }) => kind === 'id');
  // Without an id to tell one action from the next, words of news are a new claim.
  if (ids.length === 0 && NEWS.test(text.slice(claim.span.start, claim.span.end))) return false;
  return input
    .slice(-LONGEST_HISTORY)
    .some(
      ({ role, content }) =>
        role === 'assistant' &&
        ids.every((id) => content.includes(id.text)) &&
        findClaims(content).some(({ action }) => action === claim.action),
    );
}

function differingValue(
  claim: ActionClaim,
  { output: { text, toolCalls }, input }: Interaction,
  done: Interaction['output']['toolCalls'],
): Problem | null {
  const values = namedValues(text, claim.sentence);
  if (values.length === 0) return null;
  const given = done.map((call) => call.arguments.slice(0, 65_536)).join('\n');
  const all = textOfCalls(toolCalls);
  for (const { kind, text: value, span } of values) {
    const differs = kind === 'amount' ? contradictsAmount(value, given, all) : contradictsId(value, given, all);
    if (!differs) continue;
    // An id or amount of an earlier answer is a reminder of another action.
    if (input.some(({ role, content }) => role === 'assistant' && content.includes(value))) continue;
    return { reason: kind, span };
  }
  return null;
}
