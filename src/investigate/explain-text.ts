import { withoutControls } from './markdown';

/** What `/explain` answers, as far as it is printed. */
export interface ExplanationJson {
  readonly interaction_id: string;
  readonly conversation_id: string;
  readonly occurred_at: number;
  readonly sampling: string;
  readonly checks: readonly string[];
  readonly criteria: readonly {
    readonly criterion: string;
    readonly sentence: string;
    readonly route: string;
    readonly judges: readonly {
      readonly judge: string;
      readonly family: string;
      readonly stage: string;
      readonly outcome: string;
      readonly score: number | null;
      readonly rationale: string | null;
      readonly version: string | null;
    }[];
  }[];
  readonly labels: readonly string[];
  readonly moved: readonly string[];
  readonly cost_usd: number;
  readonly versions: {
    readonly config: string;
    readonly policy: number;
    readonly rubrics: string;
    readonly prompt: string;
  };
  readonly has_text: boolean;
  readonly verdict: {
    readonly interaction: {
      readonly input: readonly { readonly role: string; readonly content: string }[];
      readonly context: readonly { readonly id: string; readonly text: string }[];
      readonly output: { readonly text: string };
    } | null;
  };
}

/** For a terminal: nothing of a producer or a judge can move the cursor, change colours or write an escape sequence. */
export function explanationText(explained: ExplanationJson): string {
  const lines = [
    `${explained.interaction_id} of conversation ${explained.conversation_id}, ${new Date(explained.occurred_at).toISOString()}`,
    '',
    explained.sampling,
  ];
  for (const check of explained.checks) lines.push(`check ${check}`);
  for (const { criterion, sentence, route, judges } of explained.criteria) {
    lines.push('', `${criterion}: ${sentence}`, `  ${route}`);
    for (const { judge, family, stage, outcome, score, rationale, version } of judges) {
      const said = score === null ? outcome.replaceAll('_', ' ') : score.toFixed(2);
      lines.push(
        `  ${stage} ${judge} (${family}${version === null ? '' : `, ${version}`}): ${said}${rationale === null ? '' : `: ${rationale}`}`,
      );
    }
  }
  if (explained.moved.length > 0) lines.push('', 'In the estimates:', ...explained.moved.map((one) => `  ${one}`));
  if (explained.labels.length > 0) lines.push('', 'Labels:', ...explained.labels.map((one) => `  ${one}`));
  const { interaction } = explained.verdict;
  lines.push('');
  if (interaction === null) lines.push('Text is not kept by policy.');
  else {
    for (const { role, content } of interaction.input) lines.push(`${role}: ${content}`);
    for (const { id, text } of interaction.context) lines.push(`document ${id}: ${text}`);
    lines.push(`answer: ${interaction.output.text}`);
  }
  const { config, policy, rubrics, prompt } = explained.versions;
  lines.push(
    '',
    `config ${config}, policy ${policy}, rubrics ${rubrics}, prompt ${prompt}; $${explained.cost_usd.toFixed(5)}`,
  );
  return `${lines.map(withoutControls).join('\n')}\n`;
}
