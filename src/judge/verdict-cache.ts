import { createHash } from 'node:crypto';
import type { Answers, Ask, Question } from './ask';
import { itemFields } from './item-fields';
import type { Judge } from './judge';
import { partsShown } from './needs';
import { promptHash, systemPrompt } from './prompt';

/**
 * Answers of earlier calls about the same content by the same judge. The key holds everything the answer depends on:
 * fields as shown, rubrics, wording, remarks of checks, judge, model, settings and the version the judge last reported,
 * so a new version answers anew. Bounded: the entry longest unused goes first. A hit costs nothing and is no call.
 *
 * @param maxEntries about 2 KB each; 0 = no cache.
 */
export function cacheAnswers(ask: Ask, maxEntries: number, inputBudgetChars: number): Ask {
  if (maxEntries === 0) return ask;
  const entries = new Map<string, Answers>();
  const versions = new Map<string, string | null>();
  const wording = promptHash();

  function keyOf({ options }: Judge, { interaction, criteria, failedChecks = [] }: Question): string {
    const fields = itemFields(interaction, partsShown(criteria), inputBudgetChars);
    const { name, model, baseUrl, temperature, maxOutputTokens } = options;
    const judge = [name, model, baseUrl, temperature ?? null, maxOutputTokens, versions.get(name) ?? null];
    const content = [
      wording,
      systemPrompt(criteria),
      failedChecks,
      fields.map(({ name: field, text }) => [field, text]),
    ];
    return createHash('sha256')
      .update(JSON.stringify([judge, content]))
      .digest('base64');
  }

  return async (judge, question, signal) => {
    if (question.fresh === true || question.rival !== undefined) return ask(judge, question, signal);
    const key = keyOf(judge, question);
    const known = entries.get(key);
    if (known !== undefined) {
      entries.delete(key);
      entries.set(key, known);
      return known;
    }
    const answers = await ask(judge, question, signal);
    const [first] = [...answers.values()];
    if (first !== undefined && first.reportedVersion !== null) versions.set(judge.options.name, first.reportedVersion);
    // A failure is not an answer: the next item tries again.
    if ([...answers.values()].some(({ outcome }) => outcome !== 'scored' && outcome !== 'not_applicable'))
      return answers;
    entries.set(keyOf(judge, question), unpaid(answers));
    const oldest = entries.keys().next();
    if (entries.size > maxEntries && oldest.done !== true) entries.delete(oldest.value);
    return answers;
  };
}

function unpaid(answers: Answers): Answers {
  return new Map(
    [...answers].map(([name, answer]) => [
      name,
      { ...answer, inputTokens: 0, outputTokens: 0, costUsd: 0, ms: 0, attempts: 0 },
    ]),
  );
}
