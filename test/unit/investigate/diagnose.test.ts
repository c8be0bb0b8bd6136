import type { Label } from '../../../src/domain/label';
import { diagnose } from '../../../src/investigate/diagnose';
import {
  buildCell,
  buildEvidence,
  buildPeriod,
  buildRun,
  buildSessions,
  type CellSpec,
  PANEL,
} from '../../support/builders/evidence';

const support = buildCell({ product: 'support' });
const search = buildCell({ product: 'search' });
const steady: readonly CellSpec[] = [
  { cell: support, n: 600, pass: 0.85 },
  { cell: search, n: 600, pass: 0.92 },
];
const stayed = [...buildRun({ judge: 'alpha' }), ...buildRun({ judge: 'beta' })];
const everywhere: readonly CellSpec[] = [
  { cell: support, n: 600, pass: 0.6 },
  { cell: search, n: 600, pass: 0.67 },
];

function labels(n: number, value: number, score: number): Label[] {
  return Array.from({ length: n }, (_, i) => ({
    interactionId: `i-${i}`,
    conversationId: `c-${i}`,
    criterion: 'correct',
    outcome: 'labelled',
    value: i % 10 === 0 ? 1 - value : value,
    score,
    reason: 'random',
    rater: 'r',
    labelledAt: 0,
    comment: null,
    probability: 1,
    panel: PANEL,
  })) as unknown as Label[];
}

