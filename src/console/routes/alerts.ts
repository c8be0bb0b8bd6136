import { type Acknowledgement, ACKNOWLEDGEMENT_ACTIONS } from '../../domain/acknowledgement';
import { acknowledgementRecord } from '../../domain/ledger-record';
import { segmentLabel } from '../../domain/segment';
import type { StoredAlert } from '../../store/port-search';
import { maySee } from '../access';
import type { Alert, AlertDetail, AlertRow, Incident, IncidentDetail, Page } from '../answers';
import { bodyOneOf, bodyText, optionalText, PAGE_QUERY, pageOf, textOf, timeOf } from '../parameters';
import type { ConsoleLinks, ConsoleParts } from '../ports';
import type { Principal } from '../principal';
import { type Answer, type Call, found, problem, type Route } from '../route';
import { toSnake } from '../snake';
import { fillLink } from './interactions';

const FILTERS = {
  state: '`firing`, `resolved` or `no_data`',
  kind: 'e.g. `score_regression`',
  segment: 'e.g. `product=support`',
  criterion: 'criterion or check',
  owner: 'team',
} as const;

/** Who knows what it was: one of these. */
const CAUSES = ['product', 'judge', 'traffic', 'labels', 'users', 'false_alarm'] as const;

export function alertRoutes(parts: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/alerts',
      role: 'viewer',
      scope: 'own',
      summary: 'Alerts, latest first',
      query: { ...PAGE_QUERY, ...FILTERS, from: 'fired at or after', to: 'fired before' },
      answer: '`rows` and `next`',
      handle: (call) => listAnswer(parts, call),
    },
    {
      method: 'GET',
      path: '/alerts/current',
      role: 'viewer',
      scope: 'own',
      summary: 'The latest alert of a series; what alert links of Prometheus point at',
      query: { kind: FILTERS.kind, segment: FILTERS.segment, criterion: FILTERS.criterion },
      answer: 'the alert',
      handle: async ({ query, principal }) => {
        const filter = {
          kind: textOf(query, 'kind'),
          segment: textOf(query, 'segment'),
          criterion: textOf(query, 'criterion'),
        };
        const firing = await parts.store.alerts({ ...filter, state: 'firing' }, { limit: 1 });
        const [alert] = firing.rows.length > 0 ? firing.rows : (await parts.store.alerts(filter, { limit: 1 })).rows;
        return alert === undefined ? problem(404, 'no such alert') : oneAnswer(parts, alert, principal);
      },
    },
    {
      method: 'GET',
      path: '/alerts/{id}',
      role: 'viewer',
      scope: 'own',
      summary: 'One alert with what was decided about it and its values over time',
      answer: '`alert`, `acknowledgements`, `series` (hourly means), `links`',
      handle: async ({ path, principal }) => {
        const alert = await parts.store.alert(path['id']!);
        return alert === null ? problem(404, `no alert ${path['id']}`) : oneAnswer(parts, alert, principal);
      },
    },
    {
      method: 'POST',
      path: '/alerts/{id}/acknowledgements',
      role: 'labeller',
      scope: 'own',
      summary: 'Acknowledge an alert, say what it was, or accept the new level (which needs the role admin)',
      body: {
        action: ACKNOWLEDGEMENT_ACTIONS.map((action) => `\`${action}\``).join(', '),
        reason: 'why, in words',
        cause: `for \`cause_found\`: ${CAUSES.join(', ')}`,
      },
      answer: 'the record as it went into the ledger',
      handle: (call) => acknowledge(parts, call),
    },
    {
      method: 'GET',
      path: '/incidents',
      role: 'viewer',
      scope: 'own',
      summary: 'Incidents: alerts that changed together, latest first',
      query: PAGE_QUERY,
      answer: '`rows` and `next`',
      handle: async ({ query, principal }) => {
        const { rows, next } = await parts.store.incidents(pageOf(query));
        const mine = rows.filter(({ scope }) => maySee(principal, segmentLabel(scope)));
        return found<Page<Incident>>({ rows: mine.map(toSnake), next });
      },
    },
    {
      method: 'GET',
      path: '/incidents/{id}',
      role: 'viewer',
      scope: 'own',
      summary: 'One incident with its alerts',
      answer: '`incident` and `alerts`',
      handle: async ({ path, principal }) => {
        const incident = await parts.store.incident(path['id']!);
        if (incident === null || !maySee(principal, segmentLabel(incident.scope))) {
          return problem(404, `no incident ${path['id']}`);
        }
        const alerts = await Promise.all(incident.alerts.map((id) => parts.store.alert(id)));
        return found<IncidentDetail>({
          incident: toSnake(incident),
          alerts: alerts.flatMap((one) => (one === null ? [] : visibleTo(principal, one))),
        });
      },
    },
  ];
}

