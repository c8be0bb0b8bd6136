import type { Interaction } from '../domain/interaction';
import type { JudgeField, PrivacyOptions } from './options';

/** The judge whose rule is asked for. */
export interface AllowSubject {
  readonly name: string;
  readonly provider: string;
  readonly region?: string | undefined;
}

type Allow = PrivacyOptions['allow'][number];

/** What the first rule about a judge lets it see; null where none is about it: everything that its criteria need. */
export function allowedFields(allow: readonly Allow[], judge: AllowSubject): ReadonlySet<JudgeField> | null {
  const rule = allow.find((one) => isAbout(one, judge));
  return rule === undefined ? null : new Set(rule.fields);
}

/** All conditions that a rule gives hold; a rule without any is about every judge. */
export function isAbout({ judges, providers, regions }: Allow, { name, provider, region }: AllowSubject): boolean {
  return (
    (judges === undefined || judges.includes(name)) &&
    (providers === undefined || providers.some((one) => one === provider)) &&
    (regions === undefined || (region !== undefined && regions.includes(region)))
  );
}

/** The interaction as if it had nothing but the answer and these fields; what no prompt shows is taken out as well. */
export function limitTo(interaction: Interaction, fields: ReadonlySet<JudgeField>): Interaction {
  const { input, output } = interaction;
  const request = input.findLastIndex(({ role }) => role === 'user');
  return {
    ...interaction,
    input: input.filter((_, index) => fields.has(index === request ? 'request' : 'messages')),
    context: fields.has('context') ? interaction.context : [],
    facts: fields.has('facts') ? interaction.facts : null,
    tools: fields.has('tools') ? interaction.tools : [],
    referenceAnswer: fields.has('reference_answer') ? interaction.referenceAnswer : null,
    outputSchema: fields.has('output_schema') ? interaction.outputSchema : null,
    output: { ...output, toolCalls: fields.has('tool_calls') ? output.toolCalls : [] },
  };
}

/** Fields without which a criterion that requires this cannot be judged. */
const NEEDED: Readonly<Record<string, readonly JudgeField[]>> = {
  context: ['context'],
  facts: ['facts'],
  reference_answer: ['reference_answer'],
  tools: ['tools', 'tool_calls'],
  output_schema: ['output_schema'],
  conversation: ['messages'],
};

interface AllowConfig {
  readonly allow: readonly Allow[];
  readonly judges: readonly AllowSubject[];
  readonly criteria: readonly { readonly name: string; readonly requires: readonly string[] }[];
}

/** Rules about judges and regions that there are not, and criteria that a judge could not judge by what it may see. */
export function allowFaults({
  allow,
  judges,
  criteria,
}: AllowConfig): { path: (string | number)[]; problem: string }[] {
  const unknown = allow.flatMap((rule, i) => {
    const names = (rule.judges ?? []).filter((name) => !judges.some((judge) => judge.name === name));
    const regions = (rule.regions ?? []).filter((region) => !judges.some((judge) => judge.region === region));
    return [
      ...names.map((name) => ({ path: ['privacy', 'allow', i, 'judges'], problem: `no judge is named \`${name}\`` })),
      ...regions.map((region) => ({
        path: ['privacy', 'allow', i, 'regions'],
        problem: `no judge has \`region: ${region}\``,
      })),
    ];
  });
  const blind = judges.flatMap((judge) => {
    const at = allow.findIndex((rule) => isAbout(rule, judge));
    const fields = allowedFields(allow, judge);
    if (fields === null) return [];
    return criteria.flatMap(({ name, requires }) =>
      requires
        .flatMap((need) => NEEDED[need] ?? [])
        .filter((field) => !fields.has(field))
        .map((field) => ({
          path: ['privacy', 'allow', at, 'fields'],
          problem: `judge \`${judge.name}\` may not see \`${field}\`, which criterion \`${name}\` requires`,
        })),
    );
  });
  return [...unknown, ...blind];
}
