import { createToolClaimsCheck } from '../../../src/checks/claims/tool-claims';
import { unknownTool } from '../../../src/checks/claims/unknown-tool';
import { checksOptions } from '../../../src/checks/options';
import type { Interaction, Message, ToolCall } from '../../../src/domain/interaction';
import { buildInteraction } from '../../support/builders/interaction';

const check = createToolClaimsCheck(checksOptions.parse({}));
const TOOLS = ['issue_refund', 'cancel_order', 'find_order', 'hand_off'].map((name) => ({ name, description: null }));
const call = (name: string, args = '{}', parts: Partial<ToolCall> = {}): ToolCall => ({
  name,
  arguments: args,
  result: '{"done":true}',
  ok: null,
  ...parts,
});

function turn(text: string, toolCalls: readonly ToolCall[] = [], parts: Partial<Interaction> = {}): Interaction {
  const output = { text, finishReason: 'stop', refusal: null, toolCalls, chunks: [] };
  return buildInteraction({ tools: TOOLS, output, ...parts });
}

const brief = (interaction: Interaction, on = check): string => {
  const { result, detail } = on.run(interaction);
  return detail === null ? result : `${result} ${detail}`;
};

describe('tool_claims', () => {
  it.each<[string, readonly ToolCall[], string]>([
    ['I have refunded $48 to your card.', [], 'fail refund not_called'],
    ['I have refunded $48 to your card.', [call('issue_refund', '{"amount":48}')], 'pass claims=1'],
    ['I have refunded $48 to your card.', [call('issue_refund', '{"amount":45.5}')], 'fail refund amount'],
    ['I have refunded $48 to your card.', [call('issue_refund', '{"amount":48}', { ok: false })], 'fail refund failed'],
    ['I have refunded $48.', [call('issue_refund', '{}', { result: 'Error: no such order' })], 'fail refund failed'],
    ['Your order A7X21 has been cancelled.', [call('cancel_order', '{"id":"A7X21"}')], 'pass claims=1'],
    ['Your order A7X21 has been cancelled.', [call('cancel_order', '{"id":"B8Y32"}')], 'fail cancel id'],
    ['I have booked your flight.', [], 'fail book no_tool'],
    ["I've escalated this to a supervisor.", [call('hand_off')], 'pass claims=1'],
    ['I am transferring you to an agent now.', [], 'fail escalate not_called'],
    ['I checked your account and all is well.', [], 'fail lookup not_called'],
    ['I checked your account and all is well.', [call('find_order')], 'pass claims=1'],
    ['Ich habe Ihre Bestellung storniert.', [], 'fail cancel not_called'],
    ["J'ai annulé votre commande.", [], 'fail cancel not_called'],
    ['He cancelado su pedido.', [], 'fail cancel not_called'],
  ])('%s with %j gives %s', (text, calls, expected) => {
    expect(brief(turn(text, calls))).toBe(expected);
  });

  it.each([
    'Once your order has been cancelled, the refund follows.',
    'Has your order been cancelled?',
    'Your order has not been cancelled.',
    'I can cancel the order for you.',
    'I have added a second paragraph to the poem.',
    'She wrote: "I have cancelled your order."',
    'The festival was cancelled in 1994.',
  ])('hears no claim in %j', (text) => {
    expect(brief(turn(text))).toBe('not_applicable no_claim');
  });

  it('does not ask for a second call when an earlier answer made the claim', () => {
    const input: Message[] = [
      { role: 'user', content: 'Cancel A7X21.' },
      { role: 'assistant', content: 'Your order A7X21 has been cancelled.' },
      { role: 'user', content: 'Sure?' },
    ];
    expect(brief(turn('Yes, your order A7X21 has been cancelled.', [], { input }))).toBe('pass claims=1');
    expect(brief(turn('Yes, your order B8Y32 has been cancelled.', [], { input }))).toBe('fail cancel not_called');
  });

  it('cannot tell where the results of this turn have no names', () => {
    const input: Message[] = [
      { role: 'user', content: 'Cancel it.' },
      { role: 'tool', content: 'ok' },
    ];
    expect(brief(turn('Your order has been cancelled.', [], { input }))).toBe('pass claims=1');
  });

  it('without any tools holds only what the model says of itself to the user', () => {
    expect(brief(turn('I have refunded your payment.', [], { tools: [] }))).toBe('fail refund no_tool');
    expect(brief(turn('The order has been cancelled.', [], { tools: [] }))).toBe('pass claims=1');
  });

  it('marks the words, or the value that differs', () => {
    const text = 'Good news. I have refunded $48 to your card.';
    const span = (calls: readonly ToolCall[]): string => {
      const found = check.run(turn(text, calls)).span;
      return text.slice(found?.start, found?.end);
    };
    expect(span([])).toBe('I have refunded');
    expect(span([call('issue_refund', '{"amount":45}')])).toBe('$48');
  });

  it('takes tools and phrases from the configuration', () => {
    const toolClaims = {
      tools: { refund: ['goodwill'] },
      phrases: [{ phrase: 'eligibility is verified', tools: ['kyc'] }],
    };
    const own = createToolClaimsCheck(checksOptions.parse({ toolClaims }));
    expect(brief(turn('I have refunded your fee.', [call('goodwill')]), own)).toBe('pass claims=1');
    expect(brief(turn('I have refunded your fee.', [call('issue_refund')]), own)).toBe('fail refund no_tool');
    expect(brief(turn('Your Eligibility is verified.'), own)).toBe('fail phrase=0 no_tool');
    expect(brief(turn('Your Eligibility is verified.', [call('kyc')]), own)).toBe('pass claims=1');
  });
});

describe('unknown_tool', () => {
  it('knows the declared tools', () => {
    expect(brief(turn('', [call('find_order'), call('drop_table')]), unknownTool)).toBe('fail call=1');
    expect(brief(turn('', [call('find_order')]), unknownTool)).toBe('pass');
    expect(brief(turn('', [call('drop_table')], { tools: [] }), unknownTool)).toBe('not_applicable');
  });
});
