import { renderGoldenSet } from '../../golden/set';
import { replaceFile } from '../../platform/replace-file';
import type { TextPlace } from '../evidence/erasure';
import { blindnessOf } from './freeze';
import { interactionText, readGoldenSet } from './set-file';

/**
 * The file of the golden set: items of whom is erased go, whoever still has their verdicts, and what stays is sealed anew
 * with the scores that were settled. A file that cannot be written (mounted read-only) is found and said to be left.
 */
export function goldenSetPlace(path: string): TextPlace {
  return {
    name: 'golden set',
    async erase({ kind, ids, interactions }) {
      const set = await readGoldenSet(path);
      const erased = new Set(interactions.map(({ interactionId }) => interactionId));
      const whom = new Set(ids);
      const items = set.items.filter(({ interaction: { interactionId, conversationId, userHash } }) => {
        const of = kind === 'user' ? userHash : conversationId;
        return !erased.has(interactionId) && (of === null || !whom.has(of));
      });
      const found = set.items.length - items.length;
      if (found === 0) return { found, erased: 0, left: null };
      try {
        await replaceFile(path, renderGoldenSet({ ...set, items }, interactionText));
      } catch (error) {
        const why = (error as { code?: string }).code ?? String(error);
        return { found, erased: 0, left: `${path} cannot be written here (${why}): freeze a new set and roll it out` };
      }
      const { seal } = await readGoldenSet(path);
      const effect =
        `sealed anew as ${seal.slice(0, 12)} instead of ${set.seal.slice(0, 12)}, ${items.length} items: another seal is another ` +
        'set, so drift is told again from its first whole run on, against the same settled scores; golden roles read it at their next start';
      const blindness = blindnessOf(items.length);
      return { found, erased: found, left: null, effect: blindness === null ? effect : `${effect}. ${blindness}` };
    },
  };
}
