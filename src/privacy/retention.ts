import type { Interaction } from '../domain/interaction';
import { hasSegments } from '../domain/segment';
import type { PrivacyOptions } from './options';

/** What a verdict carries of its interaction: the text, the text under a key, or nothing. */
export interface Kept {
  readonly interaction: Interaction | null;
  readonly sealed: string | null;
}

/** `isEvidence`: a judge was asked, or a check failed. */
export type Retain = (interaction: Interaction, isEvidence: boolean) => Kept;

const NOTHING: Kept = { interaction: null, sealed: null };

/** @param seal Null only where nothing is retained `encrypted`, which the configuration sees to. */
export function createRetain(
  { retain, retainIn }: Pick<PrivacyOptions, 'retain' | 'retainIn'>,
  seal: ((interaction: Interaction) => string) | null,
): Retain {
  const parts = retainIn.map(({ where, retain: own }) => ({ where: Object.entries(where), own }));
  return (interaction, isEvidence) => {
    let rule = retain;
    for (const { where, own } of parts) {
      if (!hasSegments(interaction.segments, where)) continue;
      rule = own;
      break;
    }
    if (rule === 'none' || (rule === 'evidence' && !isEvidence)) return NOTHING;
    if (rule !== 'encrypted') return { interaction, sealed: null };
    return seal === null ? NOTHING : { interaction: null, sealed: seal(interaction) };
  };
}

/** Whether any text is retained under a key. */
export function needsKey({ retain, retainIn }: Pick<PrivacyOptions, 'retain' | 'retainIn'>): boolean {
  return retain === 'encrypted' || retainIn.some((part) => part.retain === 'encrypted');
}
