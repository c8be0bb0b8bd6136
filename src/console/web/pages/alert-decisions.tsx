import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError, write } from '../api';
import type { AlertDetail, Me } from '../../answers';
import { time, words } from '../format';
import { Tag } from '../parts';
import { useRead } from '../use-read';

const CAUSES = ['product', 'judge', 'traffic', 'labels', 'users', 'false_alarm'] as const;
const ACTIONS = [
  ['acknowledge', 'Someone is looking'],
  ['cause_found', 'The cause is found'],
  ['accept', 'Accept the new level'],
] as const;

/** What was decided, and deciding. Acknowledging resolves nothing; accepting a level changes a baseline. */
export function Decide({ detail, again }: { detail: AlertDetail; again: () => void }): JSX.Element {
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
