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

/** Beyond twice an item's deadline nothing is slow any more; and never sooner than the source's own watchdog. */
const LEAST_STALL_MS = 5 * 60_000;

/**
 * Why the process ought to be restarted: records are in flight, none was done for long after the deadline of the slowest,
 * and nothing outside of the process explains it. Null while that is not so.
 */
export function stallReason(pipeline: PipelineState, itemDeadlineMs: number): string | null {
  const { status, reason, waitingForSchema, quietMs, inflightRecords } = pipeline;
  if (status !== 'running' || reason !== '' || waitingForSchema.length > 0) return null;
  if (quietMs < Math.max(LEAST_STALL_MS, 2 * itemDeadlineMs)) return null;
  return `${inflightRecords} records in flight and none done for ${Math.round(quietMs / 1000)} s`;
}
