import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditJudges } from '../../../../src/compose/judges/audit';
import { exportReviews, importReviews, waitingReviews } from '../../../../src/compose/labels/reviews';
import { planLabelling } from '../../../../src/compose/labels/plan';
import { tuneFromLabels } from '../../../../src/compose/labels/tune';
import { createRecordCodec } from '../../../../src/decode/avro-codec';
import { parseCsv, renderCsv, type ReviewRow } from '../../../../src/reviews/table';
import { buildInteraction } from '../../../support/builders/interaction';
import { seededRandom } from '../../../support/builders/random';
import { buildCriterionVerdict, buildJudgeAnswer, buildVerdict } from '../../../support/builders/verdict';
import { loadedText, SMALL_CONFIG } from '../../../support/config-text';

const loaded = loadedText(`${SMALL_CONFIG}reviews: { random: 1, second: 0.2, rubricVersion: '2' }`);
const codec = createRecordCodec('verdict');
const ITEMS = 150;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plumbline-reviews-'));
  const random = seededRandom(4);
  const lines = Array.from({ length: ITEMS }, (_, n) => {
    const score = random.pick([0.02, 0.1, 0.3, 0.6, 0.9, 0.98]);
    const { output } = buildInteraction();
    const interaction = buildInteraction({ interactionId: `i-${n}`, output: { ...output, text: `=answer ${n}` } });
    const judge = buildJudgeAnswer({ judge: 'one', score });
    const criteria = [buildCriterionVerdict({ cheap: [judge], score, pass: score >= 0.5 })];
    return JSON.stringify(codec.toJson(buildVerdict({ interactionId: `i-${n}`, interaction, criteria })));
  });
  writeFileSync(join(directory, 'verdicts.jsonl'), `${lines.join('\n')}\n`);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = (name: string): string => join(directory, name);

/** People agree with the judge on all but some. */
async function labelAll(): Promise<void> {
  await exportReviews({ directory }, loaded, path('out.csv'));
  const rows = parseCsv(readFileSync(path('out.csv'), 'utf8'));
  const scores = new Map(
    readFileSync(path('verdicts.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const verdict = codec.fromJson(JSON.parse(line));
        if (!verdict.ok) throw new Error('unreadable');
        return [verdict.value.interactionId, verdict.value.criteria[0]?.score ?? 0];
      }),
  );
  const filled = rows.map((row, i): ReviewRow => {
    const passes = (scores.get(row.interaction_id ?? '') ?? 0) >= 0.5 !== (i % 20 === 0);
    return { ...row, rater: 'ada', label: passes ? 'pass' : 'fail' };
  });
  writeFileSync(path('in.csv'), renderCsv(filled));
  expect(await importReviews({ directory }, loaded, path('in.csv'))).toMatchObject({ accepted: ITEMS, rejects: null });
}

