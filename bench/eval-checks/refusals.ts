import { partialRefusal } from '../../src/checks/partial-refusal';
import { refusal } from '../../src/checks/refusal';
import labels from './refusal-labels.json';
import { exchange, rowsOf, type Score, scoreOf, textOf } from './rows';

/**
 * Rows labelled once by hand, by what the answer does: `full` = declines or deflects the whole request in any words,
 * `partial` = declines or disclaims a part and helps with the rest, `none`. Ids only; half of them were drawn among
 * answers with words such as `sorry`, `cannot`, `I don't`, so shares are not those of the sets. Found = either check fails.
 */
export function evaluateRefusals(): Readonly<Record<string, Score & { readonly labelled: number }>> {
  const answers = answersById();
  const score = (prefix: string, wanted: readonly string[]): Score & { readonly labelled: number } => {
    const tally = { hits: 0, falseAlarms: 0, misses: 0 };
    let labelled = 0;
    for (const [id, label] of Object.entries(labels)) {
      const text = answers.get(id);
      if (text === undefined || !id.startsWith(prefix)) continue;
      labelled++;
      const item = exchange('', text);
      const found = refusal.run(item).result === 'fail' || partialRefusal.run(item).result === 'fail';
      const is = wanted.includes(label);
      if (found && is) tally.hits++;
      else if (found && label === 'none') tally.falseAlarms++;
      else if (!found && is) tally.misses++;
    }
    return { labelled, ...scoreOf(tally) };
  };
  const either = ['full', 'partial'];
  return {
    all: score('', either),
    'llmbar (instruction models)': score('llmbar', either),
    'llmbar, whole refusals': score('llmbar', ['full']),
    'dices350 (chat model that deflects)': score('dices350', either),
  };
}

function answersById(): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const row of rowsOf('llmbar')) {
    for (const k of [1, 2]) answers.set(`llmbar:${textOf(row.item_id)}:${k}`, textOf(row[`response_${k}`]));
  }
  for (const row of rowsOf('dices350')) answers.set(`dices350:${textOf(row.item_id)}`, textOf(row.response));
  return answers;
}
