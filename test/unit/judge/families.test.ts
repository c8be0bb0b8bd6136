import { canonicalFamily, familyOf, isIndependent, judgeFamily } from '../../../src/judge/families';

describe('familyOf', () => {
  it.each([
    ['gpt-4-0613', 'openai'],
    ['gpt-3.5-turbo-0125', 'openai'],
    ['gpt-4.1-mini', 'openai'],
    ['gpt-oss-120b', 'openai'],
    ['o1-mini-2024-09-12', 'openai'],
    ['ChatGPT-0301', 'openai'],
    ['ft:gpt-4o-mini:acme', 'openai'],
    ['claude-3-opus-20240229', 'anthropic'],
    ['us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'anthropic'],
    ['gemini-1.0-pro-001', 'google'],
    ['models/gemini-2.5-flash', 'google'],
    ['gemma-7b-it', 'google'],
    ['PaLM2', 'google'],
    ['Llama-2-70b-chat-hf', 'meta'],
    ['meta-llama/Llama-3.3-70B-Instruct', 'meta'],
    ['llama2-13b-base', 'meta'],
    ['Mistral-7B-Instruct-v0.1', 'mistral'],
    ['Mixtral-8x7B-Instruct-v0.1', 'mistral'],
    ['Qwen1.5-72B-Chat', 'qwen'],
    ['qwq-32b', 'qwen'],
    ['deepseek-chat', 'deepseek'],
    ['command-r-plus', 'cohere'],
    ['grok-4', 'xai'],
    ['Falcon', 'tii'],
    ['internlm_internlm2-20b-reward', 'internlm'],
  ])('knows %s as %s', (model, family) => {
    expect(familyOf(model)?.family).toBe(family);
  });

  it.each([
    ['deepseek-ai/DeepSeek-R1-Distill-Llama-70B', 'deepseek', 'meta'],
    ['DeepSeek-R1-Distill-Qwen-32B', 'deepseek', 'qwen'],
    ['deepseek-r1:8b', 'deepseek', 'meta'],
    ['nvidia/Llama-3.1-Nemotron-70B-Instruct', 'nvidia', 'meta'],
    ['Skywork_Skywork-Reward-Gemma-2-27B', 'skywork', 'google'],
    ['JudgeLM', 'judgelm', 'meta'],
    ['vicuna-13b-v1.5', 'lmsys', 'meta'],
    ['zephyr-7b-beta', 'huggingface', 'mistral'],
  ])('knows that %s (%s) was made from %s', (model, family, lineage) => {
    expect(familyOf(model)).toMatchObject({ family, lineage: expect.arrayContaining([lineage]) as string[] });
  });

  it.each(['house-7b', 'acme-chat-1', '', 'my-llama-tune', 'assistant'])('does not guess at %j', (model) => {
    expect(familyOf(model)).toBeNull();
  });

  it('lets the configuration decide first, exact names before the longest prefix', () => {
    const configured = [
      { match: 'house-*', family: 'Llama', lineage: [] },
      { match: 'house-7b*', family: 'house', lineage: ['Claude', 'house'] },
      { match: 'house-7b-x', family: 'other', lineage: [] },
      { match: 'gpt-4o', family: 'wrapped', lineage: [] },
    ];
    expect(familyOf('house-1b', configured)).toEqual({ family: 'meta', lineage: [] });
    expect(familyOf('org/House-7b-q4', configured)).toEqual({ family: 'house', lineage: ['anthropic'] });
    expect(familyOf('house-7b-x', configured)?.family).toBe('other');
    expect(familyOf('gpt-4o', configured)?.family).toBe('wrapped');
    expect(familyOf('gpt-4o-mini', configured)?.family).toBe('openai');
  });
});

describe('judgeFamily', () => {
  it('takes the declared family and keeps the lineage that is known', () => {
    expect(judgeFamily({ model: 'deepseek-r1-distill-llama-8b', family: 'deepseek', lineage: [] })).toEqual({
      family: 'deepseek',
      lineage: ['meta'],
    });
    expect(judgeFamily({ model: 'unknown-1', family: 'acme', lineage: ['GPT'] })).toEqual({
      family: 'acme',
      lineage: ['openai'],
    });
    expect(judgeFamily({ model: 'unknown-1', lineage: [] })).toBeNull();
  });
});

describe('isIndependent', () => {
  const of = (model: string) => {
    const family = familyOf(model);
    if (family === null) throw new Error(model);
    return family;
  };
  it.each([
    ['gpt-4o-mini', 'claude-sonnet-4', true],
    ['gpt-4o-mini', 'gpt-3.5-turbo', false],
    ['Llama-3.1-8B', 'Llama-2-70b-chat-hf', false],
    ['deepseek-r1-distill-llama-70b', 'Llama-3.3-70B', false],
    ['Llama-3.3-70B', 'deepseek-r1-distill-llama-70b', false],
    ['deepseek-r1-distill-llama-70b', 'deepseek-chat', false],
    ['deepseek-r1-distill-llama-70b', 'qwen2.5-72b', true],
    // Both from a third.
    ['vicuna-13b', 'deepseek-r1-distill-llama-70b', false],
  ])('%s judging %s: %s', (judge, producer, expected) => {
    expect(isIndependent(of(judge), of(producer))).toBe(expected);
  });

  it('cannot be shown for an unknown model', () => {
    expect(isIndependent(of('gpt-4o'), null)).toBe(false);
  });
});

describe('canonicalFamily', () => {
  it.each([
    ['Meta-Llama3', 'meta'],
    ['meta-llama2', 'meta'],
    ['Alibaba', 'qwen'],
    ['gemini', 'google'],
    ['constructor', 'constructor'],
    ['House', 'house'],
  ])('%s → %s', (name, canonical) => {
    expect(canonicalFamily(name)).toBe(canonical);
  });
});
