import { loadedText, SMALL_CONFIG } from '../../support/config-text';

const hashOf = (text: string, env = {}): string => loadedText(text, { env }).hash;

describe('configHash', () => {
  it('ignores comments, white space, the order of keys and defaults spelt out', () => {
    const same = `# a comment
cascade:
  ensemble: [['one', "two"]]
  cheap:
    - - one
judges:
  - {model: mistral-small, name: one, baseUrl: 'http://127.0.0.1/v1', retries: 2}
  - {model: gpt-4o, baseUrl: 'http://127.0.0.1/v1', name: two}
criteria: [{rubric: Did it help?, name: helpful}]
sampling: {rate: 0.10}
instance: {topicPrefix: plumbline, name: test}
`;
    expect(hashOf(same)).toBe(hashOf(SMALL_CONFIG));
    expect(hashOf(same)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('ignores the value and the variable of a secret', () => {
    const key = (name: string): string => SMALL_CONFIG.replace('model: gpt-4o', `model: gpt-4o, apiKeyEnv: ${name}`);
    expect(hashOf(key('A'), { A: 'x' })).toBe(hashOf(key('B'), { B: 'y' }));
  });

  it('changes with the meaning, the order of panels included', () => {
    const texts = [
      SMALL_CONFIG,
      SMALL_CONFIG.replace('Did it help?', 'Did it help'),
      SMALL_CONFIG.replace('[[one, two]]', '[[two, one]]'),
      `${SMALL_CONFIG}sampling: { rate: 0.2 }`,
      `${SMALL_CONFIG}source: { topics: { behaviour: null } }`,
    ];
    expect(new Set(texts.map((text) => hashOf(text))).size).toBe(texts.length);
  });
});
