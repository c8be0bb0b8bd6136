import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError, write } from '../api';
import type { AlertDetail, Effect, InteractionRow, Me, Report } from '../../answers';
import { EffectBar, IntervalBar, SeriesChart } from '../charts';
import { percent, points, score, segmentLabel, time, words } from '../format';
import { Await, Fact, Name, Out, Table, Tag } from '../parts';
import { type Place } from '../router';
import { useRead } from '../use-read';
import { InteractionTable } from './interaction-table';

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

function Findings({ report, detail }: { report: Report; detail: AlertDetail }): JSX.Element {
  return (
    <>
      <p class="headline" data-test="headline">
        {report.headline}
      </p>
      <Change report={report} />
      <Causes report={report} />
      <section class="columns">
        <RuledOut report={report} />
        <Users report={report} />
      </section>
      <Carriers report={report} />
      <section class="columns">
        <OtherCriteria report={report} />
        <Timeline report={report} />
      </section>
      <Examples report={report} />
      <section class="columns">
        <div>
          <h2>Next steps</h2>
          <ol>
            {report.next_steps.map((step) => (
              <li>{step}</li>
            ))}
          </ol>
        </div>
        <div>
          <h2>Again, and what if</h2>
          {report.commands.map((command) => (
            <pre class="command" tabIndex={0}>
              {command}
            </pre>
          ))}
          <p class="muted">{detail.alert.text}</p>
        </div>
      </section>
    </>
  );
}

function Change({ report: { estimate, decomposition } }: { report: Report }): JSX.Element {
  const { before, after, change } = estimate;
  const parts: readonly (readonly [string, Effect | null])[] =
    decomposition === null
      ? []
      : [
          ['Within the slices', decomposition.within],
          ['of which the judges', decomposition.judge],
          ['Traffic mix', decomposition.mix],
          ['What is sampled', decomposition.sampling],
        ];
  const limit = Math.max(0, ...parts.map(([, effect]) => Math.abs(effect?.change ?? 0)));
  return (
    <section class="columns">
      <div>
        <h2>Level</h2>
        <Table caption="Level before and after" head={['When', 'Mean', '95 %', 'On [0, 1]', 'Values']}>
          {(
            [
              ['before', before],
              ['after', after],
            ] as const
          ).map(([name, level]) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="number">{score(level?.mean)}</td>
              <td class="number">{level === null ? '–' : `${score(level.lower)} to ${score(level.upper)}`}</td>
              <td>{level !== null && <IntervalBar {...level} />}</td>
              <td class="number">{level?.units ?? '–'}</td>
            </tr>
          ))}
        </Table>
        {change !== null && (
          <p>
            Changed by <strong>{points(change.change)}</strong> ± {(196 * change.standard_error).toFixed(1)}
          </p>
        )}
      </div>
      <div>
        <h2>What the change is made of</h2>
        {parts.length === 0 ? (
          <p class="muted">There is too little of one of the two periods.</p>
        ) : (
          <Table caption="Parts of the change" head={['Part', 'Points', 'Size']}>
            {parts.map(([name, effect]) => (
              <tr>
                <th scope="row">{name}</th>
                <td class="number">{effect === null ? 'not re-run' : points(effect.change)}</td>
                <td>{effect !== null && <EffectBar change={effect.change} limit={limit} />}</td>
              </tr>
            ))}
          </Table>
        )}
      </div>
    </section>
  );
}

