import { ALL_BOARDS } from '../../dashboards/boards/all-boards';
import { LINT_EXCLUSIONS } from '../../dashboards/build';
import { toGrafanaDashboard } from '../../dashboards/grafana';
import type { Json } from '../../dashboards/json';

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface GrafanaVariable {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly refresh?: number;
}

interface GrafanaTarget {
  readonly expr: string;
  readonly datasource: { readonly uid: string };
}

const grafana = (json: Json): { panels: GrafanaPanel[]; templating: { list: { name: string }[] } } =>
  json as unknown as ReturnType<typeof grafana>;

/** Unit ids of Grafana that are in use here. */
const UNITS = ['percentunit', 'short', 'ops', 'reqps', 's', 'bytes', 'currencyUSD', 'none'];

/**
 * The rules of Grafana's dashboard linter, by their names there. The linter itself is a Go module that the module proxy does not
 * serve (github.com/grafana/dashboard-linter: 403), so that CI cannot run it; `dashboards/generated/.lint` is there for who can.
 * The rules on PromQL are held by promtool and by a real Prometheus in the live test.
 */
describe.each(ALL_BOARDS.map((board) => [board.uid, board] as const))(
  'board %s under the linter\u2019s rules',
  (_, board) => {
    const json = toGrafanaDashboard(board) as unknown as {
      readonly title: string;
      readonly editable: boolean;
      readonly templating: { readonly list: readonly GrafanaVariable[] };
      readonly panels: readonly {
        readonly type: string;
        readonly title: string;
        readonly description?: string;
        readonly datasource?: { readonly uid: string };
        readonly targets?: readonly GrafanaTarget[];
        readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
      }[];
    };
    const { list } = json.templating;
    const panels = json.panels.filter(({ type }) => type !== 'row');

    it('template-datasource-rule, template-on-time-change-reload-rule, template-uneditable-rule', () => {
      expect(list[0]).toMatchObject({
        name: 'datasource',
        type: 'datasource',
        query: 'prometheus',
        label: 'Data source',
      });
      for (const { refresh } of list.filter(({ type }) => type === 'query')) expect(refresh).toBe(2);
      expect(json.editable).toBe(false);
    });

    it('template-label-promql-rule', () => {
      for (const { query } of list.filter(({ type }) => type === 'query'))
        expect((query as { query: string }).query).toMatch(/^label_values\(plumbline_[a-z_]+(\{.*\})?, [a-z_]+\)$/);
    });

    it('panel-datasource-rule, panel-title-description-rule, panel-units-rule, panel-no-targets-rule', () => {
      for (const { title, description, datasource, fieldConfig, targets = [] } of panels) {
        expect([title, description]).not.toContain('');
        expect(datasource?.uid).toBe('${datasource}');
        expect(UNITS).toContain(fieldConfig?.defaults.unit);
        expect(targets.length).toBeGreaterThan(0);
        for (const target of targets) expect(target.datasource.uid).toBe('${datasource}');
      }
    });

    it('target-rate-interval-rule, but for what is excluded with a reason; target-counter-agg-rule', () => {
      const { entries } = LINT_EXCLUSIONS.exclusions['target-rate-interval-rule'];
      const excluded = entries.flatMap(({ dashboard, panel }) => (dashboard === json.title ? [panel as string] : []));
      for (const { title, targets = [] } of panels) {
        for (const { expr } of targets) {
          const windows = [...expr.matchAll(/(?:rate|increase)\([^[]*\[([^\]]+)\]/g)].map(([, window]) => window);
          if (!excluded.includes(title)) expect(windows.filter((one) => one !== '$__rate_interval')).toEqual([]);
          for (const [counter] of expr.matchAll(/(\w+\()?plumbline_\w+_total/g))
            expect(counter).toMatch(/^(rate|increase)\(/);
        }
      }
    });
  },
);

describe.each(ALL_BOARDS.map((board) => [board.uid, board] as const))('board %s', (_, board) => {
  const { panels, templating } = grafana(toGrafanaDashboard(board));
  const shown = board.rows.flatMap((row) => row.panels);

  it('says of every panel what it shows, in which unit', () => {
    for (const { title, description, unit } of shown) {
      expect(title).toMatch(/^[A-Z].{2,60}$/);
      expect(description).toMatch(/.{20,}[.?]$/);
      expect(unit).not.toBe('');
    }
    expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length);
  });

  it('uses only variables that it declares', () => {
    const declared = new Set([...templating.list.map(({ name }) => name), '__rate_interval']);
    for (const { targets } of shown) {
      for (const { expr } of targets) {
        for (const [, name = ''] of expr.matchAll(/\$(\w+)/g)) expect(declared).toContain(name);
      }
    }
  });

  it('selects namespace and monitor in every query of ours', () => {
    for (const { targets } of shown) {
      for (const { expr } of targets) {
        const selectors = [...expr.matchAll(/plumbline_\w+(\{[^}]*\})?/g)].map(([, selector]) => selector ?? '');
        for (const selector of selectors) expect(selector).toContain('namespace=~"$namespace",monitor=~"$monitor"');
      }
    }
  });

  it('takes rates over an interval that follows the zoom', () => {
    for (const { targets } of shown) for (const { expr } of targets) expect(expr).not.toMatch(/rate\([^[]*\[\d/);
  });

  it('names the labels of its legend in the query', () => {
    for (const { targets } of shown) {
      for (const { expr, legend } of targets) {
        for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g))
          expect(`${label}: ${expr}`).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`));
      }
    }
  });

  it('lays panels out without overlap in 24 columns', () => {
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x},${y}`)).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
