import { ALL_BOARDS } from '../../dashboards/boards/all-boards';
import { toGrafanaDashboard } from '../../dashboards/grafana';
import type { Json } from '../../dashboards/json';

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

const grafana = (json: Json): { panels: GrafanaPanel[]; templating: { list: { name: string }[] } } =>
  json as unknown as ReturnType<typeof grafana>;

/** The rules of Grafana's dashboard linter that apply here; the linter itself is not obtainable from the registries used. */
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
