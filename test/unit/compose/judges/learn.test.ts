import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { learnFromVerdicts } from '../../../../src/compose/judges/learn';
import { verdictLine } from '../../../../src/compose/codecs';
import { readStoppingFile } from '../../../../src/compose/cascade/stopping-file';
import { cascadeOptions } from '../../../../src/judge/options';
import { createRandom } from '../../../../src/stats/seeded-random';
import { buildInteraction } from '../../../support/builders/interaction';
import { buildCriterionVerdict, buildJudgeAnswer, buildVerdict } from '../../../support/builders/verdict';
import { criterion } from '../../judge/fake-judge';

const random = createRandom(3);

function wholePanel(i: number): string {
  const scores = [0.9, 0.9, 0.9].map((score) => (random() < 0.8 ? score : 1 - score));
  const names = ['a', 'b', 'c'];
  const passes = scores.filter((score) => score >= 0.5).length;
  const ensemble = scores.map((score, j) => buildJudgeAnswer({ judge: names[j]!, score, costUsd: 0.01 * (j + 1) }));
  const combined = { score: passes >= 2 ? 1 : 0, method: 'majority', disagreement: 0 } as const;
  const verdict = buildCriterionVerdict({
    criterion: 'helpful',
    panel: 'mini>a+b+c/majority',
    cheap: [buildJudgeAnswer({ judge: 'mini', score: 0.9, costUsd: 0.001 })],
    escalation: { escalated: true, reason: null, probability: 0.1 },
    ensemble,
    combined: { ...combined, outlierJudge: null, quorum: 3, degraded: false, independent: true },
  });
  const interaction = buildInteraction({ segments: { product: i % 2 === 0 ? 'x' : 'y' } });
  return verdictLine(buildVerdict({ criteria: [verdict], interaction }));
}

describe('judges learn', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plumbline-learn-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('learns from the verdicts of a data directory and writes a rule that can be read', async () => {
    writeFileSync(
      join(directory, 'verdicts.jsonl'),
      Array.from({ length: 300 }, (_, i) => `${wholePanel(i)}\n`).join(''),
    );
    const out = join(directory, 'stopping.json');
    const report = await learnFromVerdicts({
      config: {
        criteria: [criterion('helpful')],
        cascade: cascadeOptions.parse({ cheap: [['mini']], ensemble: [['a', 'b', 'c']], method: 'majority' }),
      },
      verdicts: directory,
      out,
      costShare: 0.5,
      partOf: ['product'],
    });
    expect(report).toMatchObject({ verdicts: 300, criteria: [{ criterion: 'helpful', items: 300, why: null }] });
    const rule = readStoppingFile(out);
    expect(rule.ok && rule.value.criteria['helpful']).toMatchObject({ order: ['a', 'b', 'c'], partOf: ['product'] });
    expect(readFileSync(out, 'utf8').endsWith('\n')).toBe(true);
  });

  it('names what is wrong with a file that is no rule', () => {
    const file = join(directory, 'broken.json');
    expect(readStoppingFile(file)).toEqual({ ok: false, error: 'there is no such file' });
    writeFileSync(file, '{');
    expect(readStoppingFile(file)).toEqual({ ok: false, error: 'not JSON' });
  });
});
