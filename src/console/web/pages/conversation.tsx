import type { JSX } from 'preact';
import type { Turn, Verdict } from '../../answers';
import { score, time, words } from '../format';
import { Documents, Name, ProductionText } from '../parts';
import { interactionPath, Link } from '../router';

/** The turns of a conversation, the one at hand with what its judges saw and what its checks marked. */
export function Conversation({
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
      <Documents given={context} />
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
