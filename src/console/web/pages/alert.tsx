import type { JSX } from 'preact';
import type { AlertDetail, Report } from '../../answers';
import { SeriesChart } from '../charts';
import { segmentLabel, time, words } from '../format';
import { Await, Fact, Name, Out, Tag } from '../parts';
import type { Place } from '../router';
import { useRead } from '../use-read';
import { Decide } from './alert-decisions';
import { Findings } from './alert-findings';

/** `/alerts/ID`, and `/alerts/current?kind&segment&criterion` as Prometheus links to it. */
export function AlertPage({ place }: { place: Place }): JSX.Element {
  const id = place.path[1] ?? '';
  const isCurrent = id === 'current';
  const { kind, segment, criterion } = Object.fromEntries(place.query);
  const detail = useRead<AlertDetail>(
    isCurrent ? '/alerts/current' : `/alerts/${encodeURIComponent(id)}`,
    isCurrent ? { kind, segment, criterion } : {},
  );
  const alertId = detail.value?.alert.id ?? null;
  const report = useRead<Report>(alertId === null ? null : '/report', { alert: alertId });
  return (
    <Await reading={detail}>
      {(known) => (
        <article>
          <Heading detail={known} />
          <Await reading={report}>{(found) => <Findings report={found} detail={known} />}</Await>
          <Decide detail={known} again={detail.again} />
        </article>
      )}
    </Await>
  );
}

function Heading({ detail: { alert, series, links } }: { detail: AlertDetail }): JSX.Element {
  const { kind, criterion, segment, panel } = alert.series;
  return (
    <>
      <p class="crumbs">
        <Tag>{alert.state}</Tag> <Tag>{alert.severity}</Tag> {alert.owner}
      </p>
      <h1>
        {words(kind)}
        {criterion !== '' && (
          <>
            {' of '}
            <Name>{criterion}</Name>
          </>
        )}{' '}
        in <Name>{segmentLabel(segment)}</Name>
      </h1>
      <p class="links">
        <Out href={links.runbook}>Runbook</Out> <Out href={links.silence}>Silence in Alertmanager</Out>{' '}
        <Out href={links.silences}>Active silences</Out> <Out href={links.ticket}>Ticket</Out>
      </p>
      <dl class="facts">
        <Fact name="Fired (UTC)">{time(alert.fired_at)}</Fact>
        <Fact name="Change began">
          {alert.began === null ? '–' : `${time(alert.began.from)} to ${time(alert.began.to)}`}
        </Fact>
        <Fact name="Resolved">{time(alert.resolved_at)}</Fact>
        <Fact name="Judged by">{panel === '' ? '–' : <Name>{panel}</Name>}</Fact>
        <Fact name="Episode">{alert.episode}</Fact>
      </dl>
      <SeriesChart
        buckets={series}
        label={`${criterion === '' ? words(kind) : criterion} in ${segmentLabel(segment)}`}
        began={alert.began}
        firedAt={alert.fired_at}
      />
    </>
  );
}
