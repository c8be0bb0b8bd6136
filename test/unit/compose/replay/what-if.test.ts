import type { AlertReport, EstimateReport } from '../../../../src/compose/replay/run-report';
import { compareRuns, readRunReport } from '../../../../src/compose/replay/what-if';

function alert(kind: string, segment: string): AlertReport {
  const none = {
    id: `${kind}-${segment}`,
    severity: 'page',
    withheld: null,
    state: 'firing',
    owner: 'a',
    incident: null,
  };
  return { ...none, kind, segment, criterion: 'correct', fired_at: '2026-11-02T08:00:00Z', text: '' };
}

function estimate(segment: string, mean: number | null, overrides: Partial<EstimateReport> = {}): EstimateReport {
  const counts = { sessions: 100, items: 100, escalated: 10, cheap_mean: null, escalated_mean: null };
  const interval = { lower: mean === null ? null : mean - 0.02, upper: mean === null ? null : mean + 0.02 };
  return { segment, criterion: 'correct', panel: 'p', mean, ...interval, ...counts, ...overrides };
}

describe('the same records under another configuration', () => {
  it('says which alerts fire, vanish and stay, whatever panel they rest on', () => {
    const found = compareRuns(
      { alerts: [alert('score_regression', 'all'), alert('judge_drift', 'all')], estimates: [] },
      { alerts: [alert('score_regression', 'all'), alert('score_regression', 'product=a')], estimates: [] },
    );
    expect(found.fired.map(({ segment }) => segment)).toEqual(['product=a']);
    expect(found.vanished.map(({ kind }) => kind)).toEqual(['judge_drift']);
    expect(found.stayed.map(({ segment }) => segment)).toEqual(['all']);
  });

  it('puts the mean that moved most first, and says where the intervals lie apart', () => {
    const found = compareRuns(
      { alerts: [], estimates: [estimate('all', 0.8), estimate('product=a', 0.8), estimate('product=b', null)] },
      { alerts: [], estimates: [estimate('all', 0.81), estimate('product=a', 0.6), estimate('product=b', 0.5)] },
    );
    expect(found.estimates.map(({ segment, apart }) => [segment, apart])).toEqual([
      ['product=a', true],
      ['all', false],
    ]);
    expect(found.estimates[0]?.change).toBeCloseTo(-0.2, 10);
  });

  it('goes by the panel that most sessions come from', () => {
    const odd = estimate('all', 0.1, { panel: 'odd', sessions: 3 });
    const found = compareRuns(
      { alerts: [], estimates: [odd, estimate('all', 0.8)] },
      { alerts: [], estimates: [estimate('all', 0.8), odd] },
    );
    expect(found.estimates).toMatchObject([{ before: { mean: 0.8 }, after: { mean: 0.8 } }]);
  });

  it('needs the report of the earlier run', async () => {
    await expect(readRunReport('/nowhere')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
