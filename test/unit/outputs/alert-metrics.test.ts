import type { Alert, SeriesStanding } from '../../../src/domain/alert';
import { createAlertTables, fillAlerts } from '../../../src/outputs/alert-metrics';
import { renderCatalogue } from '../../../src/outputs/page';

function standing(state: SeriesStanding['state'], overrides: Partial<SeriesStanding> = {}): SeriesStanding {
  return {
    tier: 'full',
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
    readyAt: null,
    baseline: null,
    recentDrop: null,
    thresholdRatio: 0.5,
    detectableDrop: { '1d': null, '7d': 0.1, '30d': 0.06 },
    ...overrides,
  };
}

function alert(overrides: Partial<Alert> = {}): Alert {
  return {
    id: '0123456789abcdef',
    episode: 1,
    state: 'firing',
    severity: 'page',
    withheld: null,
    series: standing('firing').series,
    owner: 'team-a',
    firedAt: 0,
    resolvedAt: null,
    before: null,
    after: null,
    began: null,
    alongside: [],
    newSince: [],
    incident: null,
    text: '',
    ...overrides,
  };
}

function told(...alerts: readonly Alert[]): string {
  const tables = createAlertTables();
  fillAlerts(tables, { alerts, standings: [standing('firing')] }, 10);
  return renderCatalogue([tables]);
}

function page(...standings: readonly SeriesStanding[]): string {
  const tables = createAlertTables();
  fillAlerts(tables, { standings }, 10);
  return renderCatalogue([tables]);
}

describe('metrics of alerts', () => {
  it('tell a firing alert with kind, segment, criterion, severity, owner and state', () => {
    expect(told(alert())).toContain(
      'plumbline_alert_active{kind="score_regression",segment="product=a",criterion="correct",severity="page",owner="team-a",state="firing"} 1',
    );
  });

  it('tell an alert under its own kind, whatever the series it was seen in', () => {
    const text = told(alert({ series: { ...alert().series, kind: 'failover_quality' }, severity: 'ticket' }));
    expect(text).toContain('plumbline_alert_active{kind="failover_quality",');
    expect(text).not.toContain('plumbline_alert_active{kind="score_regression"');
  });

  it('tell an alert that no series stands for, such as a judge that moved', () => {
    const series = { ...alert().series, kind: 'judge_drift' as const, segment: { dimension: 'all', value: '' } };
    expect(told(alert({ series, severity: 'ticket', owner: '' }))).toContain(
      'plumbline_alert_active{kind="judge_drift",segment="all",criterion="correct",severity="ticket",owner="",state="firing"} 1',
    );
  });

  it('list what would have fired, with the severity it would have had', () => {
    expect(told(alert())).not.toContain('plumbline_alert_withheld{');
    const text = told(alert({ severity: 'info', withheld: 'page' }));
    expect(text).toContain(
      'plumbline_alert_withheld{kind="score_regression",segment="product=a",criterion="correct",severity="page",owner="team-a"} 1',
    );
    expect(text).toContain('severity="info",owner="team-a",state="firing"} 1');
  });

  it('tell nothing of what was resolved', () => {
    expect(told(alert({ state: 'resolved', resolvedAt: 1 }))).not.toContain('plumbline_alert_active{');
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

  it('show how much happier judges have become than users, of all criteria the most', () => {
    const diverging = (criterion: string, recentDrop: number | null): SeriesStanding => {
      const { series } = standing('idle');
      return standing('idle', { series: { ...series, kind: 'judge_user_divergence', criterion }, recentDrop });
    };
    const text = page(
      diverging('helpful', 0.05),
      diverging('polite', -0.02),
      diverging('helpful:association', 0.2),
      diverging('polite:association', null),
    );
    expect(text).toMatch(/^plumbline_judge_user_divergence\{segment="[^"]+",signal="outcome"\} 0\.1$/m);
    expect(text).toMatch(/^plumbline_judge_user_divergence\{segment="[^"]+",signal="association"\} 0\.2$/m);
    expect(page(standing('idle', { recentDrop: 0.3 }))).not.toMatch(/^plumbline_judge_user_divergence\{/m);
  });

  it('show the share of items that the cheap stage was sure of in the last day', () => {
    const { series } = standing('idle');
    const kept = (criterion: string, recentDrop: number | null): SeriesStanding =>
      standing('idle', {
        series: { ...series, kind: 'traffic_mix_shift', criterion },
        baseline: { source: 'target', mean: 0.73, values: 0 },
        recentDrop,
      });
    const text = page(kept('helpful:kept_less', 0.23), kept('helpful:kept_more', -0.1), kept('polite:kept_less', null));
    expect(text).toContain('plumbline_cheap_kept_ratio{criterion="helpful"} 0.5');
    expect(text).not.toContain('cheap_kept_ratio{criterion="polite"}');
  });
});
