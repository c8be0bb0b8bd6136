import type { JSX } from 'preact';
import type { AlertDetail, Effect, InteractionRow, Report } from '../../answers';
import { EffectBar, IntervalBar } from '../charts';
import { percent, points, score, time, words } from '../format';
import { Name, Table, Tag } from '../parts';
import { InteractionTable } from './interaction-table';

/** What an investigation of an alert found, from the headline to the next steps. */
export function Findings({ report, detail }: { report: Report; detail: AlertDetail }): JSX.Element {
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