async function listAnswer({ store }: ConsoleParts, { query, principal }: Call): Promise<Answer> {
  const filter = {
    state: textOf(query, 'state'),
    kind: textOf(query, 'kind'),
    segment: textOf(query, 'segment'),
    criterion: textOf(query, 'criterion'),
    owner: textOf(query, 'owner'),
    from: timeOf(query, 'from'),
    to: timeOf(query, 'to'),
  };
  const { rows, next } = await store.alerts(filter, pageOf(query));
  return found<Page<AlertRow>>({ rows: rows.flatMap((row) => visibleTo(principal, row)), next });
}

/** An alert, if it is the asker's to see, without what it tells of segments that are not. */
export function visibleTo(principal: Principal, stored: StoredAlert): AlertRow[] {
  const { alert, acknowledgements } = toJson(stored);
  if (!maySee(principal, labelOf(alert))) return [];
  const alongside = alert.alongside.filter(({ segment }) => maySee(principal, segmentLabel(segment)));
  const newSince = alert.new_since.filter((segment) => maySee(principal, segment));
  const isWhole = alongside.length === alert.alongside.length && newSince.length === alert.new_since.length;
  // The sentence names them all.
  const text = isWhole ? alert.text : '';
  return [{ alert: { ...alert, alongside, new_since: newSince, text }, acknowledgements }];
}

function toJson({ json, acknowledgements }: StoredAlert): AlertRow {
  return { alert: JSON.parse(json) as Alert, acknowledgements: toSnake(acknowledgements) };
}

function labelOf({ series: { segment } }: Alert): string {
  return segmentLabel(segment);
}

const DAY_MS = 86_400_000;

async function oneAnswer(parts: ConsoleParts, stored: StoredAlert, principal: Principal): Promise<Answer> {
  const [visible] = visibleTo(principal, stored);
  if (visible === undefined) return problem(404, 'no such alert');
  const { alert, acknowledgements } = visible;
  const from = (alert.began?.from ?? alert.fired_at) - 7 * DAY_MS;
  const to = Math.max((alert.resolved_at ?? alert.fired_at) + DAY_MS, (await parts.store.span()).newest ?? 0);
  const series = await parts.store.series(labelOf(alert), alert.series.criterion, from, to);
  return found<AlertDetail>({ alert, acknowledgements, series: toSnake(series), links: linksOf(parts.links, alert) });
}

/** Silences live in Alertmanager alone: a link to a new one, filled in, and to those that are active. */
function linksOf(links: ConsoleLinks, alert: Alert): AlertDetail['links'] {
  const { kind, criterion } = alert.series;
  const matchers = [
    ['kind', kind],
    ['segment', labelOf(alert)],
    ['criterion', criterion],
  ].filter(([, value]) => value !== '');
  const filter = encodeURIComponent(
    `{${matchers.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`,
  );
  const { alertmanager } = links;
  return {
    silence: alertmanager === null ? null : `${alertmanager}/#/silences/new?filter=${filter}`,
    silences: alertmanager === null ? null : `${alertmanager}/#/silences?filter=${filter}`,
    runbook: links.runbook === null ? null : fillLink(links.runbook, { kind }),
    ticket:
      links.ticket === null ? null : fillLink(links.ticket, { alert: alert.id, title: `${kind} ${labelOf(alert)}` }),
  };
}

async function acknowledge({ store, append, now }: ConsoleParts, { path, body, principal }: Call): Promise<Answer> {
  const stored = await store.alert(path['id']!);
  if (stored === null || !maySee(principal, labelOf(toJson(stored).alert)))
    return problem(404, `no alert ${path['id']}`);
  const action = bodyOneOf(body, 'action', ACKNOWLEDGEMENT_ACTIONS);
  if ((action === 'accept' || action === 'reset') && principal.role !== 'admin') {
    return problem(403, `${action} changes a baseline: it needs the role admin`);
  }
  if (append === null) return problem(409, 'this console only reads');
  const cause = action === 'cause_found' ? bodyOneOf(body, 'cause', CAUSES) : optionalText(body, 'cause');
  const acknowledgement: Acknowledgement = {
    action,
    alertId: path['id']!,
    series: null,
    cause,
    reason: bodyText(body, 'reason'),
    author: principal.name,
    at: now(),
  };
  await append([acknowledgementRecord(acknowledgement, now())]);
  return { status: 201, json: toSnake(acknowledgement) };
}
