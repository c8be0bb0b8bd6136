import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckResult } from '../../../../src/domain/check';
import { openDataDirectory } from '../../../../src/compose/data-directory';
import { openRecorded } from '../../../../src/compose/replay/recorded';
import { tuneWeights, type WeightsReport, withdrawWeights } from '../../../../src/compose/labels/tune-weights';
import { foldDirectory } from '../../../../src/compose/ledger/fold';
import { verdictLine } from '../../../../src/compose/codecs';
import { labelRecord } from '../../../../src/domain/ledger-record';
import { buildInteraction } from '../../../support/builders/interaction';
import { buildLabel } from '../../../support/builders/keyed-record';
import { seededRandom } from '../../../support/builders/random';
import { buildCriterionVerdict, buildJudgeAnswer, buildVerdict } from '../../../support/builders/verdict';
import { loadedText, SMALL_CONFIG } from '../../../support/config-text';

const loaded = loadedText(SMALL_CONFIG);
const PANEL = 'one>a+b+c/mean';
const DAY_MS = 86_400_000;

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'plumbline-weights-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/**
 * People's labels, and a panel of which `a` is mostly right while `b` and `c` err together, as often as `noise` says; beside
 * it a check that errs so often, and one that hardly ever fails.
 */
async function record(labels: number, noise: number, ageDays = 1, checkError: number | null = null): Promise<void> {
  const random = seededRandom(9);
  const lines: string[] = [];
  const records = Array.from({ length: labels }, (_, n) => {
    const truth = random.chance(0.6) ? 1 : 0;
    const said = (wrong: number): number => (random.chance(wrong) ? 1 - truth : truth);
    const [a, shared] = [said(0.05), said(noise)];
    const answer = (judge: string, score: number) => buildJudgeAnswer({ judge, score });
    const ensemble = [answer('a', a), answer('b', shared), answer('c', shared)];
    const score = (a + 2 * shared) / 3;
    const criteria = [
      buildCriterionVerdict({
        panel: PANEL,
        cheap: [answer('one', said(0.3))],
        ensemble,
        escalation: { escalated: true, reason: 'audit', probability: 0.5 },
        combined: {
          score,
          method: 'mean',
          disagreement: 0,
          outlierJudge: null,
          quorum: 3,
          degraded: false,
          independent: true,
        },
        score,
        pass: score >= 0.5,
      }),
    ];
    const interactionId = `i-${n}`;
    const checks = [checkResult('truncated', n === 7 ? 0 : 1)];
    if (checkError !== null) checks.push(checkResult('exact_answer', said(checkError)));
    lines.push(
      verdictLine(buildVerdict({ interactionId, interaction: buildInteraction({ interactionId }), criteria, checks })),
    );
    const labelledAt = Date.now() - ageDays * DAY_MS;
    return labelRecord(buildLabel({ interactionId, value: truth, score, labelledAt }), labelledAt);
  });
  writeFileSync(join(directory, 'verdicts.jsonl'), `${lines.join('\n')}\n`);
  await (await openRecorded(loaded, { directory })).append(records);
}

function checkResult(check: string, passes: number): CheckResult {
  return { check, version: 1, result: passes === 1 ? 'pass' : 'fail', span: null, detail: null };
}

const weigh = (dryRun = false): Promise<WeightsReport> =>
  tuneWeights({ loaded, place: { directory }, criterion: 'helpful', author: 'ada', dryRun });

async function inForce(): Promise<readonly string[]> {
  const data = await openDataDirectory(directory);
  const { weightings } = await foldDirectory(data, loaded);
  await data.close();
  return weightings.map(({ panel, members }) => `${panel} ${members.join()}`);
}

describe('weights from labels', () => {
  it('are put in force when they agree better with people on other labels, and can be taken back', async () => {
    await record(400, 0.3);
    const dry = await weigh(true);
    expect(dry).toMatchObject({ panel: PANEL, labels: 400, promotion: { kind: 'promoted' }, current: null });
    expect(await inForce()).toEqual([]);
    const report = await weigh();
    expect(report.version).toBe(dry.version);
    const weightOf = (judge: string): number => report.members.find((one) => one.judge === judge)?.weight ?? NaN;
    expect(weightOf('a')).toBeGreaterThan(weightOf('b') + weightOf('c'));
    expect(await inForce()).toEqual([`${PANEL} a,b,c,one`]);
    expect((await weigh(true)).current).toMatchObject({ version: report.version, isStale: false });
    await withdrawWeights({ loaded, place: { directory }, criterion: 'helpful', author: 'ada', dryRun: false });
    expect(await inForce()).toEqual([]);
  });

  it('weigh checks that pass and fail often enough beside the judges', async () => {
    await record(400, 0.3, 1, 0.02);
    const { members, promotion } = await weigh();
    expect(promotion.kind).toBe('promoted');
    expect(await inForce()).toEqual([`${PANEL} a,b,c,check:exact_answer,one`]);
    const weights = new Map(members.map(({ judge, weight }) => [judge, weight]));
    expect(weights.get('check:exact_answer')).toBeGreaterThan(weights.get('b')!);
  });

  it('are kept out when they are no better', async () => {
    await record(400, 0.02);
    expect(await weigh()).toMatchObject({ version: null, promotion: { kind: 'kept' } });
    expect(await inForce()).toEqual([]);
  });

  it('are refused by name where labels are too few or too old', async () => {
    await record(150, 0.3);
    expect((await weigh()).promotion).toEqual({ kind: 'refused', reason: 'too few labels', have: 150, want: 200 });
  });

  it('are refused where labels are of other days', async () => {
    await record(300, 0.3, 200);
    expect((await weigh()).promotion).toEqual({ kind: 'refused', reason: 'labels too old', have: 0, want: 200 });
  });

  it('are said to be stale once a judge has broken', async () => {
    await record(400, 0.3);
    await weigh();
    rmSync(join(directory, 'verdicts.jsonl'));
    await record(400, 0.95);
    expect((await weigh(true)).current?.isStale).toBe(true);
  });

  it('are of a configured criterion with the plain cut', async () => {
    await record(10, 0.3);
    await expect(
      tuneWeights({ loaded, place: { directory }, criterion: 'kind', author: 'ada', dryRun: true }),
    ).rejects.toThrow('wanted a configured criterion');
  });
});
