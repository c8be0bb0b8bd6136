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
    `- Known false positives: ${check.falsePositives}`,
    `- Escalates by default: ${escalates ? 'yes' : 'no'}`,
    `- Version: ${check.version}`,
    '',
  ].join('\n');
}
