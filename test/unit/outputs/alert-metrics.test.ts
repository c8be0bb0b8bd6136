import type { SeriesStanding } from '../../../src/domain/alert';
import { alertMetrics, createAlertTables, fillAlerts } from '../../../src/outputs/alert-metrics';
import { renderCells } from '../../../src/outputs/cell-page';

function standing(state: SeriesStanding['state'], overrides: Partial<SeriesStanding> = {}): SeriesStanding {
  return {
    series: {
      kind: 'score_regression',
      segment: { dimension: 'product', value: 'a' },
      criterion: 'correct',
      panel: 'p',
    },
    state,
    severity: 'page',
    owner: 'team-a',
    learned: 1,
    thresholdRatio: 0.5,
    detectableDrop: { '1d': null, '7d': 0.1, '30d': 0.06 },
    ...overrides,
  };
}

function page(...standings: readonly SeriesStanding[]): string {
  const tables = createAlertTables();
  fillAlerts(tables, { standings }, 10);
  return renderCells(alertMetrics(tables));
}

describe('metrics of alerts', () => {
  it('tell a firing series with kind, segment, criterion, severity, owner and state', () => {
    expect(page(standing('firing'))).toContain(
      'plumbline_alert_active{kind="score_regression",segment="product=a",criterion="correct",severity="page",owner="team-a",state="firing"} 1',
    );
  });

  it('have no line for quiet series, but count them', () => {
    const text = page(standing('idle'), standing('learning', { thresholdRatio: null, detectableDrop: null }));
    expect(text).not.toContain('plumbline_alert_active{');
    expect(text).toContain('plumbline_alert_series{state="learning"} 1');
  });

  it('tell the distance from the threshold and what could be seen, where it is known', () => {
    const text = page(standing('idle'));
    expect(text).toContain(
      'plumbline_detector_threshold_ratio{kind="score_regression",segment="product=a",criterion="correct"} 0.5',
    );
    expect(text).toContain('plumbline_detectable_drop{segment="product=a",criterion="correct",within="7d"} 0.1');
    expect(text).not.toContain('within="1d"');
  });
});
