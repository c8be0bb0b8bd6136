import { type Action, GENERIC_STEMS, TOOL_STEMS } from './actions';

/** Tools that may stand behind an action, by the configuration (`checks.toolClaims.tools`); replaces the built-in stems. */
export type ConfiguredTools = Readonly<Partial<Record<Action, readonly string[]>>>;

/** A kept answer per tool and action; products have a few dozen tools, hostile records do not fill the memory. */
const MOST_KEPT = 2000;

/** True when a tool of this name and description could have done the action. Looking things up any tool can. */
export type CanDo = (action: Action, name: string, description: string | null) => boolean;

export function createCanDo(configured: ConfiguredTools): CanDo {
  const kept = new Map<string, boolean>();
  return (action, name, description) => {
    if (action === 'lookup') return true;
    const named = configured[action];
    if (named !== undefined) return named.includes(name);
    const key = `${action} ${name.slice(0, 100)} ${(description ?? '').slice(0, 100)}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const can = speaksOf(action, name) || (description !== null && speaksOf(action, description.slice(0, 300)));
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, can);
    return can;
  };
}

/** Tools that begin so only look; `get_refund_status` refunds nothing. */
const LOOKING = new Set(
  'get find list search check read lookup look fetch view query show describe count think calculate'.split(' '),
);
/** Verbs that are as often the thing acted on: they count at the beginning only, as in `book_flight`, not `get_order`. */
const NOUNS_TOO = new Set('order book reserv ticket cas text post log refund credit payment report process'.split(' '));

/** `issueRefund`, `issue_refund` and `refunds an order` all speak of a refund. */
function speaksOf(action: Action, text: string): boolean {
  const words = text
    .slice(0, 300)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (LOOKING.has(words[0] ?? '')) return false;
  return words.some(
    (word, index) =>
      GENERIC_STEMS.includes(word) ||
      TOOL_STEMS[action].some(
        (stem) => word.startsWith(stem) && (index === 0 || !NOUNS_TOO.has(stem) || action === 'refund'),
      ),
  );
}
