import type { RunReport } from '../../src/compose/replay/run-report';
import { runCli, startCli } from '../support/run-cli';
import { eventually } from '../support/eventually';

type DemoFigures = Pick<RunReport, 'records' | 'criteria' | 'escalations' | 'estimates' | 'alerts' | 'incidents'> & {
  readonly scenario: string;
};

async function demo(scenario: string): Promise<DemoFigures> {
  const args = ['demo', '--once', '--json', '--port', '0', '--scenario', scenario];
  const { code, stdout, stderr } = await runCli(args);
  expect(`${code} ${stderr.includes('internal error')}`).toBe('0 false');
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as DemoFigures;
}

describe('the demo', () => {
  let steady: DemoFigures;
  let regression: DemoFigures;
  beforeAll(async () => {
    steady = await demo('steady');
    regression = await demo('regression');
  }, 120_000);

  it('accounts for every record it made', () => {
    const { in: total, ...outcomes } = steady.records;
    expect(Object.values(outcomes).reduce((a, b) => a + b, 0)).toBe(total);
    expect(total).toBeGreaterThan(2_000);
  });

  it('shows records of every kind that its traffic holds', () => {
    const { judged, checked_only, behaviour, dead_lettered, duplicate } = steady.records;
    for (const count of [judged, checked_only, behaviour, dead_lettered, duplicate]) expect(count).toBeGreaterThan(0);
  });

  it('accounts for every criterion of every interaction', () => {
    const interactions = steady.records.judged + steady.records.checked_only;
    for (const { scored, not_applicable, not_sampled, unjudged } of Object.values(steady.criteria)) {
      expect(scored + not_applicable + not_sampled + unjudged).toBe(interactions);
      expect(Math.min(scored, not_sampled, unjudged)).toBeGreaterThan(0);
    }
  });

  it('gives a reason for everything unjudged', () => {
    for (const { unjudged, unjudged_reasons: reasons } of Object.values(steady.criteria)) {
      expect(Object.values(reasons).reduce((a, b) => a + b, 0)).toBe(unjudged);
    }
    expect(steady.criteria['correct']?.unjudged_reasons['not_independent']).toBeGreaterThan(0);
  });

  it('escalates unsure verdicts, failed checks, safety and an audit sample', () => {
    const { borderline, check, safety, audit } = steady.escalations;
    for (const count of [borderline, check, safety, audit]) expect(count).toBeGreaterThan(0);
  });

  it('sees the planted regression in its segment and nowhere else', () => {
    const meanOf = (figures: DemoFigures, segment: string): number =>
      figures.estimates.find((one) => one.segment === segment && one.criterion === 'correct')?.mean ?? NaN;
    const drop = (segment: string): number => meanOf(steady, segment) - meanOf(regression, segment);
    expect(drop('product+locale=support+de')).toBeGreaterThan(0.08);
    expect(Math.abs(drop('product=search'))).toBeLessThan(0.06);
    const release = (name: string): number => meanOf(regression, `release=${name}`);
    expect(release('2026.11.1') - release('2026.11.2')).toBeGreaterThan(0.15);
  });

  it('pages for the planted regression, names its segment and release, and puts all that changed into one incident', () => {
    const { alerts, incidents } = regression;
    // `grounded` falls with it, and which of the two fires first hangs on when the judges answered.
    const page = alerts.find(
      ({ kind, segment, criterion }) =>
        kind === 'score_regression' && segment === 'product+locale=support+de' && criterion === 'correct',
    );
    expect(page).toMatchObject({ severity: 'page', state: 'firing', owner: 'support-team' });
    expect(page?.text).toContain('First seen about then: release=2026.11.2.');
    expect(alerts.map(({ kind }) => kind)).toContain('check_regression');
    expect(incidents.filter(({ severity }) => severity === 'page')).toMatchObject([
      { kind: 'score_regression', scope: 'product+locale=support+de', state: 'firing' },
    ]);
  });

  it('names the judge that moved, and not the product', async () => {
    const { alerts } = await demo('judge-drift');
    expect(alerts.find(({ kind }) => kind === 'judge_drift')?.text).toContain('gemini gives other verdicts');
    expect(alerts.map(({ kind }) => kind)).not.toContain('score_regression');
  }, 180_000);

  it('names the failover route in one incident', async () => {
    const { incidents } = await demo('failover');
    expect(incidents.filter(({ kind }) => kind === 'failover_quality')).toMatchObject([{ scope: 'route=failover' }]);
  }, 180_000);

  it('stays silent over steady traffic', () => {
    expect(steady.alerts).toEqual([]);
  });

  it('serves metrics while it runs and ends cleanly on Ctrl-C', async () => {
    const running = startCli(['demo', '--port', '0']);
    const url = await eventually(() => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(running.stdout());
      if (found === null) throw new Error('the demo has not said where its metrics are');
      return found[0];
    });
    await eventually(async () => {
      const page = await (await fetch(url)).text();
      expect(page).toMatch(/^plumbline_quality_estimate\{segment="all",criterion="correct"\} 0\.\d+/m);
    });
    running.child.kill('SIGINT');
    const { code, stdout } = await running.exited;
    expect(code).toBe(0);
    expect(stdout).toContain('adds up');
  }, 120_000);
});
