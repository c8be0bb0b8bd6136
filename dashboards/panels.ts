import type { BoardUid } from './alerts/alert';
import type { Json } from './json';

export interface Target {
  readonly expr: string;
  readonly legend: string;
  /** Tables and stats want the present value only. */
  readonly instant?: boolean;
}

export interface Panel {
  readonly type: 'timeseries' | 'stat' | 'table' | 'bargauge' | 'heatmap' | 'state-timeline';
  readonly title: string;
  readonly description: string;
  /** Unit id of Grafana, e.g. `percentunit`, `s`, `short`. */
  readonly unit: string;
  readonly targets: readonly Target[];
  /** Of 24 columns. */
  readonly width: number;
  readonly height?: number;
  readonly min?: number;
  readonly max?: number;
  /** Lowest value of each colour, from good to bad or bad to good. */
  readonly steps?: readonly { readonly from: number | null; readonly color: string }[];
  /** Why the live test may find no data although nothing is broken. */
  readonly mayBeEmpty?: string;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly query: string;
  readonly multi?: boolean;
  /** The value before anyone chooses; default All. */
  readonly initial?: string;
}

export interface Board {
  readonly uid: BoardUid;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

/** Okabe and Ito: told apart by the colour-blind too. State is never shown by colour alone. */
export const COLORS = { good: '#009E73', warn: '#E69F00', bad: '#D55E00', calm: '#0072B2' } as const;

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const USUAL_HEIGHT = 8;

/** Panels left to right in rows; ids count upwards, so a diff shows what was inserted. */
export function toGrafanaPanels(rows: readonly Row[]): Json[] {
  const panels: Json[] = [];
  let id = 0;
  let y = 0;
  for (const row of rows) {
    panels.push({
      id: ++id,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: 24, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const panel of row.panels) {
      const height = panel.height ?? USUAL_HEIGHT;
      if (x + panel.width > 24) {
        y += tallest;
        x = 0;
        tallest = 0;
      }
      panels.push(toGrafanaPanel(panel, ++id, { x, y, w: panel.width, h: height }));
      x += panel.width;
      tallest = Math.max(tallest, height);
    }
    y += tallest;
  }
  return panels;
}

function toGrafanaPanel(panel: Panel, id: number, gridPos: Json): Json {
  const { type, title, description, unit, min, max, steps } = panel;
  return {
    id,
    type,
    title,
    description,
    gridPos,
    datasource: DATASOURCE,
    targets: panel.targets.map((target, index) => toTarget(target, index, panel)),
    fieldConfig: {
      defaults: {
        unit,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        color: { mode: steps === undefined ? 'palette-classic-by-name' : 'thresholds' },
        custom: type === 'timeseries' ? { lineWidth: 2, showPoints: 'never', spanNulls: false } : {},
        links: title.includes('segment') ? [SEGMENT_LINK] : [],
        thresholds: {
          mode: 'absolute',
          steps: (steps ?? [{ from: null, color: COLORS.calm }]).map(({ from, color }) => ({ value: from, color })),
        },
      },
      overrides: [],
    },
    options: OPTIONS[type],
    ...(type === 'table'
      ? {
          transformations: [
            { id: 'labelsToFields', options: {} },
            { id: 'merge', options: {} },
          ],
        }
      : {}),
  };
}

const SEGMENT_LINK = {
  title: 'Investigate ${__field.labels.segment}',
  url: '/d/plumbline-investigation?var-segment=${__field.labels.segment:percentencode}&var-criterion=${__field.labels.criterion:percentencode}&${datasource:queryparam}',
};

function toTarget({ expr, legend, instant }: Target, index: number, { type }: Panel): Json {
  return {
    refId: String.fromCharCode(65 + index),
    datasource: DATASOURCE,
    expr,
    legendFormat: legend,
    instant: instant ?? type === 'table',
    range: !(instant ?? type === 'table'),
    format: type === 'heatmap' ? 'heatmap' : type === 'table' ? 'table' : 'time_series',
    exemplar: expr.includes('histogram_quantile'),
  };
}

const OPTIONS: Readonly<Record<Panel['type'], Json>> = {
  timeseries: {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'area',
    textMode: 'auto',
  },
  bargauge: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    orientation: 'horizontal',
    displayMode: 'basic',
    showUnfilled: true,
  },
  table: { showHeader: true, sortBy: [] },
  heatmap: { calculate: false, color: { mode: 'scheme', scheme: 'Viridis', steps: 64 }, yAxis: { unit: 'short' } },
  'state-timeline': {
    showValue: 'auto',
    mergeValues: true,
    rowHeight: 0.8,
    legend: { displayMode: 'list', placement: 'bottom' },
  },
};
