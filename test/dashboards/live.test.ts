import { describeWithTools } from '../support/tools';
import { runLive, type LiveReport } from './live/run-live';

describeWithTools(
  'boards and alerts with the real demo, Prometheus and Alertmanager',
  ['prometheus', 'alertmanager', 'promtool'],
  () => {
    let report: LiveReport;
    beforeAll(async () => {
      report = await runLive();
    }, 180_000);

    it('has data in every panel, or a reason why not', () => {
      expect(report.empty_unlisted).toEqual([]);
      expect(report.with_data).toBeGreaterThan(report.panels / 2);
    });

    it('fires every kind and resolves every kind but the watchdog', () => {
      expect(report.fired).toHaveLength(report.kinds);
      expect(report.resolved).toHaveLength(report.kinds - 1);
    });

    it('holds back what an incident or a stalled consumer explains', () => {
      expect(report.inhibited).toEqual(['score_regression', 'traffic_absent']);
    });

    it('routes by severity and notifies once through a change of the ledger’s owner', () => {
      expect(report.misrouted).toEqual([]);
      expect(report.notifications_through_handover).toBe(1);
    });

    it('tells in a message from what to what, since when, how users fare and what else fires', () => {
      expect(report.story).toEqual({
        change: 'from 0.912 to 0.801, since 2026-11-02T10:00Z in event time',
        interval: 'now between 0.780 and 0.820 (95 %)',
        users: 'users recover from 61% of bad turns in this segment',
        also: expect.stringContaining('judge_drift in product=a') as string,
      });
    });

    it('prints runbook commands that work', () => {
      expect(report.runbook_failures).toEqual([]);
    });
  },
);
