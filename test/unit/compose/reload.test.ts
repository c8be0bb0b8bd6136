import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diffConfigs } from '../../../src/compose/config-diff';
import { createReload, watchFiles } from '../../../src/compose/reload';
import type { LoadedConfig } from '../../../src/config/load';
import { loadConfig } from '../../../src/config/load';
import type { ReloadResult } from '../../../src/outputs/process-gauges';
import { silentLogger } from '../../../src/platform/logger';
import { SMALL_CONFIG } from '../../support/config-text';
import { eventually } from '../../support/eventually';

const read = (text: string) => loadConfig({ text: { name: 'plumbline.yaml', text }, env: {} });

function loaded(text: string): LoadedConfig {
  const result = read(text);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const REWORDED = SMALL_CONFIG.replace('Did it help?', 'Did it help the user?');

describe('a reload', () => {
  function rig(resets = 0, acceptsResets = false) {
    const applied: string[] = [];
    const results: ReloadResult[] = [];
    let text = SMALL_CONFIG;
    const reload = createReload({
      initial: loaded(SMALL_CONFIG),
      load: () => read(text),
      resetsUnder: () => resets,
      acceptsResets,
      apply(next) {
        if (text.includes('breaks')) throw new Error('it does');
        applied.push(next.hash);
      },
      onResult: (result) => void results.push(result),
      logger: silentLogger,
    });
    const to = (next: string): ReloadResult => {
      text = next;
      return reload();
    };
    return { to, applied, results };
  }

  it('puts another meaning in force once', () => {
    const { to, applied } = rig();
    expect(to(REWORDED)).toBe('ok');
    expect(to(REWORDED)).toBe('unchanged');
    expect(applied).toEqual([loaded(REWORDED).hash]);
  });

  it('changes nothing for comments, white space and the order of keys', () => {
    const { to, applied } = rig();
    expect(to(`# new comment\n${SMALL_CONFIG}\n\n`)).toBe('unchanged');
    expect(applied).toEqual([]);
  });

  it.each([
    ['a syntax error', `${SMALL_CONFIG}\n  - [`],
    ['an unknown key', `${SMALL_CONFIG}\nnonsense: 1`],
    ['an impossible value', `${SMALL_CONFIG}\nsampling: { rate: 7 }`],
  ])('keeps the old configuration for %s', (_, text) => {
    const { to, applied } = rig();
    expect(to(text)).toBe('invalid');
    expect(to(SMALL_CONFIG)).toBe('unchanged');
    expect(applied).toEqual([]);
  });

  it('keeps the old one when the new one cannot be applied', () => {
    const { to } = rig();
    expect(to(SMALL_CONFIG.replace('Did it help?', 'breaks'))).toBe('invalid');
    expect(to(SMALL_CONFIG)).toBe('unchanged');
  });

  it('refuses what only a start can change', () => {
    expect(rig().to(`${SMALL_CONFIG}\nserver: { port: 1234 }`)).toBe('needs_restart');
  });

  it('refuses to make too many series learn afresh, unless that was accepted', () => {
    const limited = `${REWORDED}\nalerts: { maxResets: 10 }`;
    expect(rig(10).to(limited)).toBe('ok');
    expect(rig(11).to(limited)).toBe('too_many_resets');
    expect(rig(11, true).to(limited)).toBe('ok');
  });

  it('counts each attempt by its result', () => {
    const { to, results } = rig();
    to(REWORDED);
    to('[');
    expect(results).toEqual(['ok', 'invalid']);
  });
});

describe('files that are watched', () => {
  it('call once they change, and not before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-watch-'));
    const file = join(folder, 'plumbline.yaml');
    writeFileSync(file, 'a');
    const other = join(folder, 'other', 'file');
    mkdirSync(dirname(other));
    const changed: string[] = [];
    const end = watchFiles([file], () => changed.push(file), 5);
    const endOther = watchFiles([other], () => changed.push(other), 5);
    try {
      writeFileSync(other, 'new');
      await eventually(() => changed.length > 0);
      expect(new Set(changed)).toEqual(new Set([other]));
      writeFileSync(file, 'changed');
      await eventually(() => changed.includes(file));
    } finally {
      end();
      endOther();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a diff of configurations', () => {
  const diff = (before: string, after: string) => diffConfigs(loaded(before), loaded(after), 100);

  it('of the same meaning has no changes', () => {
    const spaced = SMALL_CONFIG.replace('Did it help?', '"Did  it help?"');
    expect(diff(SMALL_CONFIG, spaced)).toMatchObject({ changes: [], resets: { all: false, criteria: [] } });
  });

  it('names the criteria whose scores mean something else, and how long they are blind', () => {
    const { changes, resets } = diff(SMALL_CONFIG, REWORDED);
    expect(changes.map(({ path }) => path)).toEqual(['criteria.helpful.rubric']);
    expect(resets).toEqual({ all: false, criteria: ['helpful'], points: [], blind_sessions: 1000, blind_days: 10 });
  });

  it('says that other budgets of false alarms concern every series', () => {
    expect(diff(SMALL_CONFIG, `${SMALL_CONFIG}\ndetectors: { maxSeries: 50 }`).resets).toMatchObject({ all: true });
  });

  it('says that nothing restarts for owners of the door: ports and the bound on resets', () => {
    const found = diff(SMALL_CONFIG, `${SMALL_CONFIG}\nserver: { port: 1234 }\nalerts: { maxResets: 3 }`);
    expect(found).toMatchObject({ needs_restart: ['server'], resets: { all: false, blind_sessions: null } });
  });

  it('compares lists by name and tells how much more is judged', () => {
    const more = SMALL_CONFIG.replace('criteria:', 'criteria:\n  - { name: correct, rubric: Is it so? }');
    const found = diff(SMALL_CONFIG, more);
    expect(found.judging_factor).toBe(2);
    expect(new Set(found.changes.map(({ path }) => path.split('.').slice(0, 2).join('.')))).toEqual(
      new Set(['criteria.correct']),
    );
    expect(found.resets.criteria).toEqual([]);
  });
});
