import { loadConfig } from '../../../src/config/load';
import { faultPlaces, loadedText, loadText, memoryDisk, SMALL_CONFIG } from '../../support/config-text';

function faultsOf(text: string, options = {}) {
  const loaded = loadText(text, options);
  if (loaded.ok) throw new Error('wanted faults');
  return loaded.error;
}

describe('loadConfig', () => {
  it('fills a small file with defaults', () => {
    const { config } = loadedText(SMALL_CONFIG);
    expect(config.instance).toEqual({ name: 'test', topicPrefix: 'plumbline', groupPrefix: 'plumbline' });
    expect(config.source.topics).toEqual({ interactions: 'llm.interactions', behaviour: 'llm.behaviour' });
    expect(config.source).toMatchObject({ onOffsetGap: 'fail', format: 'auto', maxDepth: 64 });
    expect(config.sampling.rate).toBe(0.1);
    expect(config.models).toEqual([]);
  });

  it('freezes the value to its leaves', () => {
    const { config } = loadedText(SMALL_CONFIG);
    expect(Object.isFrozen(config.judges[0])).toBe(true);
    expect(() => Object.assign(config.source.window, { maxBytes: 1 })).toThrow(TypeError);
  });

  it('names every fault at once, with its line, the value seen and what is wanted', () => {
    const faults = faultsOf(`instance: { name: 'my inst!' }
source:
  kafka: { brokers: [], sasl: { mechanism: plian, username: x, passwordEnv: P } }
  onOffsetGap: fails
criteria:
  - name: helpful
    rubrik: x
judges:
  - name: one
    baseUrl: http://h/v1
    model: m
    timeoutMs: 10
    apiKeyEnv: NOT_THERE
cascde: {}
`);
    expect(faults.map(({ line, path, saw }) => [line, path, saw])).toEqual([
      [1, 'instance.name', '"my inst!"'],
      [1, 'cascade', 'nothing'],
      [3, 'source.kafka.brokers', '[]'],
      [3, 'source.kafka.sasl.mechanism', '"plian"'],
      [3, 'source.kafka.sasl.passwordEnv', null],
      [4, 'source.onOffsetGap', '"fails"'],
      [6, 'criteria[0].rubric', 'nothing'],
      [7, 'criteria[0].rubrik', 'an unknown key'],
      [12, 'judges[0].timeoutMs', '10'],
      [13, 'judges[0].apiKeyEnv', null],
      [14, 'cascde', 'an unknown key'],
    ]);
    const wanted = Object.fromEntries(faults.map((fault) => [fault.path, fault.wanted]));
    expect(wanted['judges[0].timeoutMs']).toBe('an integer from 50 to 600000');
    expect(wanted['source.onOffsetGap']).toBe('one of `fail`, `earliest`; did you mean `fail`?');
    expect(wanted['criteria[0].rubrik']).toBe('a known key; did you mean `rubric`?');
    expect(wanted['cascde']).toBe('a known key; did you mean `cascade`?');
    expect(wanted['instance.name']).toBe('letters, digits, `_`, `.`, `-`; at most 64');
  });

  it('says under which section a misplaced key belongs', () => {
    const [fault] = faultsOf(`${SMALL_CONFIG}\nauditProbability: 0.2\n`);
    expect(fault?.wanted).toBe('a known key; `auditProbability` belongs under `cascade`');
  });

  it('finds the fault inside the form of a mapping rule that was meant', () => {
    const mapping = (rule: string) => `${SMALL_CONFIG}source: { mapping: { fields: { x: ${rule} } } }`;
    expect(faultPlaces(mapping('{ object: { a: { path: p, as: integer } } }'))).toEqual([
      '9 source.mapping.fields.x.object.a.as',
    ]);
    expect(faultPlaces(mapping('{ each: m, itm: { role: role } }'))).toEqual([
      '9 source.mapping.fields.x.itm',
      '9 source.mapping.fields.x.item',
    ]);
    expect(faultPlaces(mapping('{ pth: p }'))).toEqual(['9 source.mapping.fields.x.pth']);
    expect(faultPlaces(mapping('5'))).toEqual(['9 source.mapping.fields.x']);
  });

  it('reports a syntax error with its line, without burying it under what is then missing', () => {
    expect(
      faultPlaces('instance: { name: a }\nsource:\n  kafka: [\ncriteria: 1\n').map((at) => at.split(' ')[0]),
    ).toEqual(expect.arrayContaining(['4']));
    expect(faultPlaces('a: 1\na: 2\n')).toEqual(['2 ']);
    expect(faultPlaces('a: !<tag:x> 1\n').length).toBeGreaterThan(0);
  });

  it('refuses keys that reach into a prototype', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(faultPlaces(`${SMALL_CONFIG}${key}: { polluted: true }\n`)).toEqual(['9 ']);
      expect(faultPlaces(`${SMALL_CONFIG}sampling: { cells: [{ rate: 1, where: { ${key}: x } }] }\n`)).toEqual([
        '9 sampling.cells[0].where',
      ]);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('bounds anchors that multiply and nesting that overflows', () => {
    const bomb = ['a0: &a0 [1,1,1,1,1,1,1,1,1,1]'];
    for (let level = 1; level < 12; level += 1) bomb.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`);
    const started = performance.now();
    expect(faultPlaces(bomb.join('\n')).length).toBeGreaterThan(0);
    expect(faultPlaces('a: &a [*a]\n').length).toBeGreaterThan(0);
    expect(faultPlaces(`a: ${'['.repeat(50_000)}`).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('accepts an anchor used honestly', () => {
    const { config } = loadedText(`instance: { name: &n test }
criteria: [{ name: *n, rubric: r }]
judges: [{ name: one, baseUrl: http://h, model: m }]
cascade: { cheap: [[one]], ensemble: [[one]] }`);
    expect(config.criteria[0]?.name).toBe('test');
  });

  it('asks the rules of other rooms and places their faults', () => {
    const crossChecks = [
      () => [{ path: 'cascade.ensemble[0]', saw: ['one', 'two'], wanted: 'two families' }],
      () => [{ path: ['judges', 1, 'model'], problem: 'its family is not known' }],
    ];
    expect(faultPlaces(SMALL_CONFIG, { crossChecks })).toEqual(['7 judges[1].model', '8 cascade.ensemble[0]']);
  });

  it('finds what no single section can see', () => {
    expect(faultPlaces(`${SMALL_CONFIG}segments: { crosses: [[product, plan]] }`)).toEqual([
      '9 segments.crosses[0][1]',
    ]);
    expect(faultPlaces(`${SMALL_CONFIG}source: { topics: { behaviour: llm.interactions } }`)).toEqual([
      '9 source.topics.behaviour',
    ]);
    expect(faultPlaces(`${SMALL_CONFIG}source: { topics: { interactions: plumbline.ledger } }`)).toEqual([
      '9 source.topics.interactions',
    ]);
    expect(faultPlaces(SMALL_CONFIG.replace('http://127.0.0.1/v1', 'ftp://127.0.0.1/v1'))).toEqual([
      '6 judges[0].baseUrl',
    ]);
  });

  it('names files that cannot be read', () => {
    const loaded = loadConfig({ files: ['nowhere.yaml'], env: {}, disk: memoryDisk({}) });
    expect(loaded).toEqual({
      ok: false,
      error: [{ file: 'nowhere.yaml', line: 1, path: '', saw: null, wanted: 'a readable file: it does not exist' }],
    });
  });

  it('asks for the needed sections when the file is empty', () => {
    expect(faultPlaces('')).toEqual(['1 instance', '1 criteria', '1 judges', '1 cascade']);
    expect(faultPlaces('just text')).toEqual(['1 ']);
  });
});
