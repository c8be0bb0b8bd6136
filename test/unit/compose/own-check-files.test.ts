import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOwnChecks } from '../../../src/compose/own-check-files';
import { loadMonitorConfig } from '../../../src/compose/monitor-config';
import { runChecks } from '../../../src/checks/create-checks';
import { buildInteraction } from '../../support/builders/interaction';
import { SMALL_CONFIG } from '../../support/config-text';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'own-checks-'));
  symlinkSync(join(__dirname, '../../../node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const TYPESCRIPT = `
  type Found = { passes: boolean; detail?: string; span?: { start: number; end: number } };
  const check = {
    name: 'no_competitor',
    version: 2,
    meaning: 'No competitor is named.',
    run({ output }: { output: { text: string } }): Found {
      const at: number = output.text.indexOf('Globex');
      return at < 0 ? { passes: true } : { passes: false, detail: 'named', span: { start: at, end: at + 6 } };
    },
  };
  export default check;`;

describe('checks of one’s own in a folder', () => {
  it('run beside the others, from TypeScript and from CommonJS', () => {
    const folder = folderWith({
      'a-competitor.ts': TYPESCRIPT,
      'b-throws.cjs':
        "module.exports = { name: 'throws', version: 1, meaning: 'Always.', run() { throw new Error('x'); } };",
      'notes.md': 'not code',
    });
    const { checks, problems } = loadOwnChecks(folder);
    expect(problems).toEqual([]);
    const output = { text: 'Try Globex.', finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] };
    expect(runChecks(checks, buildInteraction({ output }))).toEqual([
      { check: 'no_competitor', version: 2, result: 'fail', span: { start: 4, end: 10 }, detail: 'named' },
      { check: 'throws', version: 1, result: 'not_applicable', span: null, detail: 'threw' },
    ]);
  });

  it('says in one sentence what is wrong with a file or the folder', () => {
    const folder = folderWith({ 'bad.cjs': "module.exports = { name: 'Bad Name' };", 'worse.cjs': 'not javascript' });
    const { problems } = loadOwnChecks(folder);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('`name`');
    expect(loadOwnChecks(join(folder, 'gone')).problems[0]).toContain('no such folder');
  });

  it('are known to the configuration by their names', () => {
    const folder = folderWith({ 'a.ts': TYPESCRIPT });
    const text = (name: string): string => `${SMALL_CONFIG}\nchecks: { folder: '${folder}', escalateOn: [${name}] }\n`;
    const load = (name: string) => loadMonitorConfig({ text: { name: 'c.yaml', text: text(name) }, env: {} });
    expect(load('no_competitor')).toMatchObject({ ok: true });
    expect(load('no_rival')).toMatchObject({ ok: false });
  });
});
