import { createJudges } from '../../src/compose/cascade/judges';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import type { LoadedConfig } from '../../src/config/load';
import type { Interaction } from '../../src/domain/interaction';
import { createAsk } from '../../src/judge/ask';
import { createNonceSource } from '../../src/judge/fence';
import { JUDGE_FIELDS, type JudgeField } from '../../src/privacy/options';
import { buildInteraction } from '../support/builders/interaction';
import { type JudgeServer, startJudgeServer } from '../support/judge-server';

/** A marker in each field, which is nowhere else. */
const MARKERS: Readonly<Record<JudgeField, readonly string[]>> = {
  request: ['marker-request'],
  messages: ['marker-system', 'marker-earlier', 'marker-reply'],
  context: ['marker-document', 'marker-title'],
  facts: ['marker-fact'],
  tools: ['marker-tool'],
  tool_calls: ['marker-argument', 'marker-result'],
  reference_answer: ['marker-reference'],
  output_schema: ['marker-schema'],
};

const interaction: Interaction = buildInteraction({
  input: [
    { role: 'system', content: 'marker-system' },
    { role: 'user', content: 'marker-earlier' },
    { role: 'assistant', content: 'marker-reply' },
    { role: 'user', content: 'marker-request' },
  ],
  context: [{ id: 'marker-title', text: 'marker-document' }],
  facts: { note: 'marker-fact' },
  tools: [{ name: 'find', description: 'marker-tool' }],
  referenceAnswer: 'marker-reference',
  outputSchema: { title: 'marker-schema' },
  output: {
    text: 'marker-answer',
    finishReason: 'stop',
    refusal: null,
    toolCalls: [{ name: 'find', arguments: '{"q":"marker-argument"}', result: 'marker-result', ok: true }],
    chunks: [],
  },
});

const configText = (baseUrl: string, allow: string, requires = ''): string => `
instance: { name: test }
criteria: [{ name: helpful, rubric: Did it help?, requires: [${requires}] }]
judges:
  - { name: near, baseUrl: ${baseUrl}, model: mistral-small, region: eu }
  - { name: far, baseUrl: ${baseUrl}, model: gpt-4o, region: us }
cascade: { cheap: [[near]], ensemble: [[near, far]] }
privacy: { allow: ${allow} }
`;

function load(text: string): LoadedConfig {
  const loaded = loadMonitorConfig({ text: { name: 'c.yaml', text }, env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

function faultsOf(text: string): string[] {
  const loaded = loadMonitorConfig({ text: { name: 'c.yaml', text }, env: {} });
  return loaded.ok ? [] : loaded.error.map(({ path, problem, wanted }) => `${path}: ${problem ?? wanted}`);
}

describe('fields on the wire to a judge', () => {
  let server: JudgeServer;
  beforeAll(async () => {
    server = await startJudgeServer(() => ({ body: {} }));
  });
  afterAll(() => server.close());

  /** All of what the judge was sent, as text. */
  async function sentTo(name: string, allow: string, requires: readonly string[]): Promise<string> {
    const { config, secrets } = load(configText(server.baseUrl, allow, requires.join(', ')));
    const judges = createJudges(config, secrets, { observeJudgeClient: (client) => client });
    const ask = createAsk({
      monotonicMs: () => 0,
      drawNonce: createNonceSource(() => '0123456789abcdef0123456789abcdef'),
      onCall: () => undefined,
      inputBudgetChars: 48_000,
    });
    const judge = judges.judges.find(({ options }) => options.name === name);
    if (judge === undefined) throw new Error('no such judge');
    const before = server.requests.length;
    await ask(judge, { interaction, criteria: config.criteria }, AbortSignal.timeout(5000));
    await judges.close();
    return JSON.stringify(server.requests.slice(before));
  }

  const requiredBy: Readonly<Record<string, string>> = {
    messages: 'conversation',
    context: 'context',
    facts: 'facts',
    tools: 'tools',
    tool_calls: 'tools',
    reference_answer: 'reference_answer',
    output_schema: 'output_schema',
  };

  it('are all that the criteria need, where no rule is about it', async () => {
    const sent = await sentTo('near', '[]', [...new Set(Object.values(requiredBy))]);
    for (const marker of Object.values(MARKERS).flat()) expect(sent).toContain(marker);
  });

  it.each(JUDGE_FIELDS)('never hold `%s` where it is not allowed; everything else is there', async (field) => {
    const others = JUDGE_FIELDS.filter((one) => one !== field);
    const requires = [...new Set(Object.values(requiredBy))].filter((need) => need !== requiredBy[field]);
    const sent = await sentTo('near', `[{ fields: [${others.join(', ')}] }]`, requires);
    for (const marker of MARKERS[field]) expect(sent).not.toContain(marker);
    expect(sent).toContain('marker-answer');
    const shown = others.filter((one) => requiredBy[one] === undefined || requires.includes(requiredBy[one]));
    for (const one of shown) for (const marker of MARKERS[one]) expect(sent).toContain(marker);
  });

  it('differ by judge, provider and region; the first rule that is about a judge counts', async () => {
    const allow = '[{ regions: [us], fields: [request] }, { judges: [near, far], fields: [] }]';
    expect(await sentTo('far', allow, [])).toContain('marker-request');
    expect(await sentTo('near', allow, [])).not.toContain('marker-request');
    expect(await sentTo('far', '[{ providers: [gemini], fields: [] }]', [])).toContain('marker-request');
  });

  it('are named in the configuration, which refuses what there is not and what no judge could judge by', () => {
    const faults = (allow: string, requires = ''): string[] =>
      faultsOf(configText('http://127.0.0.1/v1', allow, requires));
    expect(faults('[{ fields: [requests] }]')).toHaveLength(1);
    expect(faults('[{ judges: [gone], fields: [request] }]').join()).toContain('no judge is named `gone`');
    expect(faults('[{ regions: [mars], fields: [request] }]').join()).toContain('no judge has `region: mars`');
    const blind = faults('[{ judges: [far], fields: [request] }]', 'facts');
    expect(blind).toHaveLength(1);
    expect(blind[0]).toContain('may not see `facts`, which criterion `helpful` requires');
  });
});