function Causes({ report: { causes } }: { report: Report }): JSX.Element {
  return (
    <section>
      <h2>Causes, the largest first</h2>
      <ol class="causes" data-test="causes">
        {causes.map(({ kind, family, what, share, certainty, because }) => (
          <li class="card">
            <strong>{words(kind)}</strong> <Tag tone={family === 'product' ? 'bad' : 'warn'}>{family}</Tag>{' '}
            <Tag tone={certainty === 'shown' ? 'good' : 'warn'}>{certainty}</Tag>
            <div>
              <Name>{what}</Name>
            </div>
            <div class="muted">
              {because}; {percent(share, 0)} of the change
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function RuledOut({ report: { findings } }: { report: Report }): JSX.Element {
  return (
    <div>
      <h2>What was looked at</h2>
      <ul class="findings">
        {findings.map(({ what, verdict, test, figures }) => (
          <li>
            <Tag tone={verdict === 'ruled out' ? 'good' : 'warn'}>{verdict}</Tag> {what}
            <div class="muted">
              {test}: {figures}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Users({ report: { users, checks } }: { report: Report }): JSX.Element {
  return (
    <div>
      <h2>How users fared</h2>
      <Table caption="Users' outcomes before and after" head={['Signal', 'Before', 'After', 'Sessions', 'Moved']}>
        {users.map(({ name, before, after, sessions_before: a, sessions_after: b, moved }) => (
          <tr>
            <th scope="row">{words(name)}</th>
            <td class="number">{name === 'satisfaction' ? score(before) : percent(before)}</td>
            <td class="number">{name === 'satisfaction' ? score(after) : percent(after)}</td>
            <td class="number">
              {a} → {b}
            </td>
            <td>{moved === 'no' ? <span class="muted">no change</span> : <Tag>{moved}</Tag>}</td>
          </tr>
        ))}
      </Table>
      {checks.length > 0 && (
        <>
          <h3>Checks that fail more often</h3>
          <ul>
            {checks.map(({ check, before, after }) => (
              <li>
                {words(check)}: {percent(before)} → {percent(after)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Carriers({ report: { carriers } }: { report: Report }): JSX.Element | null {
  if (carriers.length === 0) return null;
  const limit = Math.max(...carriers.map(({ contribution }) => Math.abs(contribution.change)));
  return (
    <section>
      <h2>Where it is</h2>
      <Table
        caption="Slices that carry the change"
        head={['Slice', 'Contribution', 'Size', 'Score', 'Share of traffic']}
      >
        {carriers.map(({ what, contribution, before, after, share_before: a, share_after: b }) => (
          <tr>
            <th scope="row">
              <Name>{what}</Name>
            </th>
            <td class="number">{points(contribution.change)}</td>
            <td>
              <EffectBar change={contribution.change} limit={limit} />
            </td>
            <td class="number">
              {score(before)} → {score(after)}
            </td>
            <td class="number">
              {percent(a)} → {percent(b)}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function OtherCriteria({ report: { other_criteria } }: { report: Report }): JSX.Element {
  const others = other_criteria.filter(({ before, after }) => before !== null && after !== null);
  return (
    <div>
      <h2>Other criteria</h2>
      {others.length === 0 ? (
        <p class="muted">No other criterion was judged in both periods.</p>
      ) : (
        <ul>
          {others.map(({ criterion, before, after, change }) => (
            <li>
              <Name>{criterion}</Name>: {score(before)} → {score(after)} ({points(change?.change)})
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Timeline({ report: { timeline } }: { report: Report }): JSX.Element {
  return (
    <div>
      <h2>Timeline (UTC)</h2>
      <ol class="timeline">
        {timeline.map(({ at, kind, text }) => (
          <li>
            <time>{time(at)}</time> <Tag>{kind}</Tag> <Name>{text}</Name>
          </li>
        ))}
      </ol>
    </div>
  );
}

const EXAMPLES = [
  ['worst', 'Worst'],
  ['typical', 'Typical'],
  ['recovered', 'Came out well'],
] as const;

function Examples({ report: { examples } }: { report: Report }): JSX.Element {
  return (
    <section>
      <h2>Examples since the change</h2>
      {EXAMPLES.map(([name, title]) => {
        const rows: readonly InteractionRow[] = examples[name];
        return rows.length === 0 ? null : (
          <details open={name === 'worst'}>
            <summary>
              {title} ({rows.length})
            </summary>
            <InteractionTable rows={rows} caption={title} />
          </details>
        );
      })}
    </section>
  );
}

const CAUSES = ['product', 'judge', 'traffic', 'labels', 'users', 'false_alarm'] as const;
const ACTIONS = [
  ['acknowledge', 'Someone is looking'],
  ['cause_found', 'The cause is found'],
  ['accept', 'Accept the new level'],
] as const;

/** What was decided, and deciding. Acknowledging resolves nothing; accepting a level changes a baseline. */
function Decide({ detail, again }: { detail: AlertDetail; again: () => void }): JSX.Element {
  const me = useRead<Me>('/me');
  const [action, setAction] = useState<string>('acknowledge');
  const [cause, setCause] = useState<string>('product');
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState('');
  const role = me.value?.role ?? 'viewer';
  const send = (): void => {
    const body = { action, reason, ...(action === 'cause_found' ? { cause } : {}) };
    write(`/alerts/${encodeURIComponent(detail.alert.id)}/acknowledgements`, body).then(
      () => {
        setSaid('Kept.');
        setReason('');
        again();
      },
      (failure: unknown) => setSaid(failure instanceof ApiError ? failure.message : 'It could not be kept.'),
    );
  };
  return (
    <section>
      <h2>Decisions</h2>
      {detail.acknowledgements.length === 0 && <p class="muted">Nobody has said anything about it yet.</p>}
      <ul>
        {detail.acknowledgements.map((one) => (
          <li>
            {time(one.at)} {one.author}: <Tag>{one.action}</Tag> {one.cause !== null && words(one.cause)} {one.reason}
          </li>
        ))}
      </ul>
      {role !== 'viewer' && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <label>
            What
            <select value={action} onChange={(event) => setAction(event.currentTarget.value)}>
              {ACTIONS.filter(([name]) => name !== 'accept' || role === 'admin').map(([name, text]) => (
                <option value={name}>{text}</option>
              ))}
            </select>
          </label>
          {action === 'cause_found' && (
            <label>
              It was
              <select value={cause} onChange={(event) => setCause(event.currentTarget.value)}>
                {CAUSES.map((name) => (
                  <option value={name}>{words(name)}</option>
                ))}
              </select>
            </label>
          )}
          <label class="wide">
            Why
            <input required maxLength={2000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          <button type="submit">Keep</button>
          <span role="status">{said}</span>
        </form>
      )}
    </section>
  );
}