describe('reviews of a data directory', () => {
  it('go out without what judges said, safe for spreadsheets, and come back as labels once', async () => {
    expect(await exportReviews({ directory }, loaded, path('out.csv'))).toEqual({ rows: ITEMS });
    const text = readFileSync(path('out.csv'), 'utf8');
    expect(text).toContain("'=answer 3");
    expect(text).not.toContain('0.98');
    await labelAll();
    const again = await importReviews({ directory }, loaded, path('in.csv'));
    expect(again).toMatchObject({ rows: ITEMS, accepted: 0, unchanged: ITEMS });
    const waiting = await waitingReviews({ directory }, loaded);
    expect(new Set(waiting.map(({ round }) => round))).toEqual(new Set(['second']));
    expect(waiting.length).toBeGreaterThan(ITEMS * 0.1);
    expect(waiting.length).toBeLessThan(ITEMS * 0.35);
  });

  it('are counted and handed back when they cannot be taken: nothing is lost', async () => {
    const good = { interaction_id: 'i-1', criterion: 'helpful', rubric_version: '2', rater: 'ada', label: 'pass' };
    const rows: ReviewRow[] = [
      good,
      { ...good, label: 'fail' },
      { ...good, interaction_id: 'nobody-knows' },
      { ...good, criterion: 'kind' },
      { ...good, rubric_version: '1' },
      { ...good, label: '7' },
      { ...good, label: '' },
    ];
    writeFileSync(path('in.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const result = await importReviews({ directory }, loaded, path('in.jsonl'));
    expect(result).toMatchObject({
      rows: 6,
      accepted: 2,
      contradicted: 1,
      unchanged: 0,
      empty: 1,
      refused: { unknown_interaction: 1, unknown_criterion: 1, wrong_rubric: 1, invalid: 1 },
    });
    const rejected = readFileSync(path('in.jsonl.rejects.jsonl'), 'utf8').trim().split('\n');
    expect(rejected.map((line) => (JSON.parse(line) as { why: string }).why)).toEqual([
      'unknown_interaction',
      'unknown_criterion',
      'wrong_rubric',
      'invalid',
    ]);
  });

  it('let judges be audited: agreement, calibration, pass rates put right', async () => {
    await labelAll();
    const { rows, prevalence, labels } = await auditJudges({ directory }, loaded);
    expect(labels).toBe(ITEMS);
    const one = rows.find(({ judge, slice }) => judge === 'one' && slice === 'all');
    expect(one).toMatchObject({ n: ITEMS, missing: 0 });
    expect(one?.kappa).toBeGreaterThan(0.8);
    expect(one?.verdict).toMatch(/trust it|on target/);
    expect(rows.map(({ slice }) => slice)).toContain('product=support');
    const [rate] = prevalence;
    expect(rate?.corrected?.clipped).toBeGreaterThan(0);
    expect(rate?.powered?.mean).toBeCloseTo(rate?.corrected?.clipped ?? 0, 1);
  });

  it('let the band be tuned, and refuse where the labels are too few', async () => {
    const request = { loaded, place: { directory }, criterion: 'helpful', delta: 0.05, costCeilingUsd: null };
    const none = await tuneFromLabels({ ...request, alpha: 0.1 });
    expect(none).toMatchObject({ labels: 0, patch: null, tuning: { kind: 'refused', reason: 'too few labels' } });
    await labelAll();
    const tuned = await tuneFromLabels({ ...request, alpha: 0.2 });
    expect(tuned.labels).toBe(ITEMS);
    expect(tuned.tuning.kind).toBe('tuned');
    expect(tuned.patch?.cascade.band.low).toBeLessThan(0.5);
  });

  it('hold every item on which the ensemble is split, where the criterion gives such decisions to people', async () => {
    const quiet = 'reviews: { random: 0.0001, coverage: 0, release: 0, disagreement: 0, second: 0 }';
    const toPeople = loadedText(SMALL_CONFIG.replace('Did it help? }', 'Did it help?, onSplit: review }') + quiet);
    const lines = Array.from({ length: 60 }, (_, n) => {
      const ensemble = [1, n % 3 === 0 ? 0 : 1].map((score) => buildJudgeAnswer({ score }));
      const criteria = [buildCriterionVerdict({ ensemble, score: 1, pass: true })];
      const interactionId = `i-${n}`;
      const interaction = buildInteraction({ interactionId });
      return JSON.stringify(codec.toJson(buildVerdict({ interactionId, interaction, criteria })));
    });
    writeFileSync(path('verdicts.jsonl'), `${lines.join('\n')}\n`);
    const waiting = await waitingReviews({ directory }, toPeople);
    expect(new Set(waiting.map(({ interactionId }) => Number(interactionId.slice(2)) % 3))).toEqual(new Set([0]));
    expect(waiting).toHaveLength(20);
    expect(waiting[0]).toMatchObject({ reason: 'disagreement', probability: 1 });
    expect(await waitingReviews({ directory }, loadedText(SMALL_CONFIG + quiet))).toEqual([]);
  });

  it('let a label budget be planned: what it buys, on which items, and an unbiased mean from what comes back', async () => {
    const place = { directory };
    const none = loadedText(`${SMALL_CONFIG}reviews: { random: 0.0001, coverage: 0, release: 0, disagreement: 0 }`);
    const plan = await planLabelling({ loaded: none, place, criterion: 'helpful', labels: 40 });
    expect(plan.items.length).toBeGreaterThan(25);
    expect(plan.items.length).toBeLessThan(55);
    expect(plan.items.every(({ probability }) => probability > 0.05 && probability <= 1)).toBe(true);
    const [series] = plan.series;
    expect(series).toMatchObject({ judged: ITEMS, labelled: 0, now: null });
    expect(series?.planned).toBeLessThan(series?.byChance ?? 0);

    expect(await exportReviews(place, none, path('plan.csv'), { criterion: 'helpful', labels: 40 })).toEqual({
      rows: plan.items.length,
    });
    const rows = parseCsv(readFileSync(path('plan.csv'), 'utf8'));
    const filled = rows.map((row): ReviewRow => ({ ...row, rater: 'ada', label: 'pass' }));
    writeFileSync(path('plan.csv'), renderCsv(filled));
    expect(await importReviews(place, none, path('plan.csv'))).toMatchObject({ accepted: rows.length, rejects: null });
    const audit = await auditJudges(place, none);
    // They say how often people pass, and nothing of how a judge fares on the traffic.
    expect(audit.labels).toBe(0);
    expect(audit.drawn).toMatchObject([{ criterion: 'helpful', labels: rows.length }]);
    const later = await planLabelling({ loaded: none, place, criterion: 'helpful', labels: 40 });
    expect(later.series[0]?.labelled).toBe(rows.length);
    expect(later.series[0]?.planned).toBeLessThan(later.series[0]?.now ?? 0);
    const again = new Set(later.items.map(({ interactionId }) => interactionId));
    expect(plan.items.some(({ interactionId }) => again.has(interactionId))).toBe(false);
  });
});
