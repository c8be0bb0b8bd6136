import type { JSX } from 'preact';
import type { Check, InteractionDetail, Session, Verdict } from '../../answers';
import { score, time, usd, words } from '../format';
import { Await, Fact, Name, Out, ProductionText, Table, Tag } from '../parts';
import type { Place } from '../router';
import { useRead } from '../use-read';
import { cellText } from './interaction-table';
import { Conversation } from './conversation';
import { Criteria } from './verdicts';

/** `/i/ID`: everything seen and decided about one interaction, in its conversation. */
export function InteractionPage({ place }: { place: Place }): JSX.Element {
  const id = place.path[1] ?? '';
  const detail = useRead<InteractionDetail>(`/interactions/${encodeURIComponent(id)}`);
  return (
    <Await reading={detail}>
      {({ interaction, verdict, conversation, sessions, labels, links }) => (
        <article>
          <h1>
            Interaction <Name>{interaction.interaction_id}</Name>
          </h1>
          <p class="links">
            <Out href={links.trace}>Trace</Out>
          </p>
          <dl class="facts">
            <Fact name="When (UTC)">{time(interaction.occurred_at)}</Fact>
            <Fact name="Where">
              <Name>{cellText(interaction.cell)}</Name>
            </Fact>
            <Fact name="Became">
              <Tag>{interaction.outcome}</Tag>
            </Fact>
            <Fact name="Sampled">
              {verdict === null
                ? interaction.sampled
                  ? 'yes'
                  : 'no'
                : `${interaction.sampled ? 'yes' : 'no'}, with probability ${score(verdict.sampling.probability, 2)}`}
            </Fact>
            <Fact name="Cost">{usd(interaction.cost_usd)}</Fact>
          </dl>
          {verdict === null && <p class="muted">The verdict is not kept any more, or has not come yet.</p>}
          <div class="split">
            <Conversation turns={conversation} current={interaction.interaction_id} verdict={verdict} />
            <div>
              {verdict !== null && <Criteria criteria={verdict.criteria} />}
              {verdict !== null && <Checks checks={verdict.checks} />}
              <Sessions sessions={sessions} />
              <Labels labels={labels} />
            </div>
          </div>
          {verdict !== null && <Trail verdict={verdict} />}
        </article>
      )}
    </Await>
  );
}

function Checks({ checks }: { checks: readonly Check[] }): JSX.Element {
  const failed = checks.filter(({ result }) => result === 'fail');
  const passed = checks.filter(({ result }) => result === 'pass').length;
  return (
    <section>
      <h2>Checks</h2>
      {failed.length === 0 ? (
        <p class="muted">None failed; {passed} passed.</p>
      ) : (
        <ul>
          {failed.map(({ check, version, detail, span }) => (
            <li>
              <Tag tone="bad">fail</Tag> {words(check)} (v{version})
              {detail !== null && (
                <>
                  : <Name>{detail}</Name>
                </>
              )}
              {span !== null && <span class="muted"> · marked in the answer</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Sessions({ sessions }: { sessions: readonly Session[] }): JSX.Element {
  return (
    <section>
      <h2>How the user fared</h2>
      {sessions.length === 0 ? (
        <p class="muted">The session has not closed yet.</p>
      ) : (
        sessions.map((session) => (
          <dl class="facts">
            <Fact name="Ended">
              <Tag>{session.ending}</Tag>
            </Fact>
            <Fact name="Turns">
              {session.turns}, {session.bad_turns} bad, {session.good_turns} good
            </Fact>
            <Fact name="Recovered">
              {session.recovery.bad_turns === 0
                ? 'nothing to recover from'
                : `${session.recovery.within} of ${session.recovery.bad_turns} within the horizon`}
            </Fact>
            <Fact name="Satisfaction">{score(session.satisfaction, 2)}</Fact>
            <Fact name="Effort">{score(session.engagement.effort_minutes, 1)} min</Fact>
          </dl>
        ))
      )}
    </section>
  );
}

function Labels({ labels }: { labels: InteractionDetail['labels'] }): JSX.Element {
  return (
    <section>
      <h2>Labels by people</h2>
      {labels.length === 0 ? (
        <p class="muted">None.</p>
      ) : (
        <ul>
          {labels.map(({ criterion, outcome, value, comment, rater, labelled_at: at, reason }) => (
            <li>
              <Name>{criterion}</Name>:{' '}
              {outcome === 'labelled' ? <Tag>{(value ?? 0) >= 0.5 ? 'pass' : 'fail'}</Tag> : <Tag>{outcome}</Tag>}{' '}
              <span class="muted">
                {rater.slice(0, 8)}, {time(at)}, {words(reason)}
              </span>
              {comment !== null && <ProductionText text={comment} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Trail({ verdict: { trail, versions, cost_usd: cost } }: { verdict: Verdict }): JSX.Element {
  return (
    <section>
      <h2>How it was decided</h2>
      <Table caption="Decision trail" head={['Stage', 'Chose', 'Why', 'Probability', 'Cost', 'Time']}>
        {trail.map(({ stage, chose, why, probability, cost_usd: spent, ms }) => (
          <tr>
            <th scope="row">{stage}</th>
            <td>
              <Name>{chose}</Name>
            </td>
            <td>
              <Name>{why}</Name>
            </td>
            <td class="number">{score(probability, 2)}</td>
            <td class="number">{usd(spent)}</td>
            <td class="number">{Math.round(ms)} ms</td>
          </tr>
        ))}
      </Table>
      <p class="muted">
        In all {usd(cost)} ·{' '}
        {Object.entries(versions)
          .map(([name, version]) => `${name} ${String(version).slice(0, 12)}`)
          .join(' · ')}
      </p>
    </section>
  );
}
