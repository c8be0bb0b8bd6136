import type { JSX } from 'preact';
import type { AlertDetail, AlertRow, Incident, Page } from '../../answers';
import { Sparkline } from '../charts';
import { points, score, segmentLabel, time, words } from '../format';
import { Await, Name, Table, Tag } from '../parts';
import { alertPath, go, Link, type Place } from '../router';
import { useRead } from '../use-read';

const STATES = ['', 'firing', 'resolved', 'no_data'] as const;
/** Rows whose evidence over time is drawn. */
const DRAWN = 20;

/** All alerts, latest first, with those that changed together said to. */
export function AlertsPage({ place }: { place: Place }): JSX.Element {
  const state = place.query.get('state') ?? '';
  const after = place.query.get('after');
  const alerts = useRead<Page<AlertRow>>('/alerts', { state, after, limit: 50 });
  const incidents = useRead<Page<Incident>>('/incidents', { limit: 20 });
  return (
    <>
      <h1>Alerts</h1>
      <Await reading={incidents}>{({ rows }) => <OpenIncidents incidents={rows} />}</Await>
      <div class="chips" role="group" aria-label="State">
        {STATES.map((name) => (
          <button
            type="button"
            aria-pressed={state === name}
            onClick={() => go(name === '' ? '/alerts' : `/alerts?state=${name}`)}
          >
            {name === '' ? 'all' : words(name)}
          </button>
        ))}
      </div>
      <Await reading={alerts}>
        {({ rows, next }) => (
          <>
            {rows.length === 0 ? (
              <p class="muted">
                No alert {state === '' ? 'so far' : `is ${words(state)}`}. Every series is on Segments.
              </p>
            ) : (
              <Table
                caption="Alerts"
                head={['State', 'What', 'Where', 'Before → after', 'Over time', 'Fired (UTC)', 'Owner']}
              >
                {rows.map((row, i) => (
                  <Row row={row} isDrawn={i < DRAWN} />
                ))}
              </Table>
            )}
            {next !== null && <Link to={`/alerts?state=${state}&after=${encodeURIComponent(next)}`}>Older alerts</Link>}
          </>
        )}
      </Await>
    </>
  );
}

function OpenIncidents({ incidents }: { incidents: readonly Incident[] }): JSX.Element | null {
  const open = incidents.filter(({ state }) => state === 'firing');
  if (open.length === 0) return null;
  return (
    <ul class="incidents" aria-label="Open incidents">
      {open.map(({ kind, severity, scope, opened_at: openedAt, alerts }) => (
        <li class="card bad">
          <Tag>{severity}</Tag> <strong>{words(kind)}</strong> in <Name>{segmentLabel(scope)}</Name>, {alerts.length}{' '}
          {alerts.length === 1 ? 'series' : 'series that changed together'}, since {time(openedAt)}
        </li>
      ))}
    </ul>
  );
}

function Row({ row: { alert, acknowledgements }, isDrawn }: { row: AlertRow; isDrawn: boolean }): JSX.Element {
  const detail = useRead<AlertDetail>(isDrawn ? `/alerts/${encodeURIComponent(alert.id)}` : null);
  const { kind, criterion, segment } = alert.series;
  const { before, after } = alert;
  const [latest] = [...acknowledgements].sort((a, b) => b.at - a.at);
  return (
    <tr>
      <td>
        <Tag>{alert.state}</Tag> <Tag>{alert.severity}</Tag>
        {alert.withheld !== null && <Tag>{`would be ${alert.withheld}`}</Tag>}
      </td>
      <th scope="row">
        <Link to={alertPath(alert.id)}>
          {words(kind)}
          {criterion !== '' && (
            <>
              {' of '}
              <Name>{criterion}</Name>
            </>
          )}
        </Link>
        {latest !== undefined && (
          <div class="muted">
            {words(latest.action)} by {latest.author}
          </div>
        )}
      </th>
      <td>
        <Name>{segmentLabel(segment)}</Name>
      </td>
      <td class="number">
        {score(before?.mean)} → {score(after?.mean)}
        {before !== null && after !== null && <div class="muted">{points(after.mean - before.mean)}</div>}
      </td>
      <td>{detail.value !== null && <Sparkline buckets={detail.value.series} label={`${kind} over time`} />}</td>
      <td class="number">{time(alert.fired_at)}</td>
      <td>{alert.owner}</td>
    </tr>
  );
}
