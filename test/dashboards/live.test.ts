import { describeWithTools } from '../support/tools';
import { runLive, type LiveReport } from './live/run-live';

describeWithTools(
  'boards and alerts with the real demo, Prometheus and Alertmanager',
  ['prometheus', 'alertmanager', 'promtool'],
  () => {
    let report: LiveReport;
    beforeAll(async () => {
      report = await runLive();
    }, 900_000);

    it('has data in every panel, or a reason why not', () => {
      expect(report.empty_unlisted).toEqual([]);
      expect(report.with_data).toBeGreaterThanOrEqual(0.9 * report.panels);
    });

    it('fires every kind and resolves every kind but the watchdog', () => {
      expect(report.fired).toHaveLength(report.kinds);
      expect(report.resolved).toHaveLength(report.kinds - 1);
    });

    it('fires at least five kinds by the real program, holds members of its incident back, and resolves them', () => {
      const { fired, resolved, inhibited, lasting } = report.program;
      expect(lasting).toEqual([]);
      expect(fired.length).toBeGreaterThanOrEqual(5);
      expect(fired).toEqual(expect.arrayContaining(['incident', 'score_regression', 'instance_down']));
      expect(inhibited).toContain('score_regression');
      expect(resolved).toEqual(fired);
    });

    it('tells of the real incident what fell, from what to what, since when, how users fared, and where to look', () => {
      const { change, interval, users, also, first_look: firstLook } = report.incident;
      expect(change).toMatch(/(correct|grounded) .*from 0\.\d{3} to 0\.\d{3}, since \d{4}-\d\d-\d\dT\d\d:\d\dZ/);
      expect(interval).toMatch(/now, 95 %: .*(correct|grounded) 0\.\d{3} to 0\.\d{3}/);
      expect(users).toMatch(/users recover from [\d.]+% of bad turns/);
      expect(`${also}${firstLook}`).toMatch(/firing.*\S/);
    });

    it('holds back what an incident or a stalled consumer explains', () => {
      expect(report.inhibited).toEqual(['score_regression', 'traffic_absent']);
    });

    it('routes by severity and notifies once through a rolling update, a second WATCH and a handover', () => {
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

    it('exports every metric of the catalogue, or says why not', () => {
      expect(report.metrics_missing).toEqual([]);
    });

    it('prints runbook commands that work', () => {
      expect(report.runbook_failures).toEqual([]);
    });
  },
);
