import { type JudgingConfig, cascadeFaults } from '../../../src/judge/cascade-faults';
import { cascadeOptions, type JudgeOptions, judgeOptions } from '../../../src/judge/options';
import { criterion } from './fake-judge';

const judge = (name: string, model: string, extra: Partial<JudgeOptions> = {}): JudgeOptions =>
  judgeOptions.parse({ name, model, baseUrl: 'https://host/v1', ...extra });

const sound: JudgingConfig = {
  criteria: [criterion('helpful'), criterion('tone', { kind: 'scale', scale: { min: 1, max: 5 } })],
  judges: [
    judge('mini', 'gpt-4.1-mini'),
    judge('claude', 'claude-sonnet-4'),
    judge('gemini', 'gemini-2.5-flash'),
    judge('qwen', 'qwen3-32b'),
  ],
  cascade: cascadeOptions.parse({ cheap: [['mini']], ensemble: [['claude', 'gemini', 'qwen']] }),
  models: [],
};

function faults(change: Partial<JudgingConfig>): string[] {
  return cascadeFaults({ ...sound, ...change }).map(
    ({ path, severity, message }) => `${severity} ${path.join('.')}: ${message}`,
  );
}

const cascade = (change: object): Partial<JudgingConfig> => ({ cascade: { ...sound.cascade, ...change } });

