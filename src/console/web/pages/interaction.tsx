import type { JSX } from 'preact';
import type { Check, CriterionVerdict, InteractionDetail, JudgeAnswer, Session, Turn, Verdict } from '../../answers';
import { IntervalBar } from '../charts';
import { percent, score, time, usd, words } from '../format';
import { Await, Fact, Name, Out, ProductionText, Table, Tag } from '../parts';
import { interactionPath, Link, type Place } from '../router';
import { useRead } from '../use-read';
import { cellText } from './interaction-table';

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

function Conversation({
  turns,
  current,
  verdict,
}: {
  turns: readonly Turn[];
  current: string;
  verdict: Verdict | null;
}): JSX.Element {
  const spans = (verdict?.checks ?? []).flatMap(({ check, result, span }) =>
    result === 'fail' && span !== null ? [{ ...span, name: check }] : [],
  );
  return (
    <section aria-label="Conversation">
      <h2>Conversation</h2>
      <ol class="conversation">
        {turns.map((turn) => {
          const isCurrent = turn.interaction_id === current;
          return (
            <li class={isCurrent ? 'turn current' : 'turn'} aria-current={isCurrent ? 'true' : undefined}>
              <p class="muted">
                {isCurrent ? (
                  'This turn'
                ) : (
                  <Link to={interactionPath(turn.interaction_id)}>Turn {turn.turn_index + 1}</Link>
                )}{' '}
                · {time(turn.occurred_at)} {turn.worst_score !== null && <>· score {score(turn.worst_score, 2)}</>}
              </p>
              {turn.asked === null && turn.answered === null ? (
                <p class="muted">Text not kept by policy.</p>
              ) : (
                <>
                  <div class="said user">
                    <span class="who">User</span>
                    <ProductionText text={turn.asked ?? ''} />
                  </div>
                  <div class="said assistant">
                    <span class="who">Assistant</span>
                    <ProductionText text={turn.answered ?? ''} spans={isCurrent ? spans : []} />
                  </div>
                  {isCurrent && verdict !== null && <Seen verdict={verdict} />}
                </>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What else the judges saw: all messages, documents, calls. */
function Seen({ verdict: { interaction, redactions } }: { verdict: Verdict }): JSX.Element | null {
  if (interaction === null) return null;
  const { input, context, output } = interaction;
  return (
    <>
      {output.tool_calls.length > 0 && (
        <details>
          <summary>Tool calls ({output.tool_calls.length})</summary>
          {output.tool_calls.map(({ name, arguments: given, result }) => (
            <div class="said">
              <span class="who">
                <Name>{name}</Name>
              </span>
              <ProductionText text={result === null ? given : `${given}\n→ ${result}`} />
            </div>
          ))}
        </details>
      )}
      {context.length > 0 && (
        <details>
          <summary>Documents given ({context.length})</summary>
          {context.map(({ id, text }) => (
            <div class="said">
              <span class="who">
                <Name>{id}</Name>
              </span>
              <ProductionText text={text} />
            </div>
          ))}
        </details>
      )}
      <details>
        <summary>All that went in ({input.length} messages)</summary>
        {input.map(({ role, content }) => (
          <div class="said">
            <span class="who">{role}</span>
            <ProductionText text={content} />
          </div>
        ))}
      </details>
      {redactions.length > 0 && (
        <p class="muted">
          Redacted before anything was judged:{' '}
          {redactions.map(({ kind, count }) => `${words(kind)} (${count})`).join(', ')}
        </p>
      )}
    </>
  );
}

function Criteria({ criteria }: { criteria: readonly CriterionVerdict[] }): JSX.Element {
  return (
    <section aria-label="Verdicts">
      <h2>Judges, side by side</h2>
      {criteria.map((one) => (
        <div class="card">
          <h3>
            <Name>{one.criterion}</Name> {one.pass !== null && <Tag>{one.pass ? 'pass' : 'fail'}</Tag>}
            {one.result !== 'scored' && <Tag>{one.result}</Tag>}
          </h3>
          <p>{sentence(one)}</p>
          {one.result === 'scored' && <IntervalBar mean={one.score} lower={one.score} upper={one.score} />}
          <div class="judges">
            {one.cheap.map((answer) => (
              <Answer answer={answer} stage="cheap" />
            ))}
            {one.ensemble.map((answer) => (
              <Answer answer={answer} stage="ensemble" isOutlier={one.combined?.outlier_judge === answer.judge} />
            ))}
          </div>
        </div>
      ))}
    </section>
  );
}

/** The score in words. */
function sentence({
  result,
  unjudged_reason: reason,
  escalation,
  combined,
  score: value,
  ensemble,
  cheap,
}: CriterionVerdict): string {
  if (result === 'not_sampled') return 'Not judged: the conversation was not drawn.';
  if (result === 'not_applicable') return 'Does not apply to this interaction.';
  if (result === 'unjudged') return `No score: ${words(reason ?? 'error')}. It counts for nothing, not as a fail.`;
  const asked = ensemble.length > 0 ? ensemble : cheap;
  const answered = asked.filter((one) => one.score !== null);
  const against = answered.filter((one) => (one.score ?? 0) < 0.5).length;
  const route =
    escalation === null
      ? ''
      : escalation.escalated
        ? ` Escalated for ${words(escalation.reason ?? 'the audit')} with probability ${score(escalation.probability, 2)}.`
        : ` Kept at the cheap judge; it would have been escalated with probability ${score(escalation.probability, 2)}.`;
  const split = combined === null ? '' : ` Disagreement ${score(combined.disagreement, 2)}.`;
  return `${against} of ${answered.length} judges failed it; probability of a pass ${score(value, 2)}.${split}${route}`;
}

function Answer({
  answer,
  stage,
  isOutlier = false,
}: {
  answer: JudgeAnswer;
  stage: string;
  isOutlier?: boolean;
}): JSX.Element {
  const {
    judge,
    family,
    outcome,
    score: value,
    confidence,
    rationale,
    cost_usd: cost,
    ms,
    reported_version: version,
  } = answer;
  return (
    <div class="judge">
      <p>
        <strong>
          <Name>{judge}</Name>
        </strong>{' '}
        <span class="muted">
          {family}, {stage}
        </span>
      </p>
      <p>
        {outcome === 'scored' ? (
          <Tag tone={(value ?? 0) >= 0.5 ? 'good' : 'bad'}>{score(value, 2)}</Tag>
        ) : (
          <Tag tone="warn">{outcome}</Tag>
        )}{' '}
        {isOutlier && <Tag tone="warn">outlier</Tag>}
      </p>
      {rationale === null ? <p class="muted">No rationale.</p> : <ProductionText text={rationale} />}
      <p class="muted">
        sure {percent(confidence, 0)} · {usd(cost)} · {Math.round(ms)} ms{version === null ? '' : ` · ${version}`}
      </p>
    </div>
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
