import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdictLine } from '../../../../src/compose/codecs';
import { openRecorded } from '../../../../src/compose/replay/recorded';
import { tuneFromLabels } from '../../../../src/compose/labels/tune';
import { labelRecord } from '../../../../src/domain/ledger-record';
import { buildLabel } from '../../../support/builders/keyed-record';
import { seededRandom } from '../../../support/builders/random';
import { buildCriterionVerdict, buildJudgeAnswer, buildVerdict } from '../../../support/builders/verdict';
import { loadedText, SMALL_CONFIG } from '../../../support/config-text';

const loaded = loadedText(SMALL_CONFIG);
const [cheapJudge = ''] = loaded.config.cascade.cheap[0] ?? [];

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'plumbline-tune-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A cheap judge that is sure and right of seven items in ten, and knows nothing of the others; a quarter is labelled. */
async function record(items: number): Promise<void> {
  const random = seededRandom(3);
  const lines: string[] = [];
  const labels = Array.from({ length: items }, (_, n) => {
    const truth = random.chance(0.6) ? 1 : 0;
    const score = random.chance(0.7) ? 0.05 + 0.9 * truth : 0.5;
    const judges = [{ judge: cheapJudge, family: 'f', score }];
    const cheap = [buildJudgeAnswer({ judge: cheapJudge, score })];
    const interactionId = `i-${n}`;
    lines.push(verdictLine(buildVerdict({ interactionId, criteria: [buildCriterionVerdict({ cheap })] })));
    return n % 4 === 0 ? [labelRecord(buildLabel({ interactionId, value: truth, score, judges }), n)] : [];
  });
  writeFileSync(join(directory, 'verdicts.jsonl'), `${lines.join('\n')}\n`);
  await (await openRecorded(loaded, { directory })).append(labels.flat());
}

it('tells the band and the share that the cheap stage is sure of, over all that was judged', async () => {
  await record(1_200);
  const report = await tuneFromLabels({
    loaded,
    place: { directory },
    criterion: 'helpful',
    alpha: 0.1,
    delta: 0.05,
    costCeilingUsd: null,
  });
  expect(report.labels).toBe(300);
  expect(report.patch?.cascade.band).toEqual({ low: 0.0501, high: 0.9499 });
  const kept = report.patch?.cascade.tuned.kept['helpful'] ?? NaN;
  expect(kept).toBeGreaterThan(0.65);
  expect(kept).toBeLessThan(0.75);
});
