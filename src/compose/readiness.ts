import type { PipelineState } from '../pipeline/deps';
import type { SourceState } from '../source/port';

/** Why the consumer does not consume or the pipeline does not move, in words; empty when both do. */
export function waitReasons(source: SourceState, pipeline: PipelineState): string[] {
  const reasons: string[] = [];
  if (source.status !== 'consuming') reasons.push(`source: ${source.reason || source.status}`);
  if (pipeline.status !== 'running') reasons.push(`pipeline: ${pipeline.reason || pipeline.status}`);
  else if (pipeline.reason !== '') reasons.push(`pipeline: ${pipeline.reason}`);
  for (const partition of pipeline.waitingForSchema) reasons.push(`${partition} waits for the schema registry`);
  return reasons;
}
