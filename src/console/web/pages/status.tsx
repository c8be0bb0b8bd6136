import type { JSX } from 'preact';
import type { Status } from '../../answers';
import { bytes, count, percent, time, usd, words } from '../format';
import { Await, Fact, Name, Table, Tag } from '../parts';
import { useRead } from '../use-read';

type Report = NonNullable<Status['report']>;

/** Is every stage working, what did it do, and does the accounting add up. */
export function StatusPage(): JSX.Element {
  const reading = useRead<Status>('/status');
  return (
    <Await reading={reading}>
      {({ instance, version, ready, reasons, lag, report, store }) => (
        <>
          <h1>
            Status of <Name>{instance}</Name> <Tag tone={ready ? 'good' : 'bad'}>{ready ? 'ready' : 'not ready'}</Tag>
          </h1>
          {reasons.length > 0 && (
            <ul class="card warn">
              {reasons.map((reason) => (
                <li>{reason}</li>
              ))}
            </ul>
          )}
          <dl class="facts">
            <Fact name="Version">{version}</Fact>
            {report !== null && <Fact name="Judge calls">{count(report.judge_calls)}</Fact>}
            {report !== null && <Fact name="Judge cost">{usd(report.judge_cost_usd)}</Fact>}
            {report !== null && <Fact name="Running for">{Math.round(report.seconds)} s</Fact>}
          </dl>
          {report === null ? (
            <p class="muted">This process does not fold the ledger, so it has no figures of its own.</p>
          ) : (
            <>
              <Records report={report} />
              <Criteria report={report} />
              <Escalations report={report} />
            </>
          )}
          <Lag lag={lag} />
          <Store store={store} />
        </>
      )}
    </Await>
  );
}

function Records({ report: { records } }: { report: Report }): JSX.Element {
  const { in: all = 0, ...outcomes } = records;
  const sum = Object.values(outcomes).reduce((total, n) => total + n, 0);
  return (
    <section>
      <h2>
        Records <Sum isRight={sum === all} />
      </h2>
      <p class="muted">Every source offset ends as exactly one of these.</p>
      <Table caption="Records by outcome" head={['Outcome', 'Records', 'Share']}>
        {Object.entries(outcomes).map(([outcome, n]) => (
          <tr>
            <th scope="row">{words(outcome)}</th>
            <td class="number">{count(n)}</td>
            <td class="number">{percent(all === 0 ? null : n / all)}</td>
          </tr>
        ))}
        <tr class="total">
          <th scope="row">in</th>
          <td class="number">{count(all)}</td>
          <td class="number">{percent(all === 0 ? null : sum / all)}</td>
        </tr>
      </Table>
    </section>
  );
}

function Sum({ isRight }: { isRight: boolean }): JSX.Element {
  return isRight ? <Tag tone="good">adds up</Tag> : <Tag tone="bad">does not add up</Tag>;
}

function Criteria({ report: { criteria, records } }: { report: Report }): JSX.Element {
  const interactions = (records['judged'] ?? 0) + (records['checked_only'] ?? 0);
  return (
    <section>
      <h2>Criteria</h2>
      <p class="muted">Every interaction ends as exactly one of these for every criterion.</p>
      <Table
        caption="Criteria by result"
        head={[
          'Criterion',
          'Pass',
          'Fail',
          'Not applicable',
          'Not sampled',
          'Unjudged',
          'Why unjudged',
          'Escalated',
          'Sum',
        ]}
      >
        {Object.entries(criteria).map(([name, one]) => (
          <tr>
            <th scope="row">
              <Name>{name}</Name>
            </th>
            <td class="number">{count(one.pass)}</td>
            <td class="number">{count(one.fail)}</td>
            <td class="number">{count(one.not_applicable)}</td>
            <td class="number">{count(one.not_sampled)}</td>
            <td class="number">{count(one.unjudged)}</td>
            <td>
              {Object.entries(one.unjudged_reasons)
                .map(([reason, n]) => `${words(reason)} ${n}`)
                .join(', ')}
            </td>
            <td class="number">{percent(one.escalation_rate)}</td>
            <td>
              <Sum isRight={one.scored + one.not_applicable + one.not_sampled + one.unjudged === interactions} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Escalations({ report: { escalations } }: { report: Report }): JSX.Element {
  return (
    <section>
      <h2>Why the ensemble was asked</h2>
      <dl class="facts">
        {Object.entries(escalations).map(([reason, n]) => (
          <Fact name={words(reason)}>{count(n)}</Fact>
        ))}
      </dl>
    </section>
  );
}

function Lag({ lag }: { lag: Status['lag'] }): JSX.Element | null {
  if (lag.length === 0) return null;
  return (
    <section>
      <h2>Behind the topics</h2>
      <Table caption="Lag by partition" head={['Topic', 'Partition', 'Records']}>
        {lag.map(({ topic, partition, lag_records: records }) => (
          <tr>
            <th scope="row">{topic}</th>
            <td class="number">{partition}</td>
            <td class="number">{count(records)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Store({ store }: { store: Status['store'] }): JSX.Element | null {
  if (store === null || store === undefined) return null;
  return (
    <section>
      <h2>Evidence kept</h2>
      <dl class="facts">
        {Object.entries(store).map(([name, value]) => (
          <Fact name={words(name)}>
            {name === 'bytes' ? bytes(value) : name === 'oldest' || name === 'newest' ? time(value) : count(value)}
          </Fact>
        ))}
      </dl>
    </section>
  );
}
