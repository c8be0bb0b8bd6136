import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { queryText } from '../api';
import type { InteractionRow, Page } from '../../answers';
import { Await } from '../parts';
import { go, Link, type Place } from '../router';
import { useRead } from '../use-read';
import { InteractionTable } from './interaction-table';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly options?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'q', label: 'Words or id', hint: 'words of the user or the answer, or an id' },
  { name: 'segment', label: 'Segment', hint: 'product=support' },
  { name: 'criterion', label: 'Criterion' },
  { name: 'result', label: 'Result', options: ['', 'pass', 'fail', 'unjudged'] },
  { name: 'min_score', label: 'Score from', hint: '0' },
  { name: 'max_score', label: 'to', hint: '1' },
  { name: 'min_disagreement', label: 'Split from', hint: '0.5' },
  { name: 'check', label: 'Failed check', hint: 'refusal' },
  { name: 'conversation', label: 'Conversation' },
  { name: 'user', label: 'User hash' },
  { name: 'from', label: 'From (UTC)', hint: '2026-11-02T08:00Z' },
  { name: 'to', label: 'To (UTC)' },
  { name: 'order', label: 'Order', options: ['recent', 'worst', 'disagreement'] },
];

/** `/search?…`: the address holds the whole question. */
export function SearchPage({ place }: { place: Place }): JSX.Element {
  const asked = Object.fromEntries(place.query);
  return (
    <>
      <h1>Search</h1>
      <Question key={place.query.toString()} asked={asked} />
      <Found asked={asked} />
    </>
  );
}

function Question({ asked }: { asked: Readonly<Record<string, string>> }): JSX.Element {
  const [values, setValues] = useState<Record<string, string>>({ ...asked });
  const set = (name: string, value: string): void => setValues((before) => ({ ...before, [name]: value }));
  const { after: _, ...question } = values;
  return (
    <form
      class="row search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        go(`/search${queryText(question)}`);
      }}
    >
      {FIELDS.map(({ name, label, hint, options }) => (
        <label class={name === 'q' ? 'wide' : ''}>
          {label}
          {options === undefined ? (
            <input
              value={values[name] ?? ''}
              placeholder={hint}
              onInput={(event) => set(name, event.currentTarget.value)}
            />
          ) : (
            <select value={values[name] ?? ''} onChange={(event) => set(name, event.currentTarget.value)}>
              {options.map((option) => (
                <option value={option}>{option === '' ? 'any' : option}</option>
              ))}
            </select>
          )}
        </label>
      ))}
      <button type="submit">Search</button>
    </form>
  );
}

function Found({ asked }: { asked: Readonly<Record<string, string>> }): JSX.Element {
  const reading = useRead<Page<InteractionRow>>('/interactions', { limit: 50, ...asked });
  return (
    <Await reading={reading}>
      {({ rows, next }) => (
        <>
          <p class="muted" role="status">
            {rows.length === 0 ? 'Nothing matches.' : `${rows.length}${next === null ? '' : ' and more'}`}
          </p>
          {rows.length > 0 && <InteractionTable rows={rows} caption="Interactions found" />}
          {next !== null && <Link to={`/search${queryText({ ...asked, after: next })}`}>More</Link>}
        </>
      )}
    </Await>
  );
}
