import { type Annotation, pauseId } from '../../domain/annotation';
import { MonitorError } from '../../domain/error';
import type { MonitorConfig } from '../../config/config';

export interface PauseRequest {
  readonly judge: string;
  /** False lets the judge go on. */
  readonly paused: boolean;
  readonly reason: string;
  readonly author: string;
  readonly at: number;
}

/** The note that pauses a judge or lets it go on. Throws USAGE for a judge that the configuration does not have. */
export function pauseNote({ judges }: Pick<MonitorConfig, 'judges'>, request: PauseRequest): Annotation {
  const { judge, paused, reason, author, at } = request;
  if (!judges.some(({ name }) => name === judge)) {
    const known = judges.map(({ name }) => name).join(', ');
    throw new MonitorError('USAGE', `no judge is named ${judge}; the configuration has ${known}`);
  }
  return {
    id: pauseId(judge),
    kind: 'pause',
    at,
    until: null,
    text: reason,
    author,
    segments: {},
    withdrawn: !paused,
  };
}
