import { familyOf } from '../../../src/judge/families';
import {
  type PanelChoice,
  type PanelStages,
  choosePanels,
  type Independence,
  panelIdOf,
} from '../../../src/judge/panels';
import { fakeJudge } from './fake-judge';

const gpt = fakeJudge('gpt', 'gpt-4.1-mini', {});
const claude = fakeJudge('claude', 'claude-sonnet-4', {});
const gemini = fakeJudge('gemini', 'gemini-2.5-flash', {});
const qwen = fakeJudge('qwen', 'qwen3-235b', {});
const mistral = fakeJudge('mistral', 'mistral-large', {});

const stages: PanelStages = {
  cheap: [[gpt], [mistral]],
  ensemble: [
    [claude, gemini, qwen],
    [gpt, gemini, mistral],
  ],
  tieBreakers: [gpt, qwen, mistral],
  method: 'mean',
  successors: [],
};

function choose(model: string, paused: string[] = [], independence: Independence = 'enforce'): string {
  return told(choosePanels(stages, familyOf(model), paused, independence));
}

function told(choice: PanelChoice): string {
  return choice.kind === 'none' ? choice.reason : choice.panels.id;
}

describe('choosePanels', () => {
  it.each([
    ['llama-3.3-70b', 'gpt>claude+gemini+qwen/mean'],
    ['gpt-4o', 'mistral>claude+gemini+qwen/mean'],
    ['claude-opus-4', 'gpt>gpt+gemini+mistral/mean'],
    ['gemini-2.5-pro', 'not_independent'],
    ['house-7b', 'not_independent'],
    ['deepseek-r1-distill-qwen-32b', 'gpt>gpt+gemini+mistral/mean'],
  ])('enforced, %s is judged by %s', (model, panel) => {
    expect(choose(model)).toBe(panel);
  });

  it.each([
    ['llama-3.3-70b', [], 'gpt'],
    ['gpt-4o', [], 'mistral'],
    ['llama-3.3-70b', ['gpt'], 'mistral'],
    ['claude-opus-4', [], 'qwen'],
  ])('breaks ties on %s (paused: %j) by %s: independent, awake and not on the panel', (model, paused, judge) => {
    const choice = choosePanels(stages, familyOf(model), paused, 'enforce');
    if (choice.kind === 'none') throw new Error(choice.reason);
    expect(choice.panels.tieBreaker?.options.name).toBe(judge);
    expect(panelIdOf(choice.panels, { onSplit: 'ask' })).toBe(`${choice.panels.id}?${judge}`);
    expect(panelIdOf(choice.panels, {})).toBe(choice.panels.id);
  });

  it('skips a panel with a paused judge, and says paused only when resuming would help', () => {
    expect(choose('llama-3.3-70b', ['gpt'])).toBe('mistral>claude+gemini+qwen/mean');
    expect(choose('llama-3.3-70b', ['qwen'])).toBe('gpt>gpt+gemini+mistral/mean');
    expect(choose('llama-3.3-70b', ['gemini'])).toBe('paused');
    expect(choose('gpt-4o', ['qwen'])).toBe('paused');
    expect(choose('gemini-2.5-pro', ['gpt'])).toBe('not_independent');
    expect(choose('gemini-2.5-pro', ['gemini'], 'warn')).toBe('paused');
  });

  it('under `warn` prefers independent panels and marks the others as another instrument', () => {
    expect(choose('claude-opus-4', [], 'warn')).toBe('gpt>gpt+gemini+mistral/mean');
    expect(choose('gemini-2.5-pro', [], 'warn')).toBe('gpt>claude+gemini+qwen/mean~own');
    expect(choose('house-7b', [], 'warn')).toBe('gpt>claude+gemini+qwen/mean~own');
  });

  it('under `observe` takes the first panel whatever it is', () => {
    expect(choose('claude-opus-4', [], 'observe')).toBe('gpt>claude+gemini+qwen/mean~own');
    expect(choose('llama-3.3-70b', [], 'observe')).toBe('gpt>claude+gemini+qwen/mean');
  });

  it('says whether the panels are independent', () => {
    expect(choosePanels(stages, familyOf('gemini-2.5-pro'), [], 'warn')).toMatchObject({
      panels: { independent: false },
    });
    expect(choosePanels(stages, familyOf('llama-3'), [], 'warn')).toMatchObject({ panels: { independent: true } });
  });
});