describe('the first cause that a diagnosis names', () => {
  it('is the release where the slice that got it fell and the judges stayed', () => {
    const released = buildCell({ product: 'support' }, { release: '2' });
    const after = buildPeriod([
      { cell: released, n: 600, pass: 0.5 },
      { cell: search, n: 600, pass: 0.92 },
    ]);
    const { causes, findings } = diagnose(buildEvidence(buildPeriod(steady), after, { golden: stayed }));
    expect(causes[0]).toMatchObject({ kind: 'release_regression', family: 'product', certainty: 'shown' });
    expect(causes[0]!.what).toBe('release=2 in product=support');
    expect(findings.find(({ what }) => what === 'the judges together')?.verdict).toBe('ruled out');
  });

  it('is the slice where nothing that serves it is new', () => {
    const after = buildPeriod([{ cell: support, n: 600, pass: 0.5 }, steady[1]!]);
    const { causes } = diagnose(buildEvidence(buildPeriod(steady), after, { golden: stayed }));
    expect(causes[0]).toMatchObject({ kind: 'segment_regression', what: 'product=support' });
  });

  it('is the judge that moved on the frozen set, by its name, and not the product nor another judge', () => {
    const golden = [...buildRun({ judge: 'alpha', stricter: 0.55 }), ...buildRun({ judge: 'beta' })];
    const { causes } = diagnose(buildEvidence(buildPeriod(steady), buildPeriod(everywhere), { golden }));
    expect(causes[0]).toMatchObject({ kind: 'judge_version', what: 'judge alpha' });
    expect(causes[0]!.because).toContain('beta did not');
    expect(causes.filter(({ family }) => family === 'product')).toEqual([]);
  });

  it('is not a judge outside the panel that made the values', () => {
    const golden = [...buildRun({ judge: 'gamma', stricter: 0.6 }), ...stayed];
    const { causes } = diagnose(buildEvidence(buildPeriod(steady), buildPeriod(everywhere), { golden }));
    expect(causes[0]!.family).toBe('product');
  });

  it('of an alert about a judge is that judge, with its version, even where no traffic was judged', () => {
    const golden = [...buildRun({ judge: 'alpha', stricter: 0.6, version: 'alpha-2' }), ...buildRun({ judge: 'beta' })];
    const about = { kind: 'judge_drift', judge: 'alpha', panel: '', golden };
    const { causes, decomposition } = diagnose(buildEvidence(buildPeriod([]), buildPeriod([]), about));
    expect(decomposition).toBeNull();
    expect(causes[0]).toMatchObject({ family: 'judge', what: 'judge alpha (now alpha-2)', share: 1 });
  });

  it('of an alert on a release is not the release where what stayed beside it fell as much under a new prompt', () => {
    const [old, now] = ['1', '2'].map((release) => buildCell({ product: 'support' }, { release }));
    const after = buildPeriod([
      { cell: old!, n: 150, pass: 0.6 },
      { cell: now!, n: 850, pass: 0.6 },
    ]);
    const before = buildPeriod([{ cell: old!, n: 1_000, pass: 0.85 }]);
    const about = { kind: 'quality_dip_after_release' };
    const worse = diagnose(buildEvidence(before, after, about));
    expect(worse.causes[0]!.certainty).toBe('likely');
    const judged = (period: typeof after, prompt: string): typeof after => {
      const version = { rubrics: 'r', prompt, config: 'c', judges: {} };
      return { ...period, values: period.values.map((value) => ({ ...value, version })) };
    };
    const { causes } = diagnose(buildEvidence(judged(before, 'a'), judged(after, 'b'), about));
    expect(causes[0]).toMatchObject({ kind: 'judge_prompt', what: 'prompt: a → b', certainty: 'likely' });
  });

  it('is the mix where shares moved and no slice did', () => {
    const after = buildPeriod([
      { cell: support, n: 1_100, pass: 0.6 },
      { cell: search, n: 100, pass: 0.95 },
    ]);
    const before = buildPeriod([
      { cell: support, n: 300, pass: 0.6 },
      { cell: search, n: 900, pass: 0.95 },
    ]);
    const { causes } = diagnose(buildEvidence(before, after, { golden: stayed }));
    expect(causes[0]).toMatchObject({ kind: 'mix_shift', family: 'traffic' });
    expect(causes[0]!.what).toBe('product=search from 75 % to 8.3 % of the traffic');
    // Also where an alert about a release went off beside it, of a release that is no worse.
    const aboutRelease = diagnose(buildEvidence(before, after, { golden: stayed, kind: 'quality_dip_after_release' }));
    expect(aboutRelease.causes[0]).toMatchObject({ kind: 'mix_shift', certainty: 'shown' });
  });

  it('is the sampling where the traffic stayed and another part of it is judged', () => {
    const of = (a: number, b: number): ReturnType<typeof buildPeriod> =>
      buildPeriod([
        { cell: support, n: a, pass: 0.6, traffic: 3_000 },
        { cell: search, n: b, pass: 0.95, traffic: 3_000 },
      ]);
    const { causes } = diagnose(buildEvidence(of(500, 500), of(1_400, 100), { golden: stayed }));
    expect(causes[0]!.kind).toBe('sampling_change');
  });

  it('is not the sampling where a criterion came to apply to more answers of a slice that fell', () => {
    const judged = (n: number, pass: number): ReturnType<typeof buildPeriod> => {
      const period = buildPeriod([
        { cell: support, n, pass, traffic: 3_000 },
        { cell: search, n: 600, pass: 0.95, traffic: 3_000 },
      ]);
      // As many conversations are drawn as before: to the others the criterion did not apply.
      return { ...period, traffic: period.traffic.map((one) => ({ ...one, sampled: 1_500 })) };
    };
    const { causes } = diagnose(buildEvidence(judged(300, 0.8), judged(1_200, 0.5), { golden: stayed }));
    expect(causes.map(({ family }) => family)).toEqual(['product']);
  });

  it('is the users, with the segment in which they fare worse, where the score stayed', () => {
    const period = (copilot: number): ReturnType<typeof buildPeriod> =>
      buildPeriod(steady, {
        sessions: [...buildSessions(['product=copilot'], 200, copilot), ...buildSessions(['product=mail'], 400, 0.12)],
      });
    const about = { kind: 'engagement_regression' };
    const { causes } = diagnose(buildEvidence(period(0.12), period(0.6), about));
    expect(causes[0]).toMatchObject({ kind: 'users_only', what: 'in product=copilot: abandonment 0.12 → 0.28' });
  });

  it('is the answers and not the users where both got worse', () => {
    const before = buildPeriod(steady, { sessions: buildSessions([], 400, 0.1) });
    const after = buildPeriod(everywhere, { sessions: buildSessions([], 400, 0.4) });
    const { causes } = diagnose(buildEvidence(before, after, { kind: 'engagement_regression', golden: stayed }));
    expect(causes[0]!.family).toBe('product');
  });

  it('is the people who label where labels moved against scores that did not', () => {
    const before = buildPeriod(steady, { labels: labels(200, 1, 0.9) });
    const after = buildPeriod(steady, { labels: labels(200, 0, 0.9) });
    const { causes } = diagnose(buildEvidence(before, after, { kind: 'rater_drift', golden: stayed }));
    expect(causes[0]).toMatchObject({ kind: 'labeller_drift', certainty: 'shown' });
  });

  it('is the check that fails more often where no score moved', () => {
    const failing = steady.map((spec) => ({ ...spec, failedChecks: { truncated: 60 } }));
    const { causes } = diagnose(buildEvidence(buildPeriod(steady), buildPeriod(failing), { kind: null }));
    expect(causes[0]).toMatchObject({ kind: 'check_failure', what: 'check truncated' });
  });

  it('is that nothing moved where nothing did, and the judges, mix and sampling are ruled out', () => {
    const same = buildEvidence(buildPeriod(steady), buildPeriod(steady), { kind: null, golden: stayed });
    const { causes, findings } = diagnose(same);
    expect(causes).toHaveLength(1);
    expect(causes[0]!.kind).toBe('nothing');
    for (const name of ['traffic mix', 'sampling', 'the judges together']) {
      expect(findings.find(({ what }) => what === name)?.verdict).toBe('ruled out');
    }
  });
});
