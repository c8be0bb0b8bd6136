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

    it('prints runbook commands that work', () => {
      expect(report.runbook_failures).toEqual([]);
    });
  },
);
