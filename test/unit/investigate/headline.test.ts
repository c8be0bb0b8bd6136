import { diagnose } from '../../../src/investigate/diagnose';
import type { Evidence } from '../../../src/investigate/evidence';
import { subjectOfTime } from '../../../src/investigate/gather';
import { headlineOf } from '../../../src/investigate/headline';
import { buildCell, buildEvidence, buildPeriod, buildRun } from '../../support/builders/evidence';

const cell = buildCell({ product: 'support' });
const good = buildPeriod([{ cell, n: 400, pass: 0.9 }]);
const bad = buildPeriod([{ cell, n: 400, pass: 0.6 }]);
const headline = (evidence: Evidence): string =>
  headlineOf(subjectOfTime(evidence.segment, evidence.criterion, 0, 1), diagnose(evidence));

describe('the headline of a report', () => {
  it('says whose it is, what it is, and by how much the mean moved', () => {
    expect(headline(buildEvidence(good, bad))).toMatch(
      /^Product: segment regression, everywhere\. The mean of correct in the whole stream went 0\.900 → 0\.600 \(−0\.300 ± 0\.05\d\); /,
    );
  });

  it('names a judge also where nothing was judged since', () => {
    const golden = buildRun({ judge: 'alpha', stricter: 1 });
    const none = buildPeriod([]);
    const about = { kind: 'judge_drift', judge: 'alpha', panel: '', golden };
    expect(headline(buildEvidence(none, none, about))).toBe(
      'Judge: judge version, judge alpha. On 400 frozen items alpha moved by −0.900 ± 0.029.',
    );
  });

  it('says plainly that nothing moved', () => {
    expect(headline(buildEvidence(good, good, { kind: null }))).toBe(
      'Nothing moved beyond doubt in correct of the whole stream.',
    );
  });
});
