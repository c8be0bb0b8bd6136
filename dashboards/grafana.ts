import { METRIC_PREFIX } from '../src/outputs/metric-catalogue';
import type { Json } from './json';
import { type Board, toGrafanaPanels, type Variable } from './panels';
import { boardQueries as q } from './queries/metric';

const BOARDS = ['overview', 'segments', 'judges', 'pipeline', 'investigation'];

/** One board as Grafana reads it. No id and a fixed uid, so that importing it again replaces it. */
export function toGrafanaDashboard(board: Board): Json {
  return {
    uid: board.uid,
    title: board.title,
    description: board.description,
    tags: ['plumbline'],
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    timezone: 'browser',
    annotations: { list: ANNOTATIONS.map(toAnnotation) },
    links: BOARDS.filter((name) => `plumbline-${name}` !== board.uid).map((name) => ({
      type: 'link',
      title: name.charAt(0).toUpperCase() + name.slice(1),
      url: `/d/plumbline-${name}`,
      includeVars: true,
      keepTime: true,
    })),
    templating: { list: [DATASOURCE_VARIABLE, ...SCOPE_VARIABLES.map(toVariable), ...board.variables.map(toVariable)] },
    panels: toGrafanaPanels(board.rows),
  };
}

const DATASOURCE_VARIABLE: Json = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  hide: 0,
};

const SCOPE_VARIABLES: readonly Variable[] = [
  { name: 'namespace', label: 'Namespace', query: `label_values(${METRIC_PREFIX}build_info, namespace)` },
  {
    name: 'monitor',
    label: 'Monitor',
    query: `label_values(${METRIC_PREFIX}build_info{namespace=~"$namespace"}, monitor)`,
  },
];

/** All matches what has no such label too: outside Kubernetes there is no namespace. */
function toVariable({ name, label, query, multi = true, initial }: Variable): Json {
  return {
    name,
    label,
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    sort: 1,
    multi,
    includeAll: true,
    allValue: '.*',
    hide: 0,
    current: initial === undefined ? { text: 'All', value: '$__all' } : { text: initial, value: initial },
  };
}

interface Annotation {
  readonly name: string;
  readonly color: string;
  readonly expr: string;
  readonly title: string;
  readonly keys: string;
}

const appeared = (labelled: string): string => `${labelled} unless ${labelled.replace(/\}\)$/, '} offset 5m)')}`;

const ANNOTATIONS: readonly Annotation[] = [
  {
    name: 'Alerts',
    color: '#D55E00',
    expr: 'ALERTS{alertname=~"Plumbline.*",alertname!="PlumblineWatchdog",alertstate="firing"}',
    title: '{{alertname}}',
    keys: 'segment,criterion,judge',
  },
  {
    name: 'Configuration',
    color: '#CC79A7',
    expr: appeared(q.max('config_info', ['hash'])),
    title: 'configuration {{hash}}',
    keys: 'hash',
  },
  {
    name: 'Version',
    color: '#56B4E9',
    expr: appeared(q.max('build_info', ['version'])),
    title: 'version {{version}}',
    keys: 'version',
  },
  // A release of the product is a segment that was not there an hour ago.
  {
    name: 'Product releases',
    color: '#009E73',
    expr: `count by (segment) (${q.select('criterion_results_total', { segment: ['release=.+'] })}) unless count by (segment) (${q.select('criterion_results_total', { segment: ['release=.+'] })} offset 1h)`,
    title: '{{segment}}',
    keys: 'segment',
  },
];

function toAnnotation({ name, color, expr, title, keys }: Annotation): Json {
  return {
    name,
    enable: true,
    hide: false,
    iconColor: color,
    datasource: { type: 'prometheus', uid: '${datasource}' },
    expr,
    titleFormat: title,
    tagKeys: keys,
    step: '60s',
  };
}
