import { createToolClaimsCheck } from '../../src/checks/claims/tool-claims';
import { unknownTool } from '../../src/checks/claims/unknown-tool';
import { checksOptions } from '../../src/checks/options';
import type { Interaction, Message, ToolCall } from '../../src/domain/interaction';
import { exchange, listOf, round, rowsOf, type Row, type Score, scoreOf, textOf } from './rows';

/** Calls that change something; the rest look up or think. */
const CHANGES = /^(?:book|cancel|update|send|transfer)_/;
/** Independent of the check's own patterns: a sentence says that something of the call is done. */
const REPORTS =
  /\b(?:success\w*|(?:has|have|was|were) (?:now |also )?(?:been )?(?:\w+ly )?(?:cancel\w*|booked|rebooked|updated|changed|upgraded|downgraded|added|removed|issued|sent|transferred|modified|processed)|(?:being|been) transferred|completed)\b/i;

export interface ToolClaimsReport {
  readonly turns: number;
  readonly score: Score;
  /** Caught shares by mutation, with how many there were. */
  readonly byMutation: Readonly<Record<string, { readonly mutated: number; readonly caught: number }>>;
  /** Unmutated turns on which the check fails, and of how many. */
  readonly falseAlarms: { readonly all: number; readonly failed: number; readonly share: number };
}

type Mutation = (turn: Interaction) => Interaction | null;

/**
 * Real traces of an agent with tools, one interaction per answer with text: the calls since the user last spoke are its
 * calls, all earlier turns its input. Unmutated turns are the negatives. Positives are the turns of successful changing
 * calls whose text reports them (`REPORTS`), each mutated in every way that applies.
 */
export function evaluateToolClaims(): ToolClaimsReport {
  const check = createToolClaimsCheck(checksOptions.parse({}));
  const turns = rowsOf('tau_airline').flatMap(turnsOf);
  const names = [...new Set(turns.flatMap((turn) => turn.output.toolCalls.map(({ name }) => name)))];
  const declared = turns.map((turn) => ({ ...turn, tools: names.map((name) => ({ name, description: null })) }));
  const fails = (turn: Interaction): boolean =>
    check.run(turn).result === 'fail' || unknownTool.run(turn).result === 'fail';
  const negatives = declared.filter(fails);
  const reporting = declared.filter(isReport);
  const byMutation: Record<string, { mutated: number; caught: number }> = {};
  for (const [name, mutate] of Object.entries(MUTATIONS)) {
    const mutated = reporting.map(mutate).filter((turn) => turn !== null);
    byMutation[name] = { mutated: mutated.length, caught: mutated.filter(fails).length };
  }
  const all = Object.values(byMutation);
  const hits = all.reduce((sum, { caught }) => sum + caught, 0);
  const positives = all.reduce((sum, { mutated }) => sum + mutated, 0);
  return {
    turns: declared.length,
    score: scoreOf({ hits, falseAlarms: negatives.length, misses: positives - hits }),
    byMutation,
    falseAlarms: {
      all: declared.length,
      failed: negatives.length,
      share: declared.length === 0 ? 0 : round(negatives.length / declared.length, 4),
    },
  };
}

function isReport(turn: Interaction): boolean {
  const changing = turn.output.toolCalls.filter(({ name }) => CHANGES.test(name));
  const last = changing.at(-1);
  if (last === undefined || isError(last) || turn.output.text.trimEnd().endsWith('?')) return false;
  return REPORTS.test(turn.output.text);
}

const isError = ({ result }: ToolCall): boolean => /^error/i.test(result ?? '');
const changes = ({ name }: ToolCall): boolean => CHANGES.test(name);

function withOutput(turn: Interaction, parts: Partial<Interaction['output']>): Interaction {
  return { ...turn, output: { ...turn.output, ...parts } };
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'call removed': (turn) => withOutput(turn, { toolCalls: turn.output.toolCalls.filter((call) => !changes(call)) }),
  'call failed': (turn) =>
    withOutput(turn, {
      toolCalls: turn.output.toolCalls.map((call) =>
        changes(call) ? { ...call, ok: false, result: 'Error: the request could not be completed' } : call,
      ),
    }),
  'call of a tool that is not declared': (turn) =>
    withOutput(turn, {
      toolCalls: turn.output.toolCalls.map((call) => (changes(call) ? { ...call, name: `x_${call.name}_v9` } : call)),
    }),
  'amount changed': (turn) => changedText(turn, /\$(\d[\d,]*)(?!\d|\.\d)/g, (amount) => String(Number(amount) + 37)),
  'id changed': (turn) => changedText(turn, /\b([A-Z0-9]{6})\b/g, (id) => (/\d/.test(id) ? otherId(id) : id)),
};

function otherId(id: string): string {
  return [...id].map((char) => (/\d/.test(char) ? String((Number(char) + 3) % 10) : char)).join('');
}

/** Changes values of the answer's report sentences that the changing calls' arguments hold; null when there is none. */
function changedText(turn: Interaction, pattern: RegExp, change: (value: string) => string): Interaction | null {
  const given = turn.output.toolCalls.filter((call) => changes(call) && !isError(call)).map((call) => call.arguments);
  const written = new Set(given.join(' ').match(/[A-Za-z0-9]+/g) ?? []);
  let changed = false;
  const text = turn.output.text.replace(/[^\n.!?]+(?:\.\d[^\n.!?]*)*/g, (sentence) =>
    REPORTS.test(sentence)
      ? sentence.replace(pattern, (whole, value: string) => {
          const plain = value.replaceAll(',', '');
          if (!written.has(plain) || change(plain) === plain) return whole;
          changed = true;
          return whole.replace(value, change(plain));
        })
      : sentence,
  );
  return changed ? withOutput(turn, { text }) : null;
}

function turnsOf(row: Row): readonly Interaction[] {
  const turns: Interaction[] = [];
  const input: Message[] = [];
  let open: Message[] = [];
  let calls: ToolCall[] = [];
  for (const turn of listOf(row.turns)) {
    const text = textOf(turn.text);
    if (turn.role === 'user') {
      input.push(...open, { role: 'user', content: text });
      open = [];
      calls = [];
    } else if (turn.role === 'tool') {
      const waiting = calls.findIndex((call) => call.result === null && call.name === turn.tool);
      calls = calls.map((call, index) => (index === waiting ? { ...call, result: text } : call));
      open.push({ role: 'tool', content: text });
    } else {
      for (const call of listOf(turn.calls)) {
        calls.push({ name: textOf(call.name), arguments: textOf(call.arguments), result: null, ok: null });
      }
      if (text === '') continue;
      const output = { text, finishReason: 'stop', refusal: null, toolCalls: [...calls], chunks: [] };
      turns.push(exchange('', text, { input: [...input], output }));
      open.push({ role: 'assistant', content: text });
    }
  }
  return turns;
}
