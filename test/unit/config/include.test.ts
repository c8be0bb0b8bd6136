import { loadConfig } from '../../../src/config/load';
import { memoryDisk, SMALL_CONFIG } from '../../support/config-text';

function load(files: Record<string, string>) {
  return loadConfig({ files: ['etc/main.yaml'], env: {}, disk: memoryDisk(files) });
}

describe('include', () => {
  it('concatenates lists and merges mappings, in the order of names', () => {
    const loaded = load({
      'etc/main.yaml': `include: conf.d/*.yaml\n${SMALL_CONFIG}`,
      'etc/conf.d/b.yaml': 'criteria: [{ name: b, rubric: r }]\nsampling: { salt: s }\n',
      'etc/conf.d/a.yaml': 'criteria: [{ name: a, rubric: r }]\nsampling: { rate: 0.5 }\n',
      'etc/conf.d/.hidden.yaml': 'broken: [',
      'etc/conf.d/notes.txt': 'broken: [',
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    expect(loaded.value.config.criteria.map(({ name }) => name)).toEqual(['helpful', 'a', 'b']);
    expect(loaded.value.config.sampling).toMatchObject({ rate: 0.5, salt: 's' });
    expect(loaded.value.files).toEqual(['etc/main.yaml', 'etc/conf.d/a.yaml', 'etc/conf.d/b.yaml']);
  });

  it('places faults in the file that holds them', () => {
    const loaded = load({
      'etc/main.yaml': `include: [team.yaml]\n${SMALL_CONFIG}`,
      'etc/team.yaml': 'criteria:\n  - { name: a, rubric: "" }\n',
    });
    expect(loaded).toMatchObject({
      ok: false,
      error: [{ file: 'etc/team.yaml', line: 2, path: 'criteria[1].rubric' }],
    });
  });

  it('refuses two values for one key and names both places; equal values agree', () => {
    const loaded = load({
      'etc/main.yaml': `include: [a.yaml, b.yaml]\n${SMALL_CONFIG}`,
      'etc/a.yaml': 'instance: { name: test }\nserver: { port: 1 }\n',
      'etc/b.yaml': 'server:\n  port: 2\n',
    });
    expect(loaded).toEqual({
      ok: false,
      error: [{ file: 'etc/b.yaml', line: 2, path: 'server.port', saw: '2', wanted: 'one value: etc/a.yaml:2 says 1' }],
    });
  });

  it('refuses what has no end, such as a device', () => {
    for (const path of ['/dev/zero', '/dev']) {
      const loaded = loadConfig({ files: [path], env: {} });
      expect(loaded).toMatchObject({ ok: false, error: [{ wanted: 'a readable file: it is not a file' }] });
    }
  });

  it('refuses patterns that match nothing and includes inside included files', () => {
    const loaded = load({
      'etc/main.yaml': `include: [team.yaml, 'conf.d/*.yaml']\n${SMALL_CONFIG}`,
      'etc/team.yaml': 'include: more.yaml\n',
    });
    expect(loaded).toMatchObject({
      ok: false,
      error: [
        { file: 'etc/main.yaml', line: 1, wanted: 'a pattern that matches a file' },
        { file: 'etc/team.yaml', line: 1, wanted: '`include` in the first file only' },
      ],
    });
  });
});