describe('cascadeFaults', () => {
  it('finds none in a sound set-up, also when the cheap judge shares a family with an ensemble member', () => {
    expect(faults({})).toEqual([]);
    expect(faults(cascade({ ensemble: [['mini', 'gemini', 'qwen']] }))).toEqual([]);
  });

  it.each<[string, Partial<JudgingConfig>, string]>([
    [
      'an unknown judge',
      cascade({ cheap: [['mini'], ['nano']] }),
      'error cascade.cheap.1.0: no judge is named `nano`; known: mini, claude, gemini, qwen',
    ],
    [
      'a judge twice in a panel',
      cascade({ ensemble: [['claude', 'gemini', 'claude']] }),
      'error cascade.ensemble.0.2: `claude` is in the panel twice',
    ],
    [
      'an example without what its criterion requires',
      {
        criteria: [
          criterion('grounded', {
            requires: ['context'],
            examples: [{ expect: 'fail', earlier: [], request: 'When?', answer: 'In May.', context: [] }],
          }),
        ],
      },
      'error criteria.0.examples.0: expects fail, but has not all of what the criterion requires: context',
    ],
    [
      'a shadow of a judge in no panel',
      cascade({ cheap: [['claude']], shadows: [{ judge: 'qwen', beside: 'mini' }] }),
      'error cascade.shadows.0.beside: `mini` is in no panel',
    ],
    [
      'a shadow that sits in the panel already',
      cascade({ shadows: [{ judge: 'qwen', beside: 'claude' }] }),
      'error cascade.shadows.0.judge: `qwen` is in a panel with `claude` already',
    ],
    [
      'one family',
      {
        judges: [...sound.judges, judge('haiku', 'claude-haiku-4')],
        ...cascade({ ensemble: [['claude', 'haiku']] }),
      },
      'error cascade.ensemble.0: 1 family (anthropic, anthropic); an ensemble needs two distinct families',
    ],
    [
      'two families',
      cascade({ ensemble: [['claude', 'gemini']] }),
      'warning cascade.ensemble.0: 2 families (anthropic, google); three are recommended',
    ],
    [
      'a quorum above a panel',
      cascade({ quorum: 4 }),
      'error cascade.quorum: 4, but the panel claude+gemini+qwen has 3',
    ],
    [
      'a spread of a criterion that is not there',
      cascade({ spread: [{ criterion: 'kind', upTo: [1], probability: [0.2] }] }),
      'error cascade.spread.0.criterion: `kind` is no criterion',
    ],
    [
      'steps of a spread that do not rise',
      cascade({ spread: [{ criterion: 'helpful', upTo: [0.5, 0.5], probability: [0.2, 0.3] }] }),
      'error cascade.spread.0.upTo: 0.5, 0.5; wanted rising ends',
    ],
    [
      'a step of a spread without its probability',
      cascade({ spread: [{ criterion: 'helpful', upTo: [0.5, 1], probability: [0.2] }] }),
      'error cascade.spread.0.probability: 1 values; wanted one for each of the 2 steps',
    ],
    [
      'one more judge on a split, without anybody to ask',
      { criteria: [criterion('helpful', { onSplit: 'ask' })] },
      'error criteria.0.onSplit: `ask`, but `cascade.tieBreakers` names nobody',
    ],
    [
      'an unknown judge to ask on a split',
      cascade({ tieBreakers: ['nano'] }),
      'error cascade.tieBreakers.0: no judge is named `nano`',
    ],
    [
      'a band the wrong way round',
      cascade({ band: { low: 0.8, high: 0.2 } }),
      'error cascade.band: low 0.8, high 0.2; low must not be above high',
    ],
    [
      'two judges of one name',
      { judges: [...sound.judges, judge('qwen', 'qwen3-8b')] },
      'error judges.4.name: `qwen` is used twice; names must differ',
    ],
    [
      'two criteria of one name',
      { criteria: [criterion('a'), criterion('a')] },
      'error criteria.1.name: `a` is used twice; names must differ',
    ],
    [
      'a scale without bounds',
      { criteria: [criterion('a', { kind: 'scale' })] },
      'error criteria.0.scale: missing; `kind: scale` needs `scale` with `min` and `max`',
    ],
    [
      'an empty scale',
      { criteria: [criterion('a', { kind: 'scale', scale: { min: 5, max: 5 } })] },
      'error criteria.0.scale: min 5, max 5; min must be below max',
    ],
    [
      'bounds without a scale',
      { criteria: [criterion('a', { scale: { min: 1, max: 5 } })] },
      'error criteria.0.scale: given, but `kind` is binary; set `kind: scale` or leave it out',
    ],
    [
      'a judge of unknown family',
      { judges: [...sound.judges, judge('house', 'house-7b')] },
      'error judges.4.family: the family of `house-7b` is not known; declare `family`',
    ],
    [
      'a family that contradicts what is known',
      { judges: [...sound.judges, judge('odd', 'gpt-4o', { family: 'acme' })] },
      'warning judges.4.family: `acme`, but `gpt-4o` is known as openai',
    ],
    [
      'a producer model that no panel may judge',
      { producerModels: ['gemini-2.5-pro'] },
      'error cascade.ensemble: no panel is independent of `gemini-2.5-pro` (google); add one',
    ],
    [
      'a producer model that nobody knows',
      { producerModels: ['house-7b'] },
      'error models: the family of `house-7b` is not known; declare it',
    ],
  ])('finds %s', (_, change, message) => {
    expect(faults(change)).toEqual([message]);
  });

  it('finds a shadow that would leave an ensemble of one family', () => {
    const two = cascade({ ensemble: [['claude', 'gemini']], shadows: [{ judge: 'haiku', beside: 'gemini' }] });
    expect(faults({ judges: [...sound.judges, judge('haiku', 'claude-haiku-4')], ...two })).toContain(
      'error cascade.shadows.0: 1 family (anthropic, anthropic); an ensemble needs two distinct families',
    );
  });

  it('accepts families that are declared, under any of their names', () => {
    const judges = [
      ...sound.judges,
      judge('house', 'house-7b', { family: 'house' }),
      judge('l', 'llama-3', { family: 'meta-llama3' }),
    ];
    expect(faults({ judges })).toEqual([]);
    const models = [{ match: 'house-*', family: 'house', lineage: [] }];
    expect(faults({ judges: [...sound.judges, judge('house', 'house-7b')], models })).toEqual([]);
  });

  it('only warns of producers without a panel where independence is not enforced', () => {
    expect(faults({ producerModels: ['gemini-2.5-pro'], ...cascade({ independence: 'warn' }) })).toEqual([
      'warning cascade.ensemble: no panel is independent of `gemini-2.5-pro` (google); add one',
    ]);
    expect(faults({ producerModels: ['gemini-2.5-pro'], ...cascade({ independence: 'observe' }) })).toEqual([]);
  });

  it('finds everything at once', () => {
    expect(
      faults({
        criteria: [criterion('a', { kind: 'scale' }), criterion('a')],
        ...cascade({ cheap: [['x']], quorum: 9 }),
      }),
    ).toHaveLength(4);
  });
});
