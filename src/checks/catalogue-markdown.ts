import { checksOptions } from './options';
import type { DocumentedCheck } from './port';

/** The page docs/checks.md. Deterministic, so that a stale page shows as a difference. */
export function catalogueMarkdown(checks: readonly DocumentedCheck[]): string {
  const escalating = new Set(checksOptions.parse({}).escalateOn);
  const sections = checks.map((check) => sectionOf(check, escalating.has(check.name)));
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

const INTRODUCTION = `# Checks

Deterministic checks run on every interaction, before and apart from any judge. Each gives \`pass\`, \`fail\` or
\`not_applicable\`, a short detail that never holds text of the interaction, and, where the evidence has a place, its
span in the redacted answer. A version goes up whenever the same interaction could give another result.

Switch checks off with \`checks.disable\`; failures of those in \`checks.escalateOn\` send the item to the ensemble.
`;

function sectionOf(check: DocumentedCheck, escalates: boolean): string {
  return [
    `## \`${check.name}\``,
    '',
    check.meaning,
    '',
    `- Example: ${check.example}`,
    `- Cost: ${costOf(check.name)}`,
    `- Known false positives: ${check.falsePositives}`,
    `- Escalates by default: ${escalates ? 'yes' : 'no'}`,
    `- Version: ${check.version}`,
    '',
  ].join('\n');
}

/**
 * Microseconds per 1,000 characters of prompt and answer, as `npm run -s eval:checks` printed them on one core of a
 * busy two-core machine; nought where the record has nothing for the check to read.
 */
const COSTS: Readonly<Record<string, number>> = {
  non_empty: 0,
  length: 0,
  finish_reason: 0,
  truncated: 0.1,
  refusal: 1.5,
  partial_refusal: 0.9,
  self_contradiction: 1.2,
  repetition: 6.2,
  language_switch: 7,
  encoding_damage: 0.4,
  output_schema: 0,
  tool_arguments: 0,
  unknown_tool: 0,
  tool_claims: 2.7,
  grounding: 0,
  degenerate: 6.8,
};

function costOf(name: string): string {
  const cost = COSTS[name];
  if (cost === undefined) return 'see `npm run -s eval:checks`.';
  return cost < 0.1 ? 'below 0.1 µs per kB.' : `about ${cost} µs per kB.`;
}
