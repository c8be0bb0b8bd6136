import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';

const NAME = 'finish_reason';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/** The words of several providers for the same two ends, in lower case. */
const FILTERED = new Set([
  'content_filter',
  'content_filtered',
  'safety',
  'recitation',
  'blocklist',
  'prohibited_content',
  'spii',
  'guardrail_intervened',
  'image_safety',
]);
const BROKEN = new Set(['error', 'malformed_function_call', 'unexpected_tool_call', 'malformed_model_output']);

export const finishReason: DocumentedCheck = {
  name: NAME,
  version: VERSION,
  meaning:
    "The provider did not end the answer by a content filter or an error (`truncated` has the length limit's case).",
  example: '`finish_reason: content_filter` fails with detail `content_filter`.',
  falsePositives: 'A content filter that worked as it should; the finding is about the answer, not about the filter.',
  run: ({ output }) => {
    if (output.finishReason === null) return notApplicable();
    const reason = output.finishReason.toLowerCase();
    if (FILTERED.has(reason)) return fail('content_filter');
    if (BROKEN.has(reason)) return fail('error');
    return pass();
  },
};
