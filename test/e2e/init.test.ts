import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlItemsOf } from '../../src/judge/control-items';
import { familyOf } from '../../src/judge/families';
import { type StarterAnswers, starterConfig } from '../../src/compose/setup/starter-config';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { runCli } from '../support/run-cli';

const ANSWERS: StarterAnswers = {
  name: 'support-quality',
  brokers: ['kafka:9092'],
  interactions: 'llm.interactions',
  behaviour: 'llm.behaviour',
  format: 'auto',
  models: ['gpt-4.1'],
  judgeUrl: 'http://localhost:4000/v1',
  judgeKeyEnv: '',
  segments: ['product', 'locale'],
  rate: 0.1,
};

describe('the starter configuration', () => {
  it.each([
    [['gpt-4.1']],
    [['claude-sonnet-4-5']],
    [['gemini-2.5-pro']],
    [['mistral-large-latest']],
    [['gpt-4.1', 'claude-opus-4-1']],
    [['our-own-model']],
  ])('passes the check with judges of other families than %j', (models) => {
    const loaded = loadMonitorConfig({
      text: { name: 'c.yaml', text: starterConfig({ ...ANSWERS, models }) },
      env: {},
    });
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
    if (!loaded.ok) return;
    const { judges, cascade, criteria } = loaded.value.config;
    // Every criterion comes with answers known to be good and bad: control items from the first day.
    expect(new Set(controlItemsOf(criteria).map(({ kind, criterion }) => `${criterion}/${kind}`)).size).toBe(
      3 * criteria.length,
    );
    const families = judges.map(({ model }) => familyOf(model)?.family);
    expect(new Set(families).size).toBe(families.length);
    for (const model of models) expect(families).not.toContain(familyOf(model)?.family ?? 'none');
    expect(cascade.ensemble[0]?.length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['spans', { format: 'otlp' as const, behaviour: null }],
    ['a key', { judgeKeyEnv: 'JUDGE_API_KEY' }],
    ['a topic that YAML would misread', { interactions: "t'#: x" }],
  ])('passes with %s', (_, more) => {
    const text = starterConfig({ ...ANSWERS, ...more });
    const loaded = loadMonitorConfig({ text: { name: 'c.yaml', text }, env: { JUDGE_API_KEY: 'x' } });
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
  });

  it('refuses names that the configuration refuses, and says which', () => {
    expect(() => starterConfig({ ...ANSWERS, name: 'a: "b" #c' })).toThrow(/instance.name/);
  });

  it('says so where no independent panel is left', () => {
    const models = ['gpt-4.1', 'claude-sonnet-4-5', 'gemini-2.5-pro', 'mistral-large-latest'];
    expect(() => starterConfig({ ...ANSWERS, models })).toThrow(/no independent panel/);
  });
});

it('`init` writes a file that `config check` takes, and overwrites nothing unasked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-init-'));
  try {
    const out = join(folder, 'plumbline.yaml');
    const flags = ['init', '--name', 'q', '--model', 'gpt-4.1', '--behaviour-topic', 'none', '--out', out];
    expect(await runCli(flags)).toMatchObject({ code: 0, stderr: '' });
    expect((await runCli(['config', 'check', '--config', out])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/# Whole conversations are judged or not/);
    expect((await runCli(flags)).code).toBe(2);
    expect((await runCli([...flags, '--force'])).code).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
