import type { Cause, CauseKind } from './cause';
import type { Subject } from './gather';
import { isoTime } from './words';

/** What usually helps, by what it was; the runbook of the alert says more. */
const STEPS: Readonly<Record<CauseKind, readonly string[]>> = {
  segment_regression: [
    'Read the worst examples: what do they have in common that others have not?',
    'Look for what changed for this slice alone: its prompt, its documents, a flag, a tool.',
    'Tell the owner of the slice; the incident is theirs.',
  ],
  release_regression: [
    'Roll the release back, or stop its roll-out, where that is quick.',
    'Compare the worst examples with answers of the release before to the same questions.',
    'Watch the alert: it resolves when the level is back.',
  ],
  model_change: [
    'Ask whether the change of model was meant; if not, pin the model again.',
    'Try the prompt on the new model with the worst examples.',
  ],
  route_failover: [
    'Look at the primary provider: why does it not serve?',
    'If it lasts, give the failover model a prompt of its own, or another model.',
  ],
  check_failure: [
    'Read the failing answers: a check is deterministic, so the finding is there.',
    'A length cut-off points at token limits, a schema failure at the prompt or the schema, a claim at the tools.',
  ],
  mix_shift: [
    'No answer got worse: other traffic came. Ask what brought it (a campaign, a new customer, a routing rule).',
    'If the new mix stays, accept the new level: `plumbline baseline accept`.',
  ],
  sampling_change: [
    'No answer got worse: other answers are judged than before. Look at `sampling` in the configuration and at the budget mode.',
    'The series starts afresh under the new rates; accept the new level when the change was meant.',
  ],
  judge_version: [
    'No answer got worse: the judge judges otherwise. Do not roll the product back.',
    'Pin the judge to its old version where the provider allows it; else run `plumbline golden run`, then tune and accept the new level.',
  ],
  judge_prompt: [
    'No answer got worse: the judges were asked otherwise. Was the change of prompt or rubric meant?',
    'Run `plumbline golden run` under both, and accept the new level when the new one is better.',
  ],
  labeller_drift: [
    'Neither product nor judge moved: people label otherwise. Look at who labels and by which guideline.',
    'Have a part of the items labelled twice; do not pool labels of the two groups.',
  ],
  users_only: [
    'The judge sees nothing wrong and users do: read conversations that were abandoned.',
    'The rubric may not measure what users need: label some of them and extend it.',
  ],
  nothing: ['Nothing is shown to have moved. Look again when more has come, or at a narrower segment.'],
};

export function nextSteps(first: Cause, { kind }: Subject): readonly string[] {
  const runbook = kind === null ? [] : [`Runbook: docs/runbooks/${kind}.md`];
  return [...STEPS[first.kind], ...runbook];
}

/** What makes the report again, and what goes on from it. */
export function commandsOf({ alertId, segment, changeFrom, to, criterion }: Subject): string[] {
  const range = `--from ${isoTime(changeFrom)} --to ${isoTime(to)}`;
  const what = criterion === '' ? '' : ` --criterion ${criterion}`;
  const again = alertId === null ? `--segment '${segment}' ${range}${what}` : `--alert ${alertId}`;
  return [
    `plumbline investigate ${again}`,
    `plumbline investigate ${again} --bundle incident.json`,
    `plumbline explain INTERACTION_ID --rerun 5`,
    // What if: the same records under today’s configuration, then under another one, and the difference.
    `plumbline replay --topic TOPIC ${range} --config plumbline.yaml --out before`,
    `plumbline replay --topic TOPIC ${range} --config other.yaml --out after --compare before`,
    ...(alertId === null ? [] : [`plumbline acknowledge ${alertId} --reason 'looking'`]),
  ];
}
