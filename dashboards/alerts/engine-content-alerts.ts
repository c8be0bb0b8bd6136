import { ruleQueries as q } from '../queries/metric';
import type { AlertKind } from './alert';

const failures = (check: readonly string[]): string =>
  q.increase('checks_total', ['check', 'segment'], { check, result: 'fail' }, '1h');

const SILENCE =
  'Silence kind and segment together for at most a day, after reading some of the items. Never silence the kind alone.';

/** What answers and prompts hold: refusals, claims, injections. */
export const CONTENT_ALERTS: readonly AlertKind[] = [
  {
    kind: 'refusal_shift',
    severity: 'ticket',
    summary: 'Refusals changed in {{ $labels.segment }} ({{ $labels.criterion }})',
    board: 'plumbline-segments',
    runbook: {
      meaning:
        'The model refuses more than before (harmless questions go unanswered) or less than before (harmful ones are answered); the criterion says which.',
      query: failures(['refusal', 'partial_refusal']),
      reading: 'Refusals in the last hour per segment. A rise in one `model=` segment points at the provider.',
      next: ['Read five refused prompts of the segment.', 'Compare `model=` and `release=` segments.'],
      causes: [
        'The provider changed the model under its name.',
        'A new system prompt.',
        'Another kind of user or an attack.',
      ],
      silence: SILENCE,
    },
  },
  {
    kind: 'unsupported_claim_rise',
    severity: 'ticket',
    summary: 'More claims without support in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning: 'Answers state facts that neither the context nor a tool result holds, more often than at baseline.',
      query: q.increase('checks_total', ['check', 'segment'], { result: 'fail', segment: 'all' }, '1h'),
      reading: 'Failed checks of the last hour; look at those about claims and numbers.',
      next: ['Check retrieval: empty or shorter context?', 'Read some failing answers beside their context.'],
      causes: [
        'Retrieval returns nothing or stale documents.',
        'A prompt change dropped the instruction to stay with the context.',
        'A tool returns errors that the model papers over.',
      ],
      silence: SILENCE,
    },
  },
  {
    kind: 'unsupported_action_rise',
    severity: 'ticket',
    summary: 'More claims of actions that no tool call shows in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning: 'Answers say that something was done (booked, refunded, sent) though the trace holds no such call.',
      query: q.increase('checks_total', ['check', 'segment'], { result: 'fail', segment: 'all' }, '1h'),
      reading: 'Failed checks of the last hour; look at those about actions and tools.',
      next: [
        'Check that tool calls still reach the topic: a lost trace looks the same.',
        'Tell the owner of the tool at once if users were promised money.',
      ],
      causes: [
        'Tool calls are no longer logged or mapped.',
        'A tool is failing.',
        'A model that announces instead of acting.',
      ],
      silence: SILENCE,
    },
  },
  {
    kind: 'prompt_injection_rise',
    severity: 'ticket',
    summary: 'More prompt injection attempts in {{ $labels.segment }}',
    board: 'plumbline-segments',
    runbook: {
      meaning: 'Texts that try to steer the model (or the judge) come more often than at baseline.',
      query: failures(['injection']),
      reading: 'Attempts in the last hour per segment.',
      next: [
        'Is it one user or one document? Retrieved documents carry injections too.',
        'Compare scores of the segment: verdicts on attacked items are escalated, not trusted.',
      ],
      causes: ['An attack.', 'A document in the index with instructions in it.', 'A security test: ask before acting.'],
      silence: 'Silence the segment for the length of an announced test.',
    },
  },
];
