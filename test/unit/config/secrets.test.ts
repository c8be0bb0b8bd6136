import { inspect } from 'node:util';
import { renderFaults } from '../../../src/config/fault';
import { printConfig } from '../../../src/config/print';
import { loadedText, loadText, SMALL_CONFIG } from '../../support/config-text';

const SECRET = 'sk-very-secret-4711';
const WITH_KEY = SMALL_CONFIG.replace('model: mistral-small', 'model: mistral-small, apiKeyEnv: JUDGE_KEY');

describe('secrets', () => {
  it('come from the environment by name', () => {
    const { secrets } = loadedText(WITH_KEY, { env: { JUDGE_KEY: SECRET, OTHER: 'x' } });
    expect(secrets.get('JUDGE_KEY')).toBe(SECRET);
    expect(() => secrets.get('OTHER')).toThrow('OTHER is not a secret of this configuration');
  });

  it('are faults when missing or empty', () => {
    for (const env of [{}, { JUDGE_KEY: '' }]) {
      const loaded = loadText(WITH_KEY, { env });
      expect(loaded).toMatchObject({
        ok: false,
        error: [{ line: 6, path: 'judges[0].apiKeyEnv', wanted: 'the environment variable JUDGE_KEY to be set' }],
      });
    }
  });

  it('do not show when the configuration is printed, serialised or inspected', () => {
    const loaded = loadedText(WITH_KEY, { env: { JUDGE_KEY: SECRET } });
    const shown = `${printConfig(loaded.config)}${JSON.stringify(loaded)}${inspect(loaded, { depth: 9 })}`;
    expect(shown).toContain('JUDGE_KEY');
    expect(shown).not.toContain(SECRET);
  });

  it('are hidden in faults when someone writes them where their name belongs', () => {
    for (const line of [
      `judges: [{ name: a, baseUrl: http://h, model: m, apiKeyEnv: ${SECRET} }]`,
      `judges: [{ name: a, baseUrl: 'http://user:${SECRET}@h/v1', model: m }]`,
      `judges: [{ name: a, baseUrl: http://h, model: m, apiKey: ${SECRET} }]`,
      `judges: { apiKeyEnv: ${SECRET} }`,
      `source: { registry: { url: 1, passwordEnv: [${SECRET}] } }`,
      `privacy: { userHashSaltEnv: ${SECRET} }`,
    ]) {
      const loaded = loadText(line, { env: { [SECRET]: SECRET } });
      expect(loaded.ok).toBe(false);
      if (!loaded.ok) expect(renderFaults(loaded.error)).not.toContain(SECRET);
    }
  });
});
