import { createHash } from 'node:crypto';
import type { SeriesId } from '../../domain/alert';
import { segmentLabel } from '../../domain/segment';

/** Names a series; `\u0000` comes in no name. */
export function seriesKey({ kind, segment, criterion, panel }: SeriesId): string {
  return [kind, segmentLabel(segment), criterion, panel].join('\u0000');
}

/** The id of an episode, 16 hex digits: the same on every replay of the ledger. */
export function episodeId(id: SeriesId, episode: number): string {
  return hashOf(`${seriesKey(id)}\u0000${episode}`);
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
