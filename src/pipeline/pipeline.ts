import type { Pipeline, PipelineDeps } from './deps';

/** The order of scoring: from source records to acknowledged verdicts, ledger lines, markers and commits. */
export function createPipeline(_deps: PipelineDeps): Pipeline {
  throw new Error('not built yet');
}
