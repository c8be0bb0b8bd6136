import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ReviewItem } from '../answers';
import { type ApiError, keepToken } from './api';
import { markText, safeHref, type TextSpan, visibleText } from './plain-text';
import type { Reading } from './use-read';
import { words } from './format';

/** Text of production: a text node and nothing else, in a direction of its own, with what could deceive made visible. */
export function ProductionText({ text, spans = [] }: { text: string; spans?: readonly TextSpan[] }): JSX.Element {
  return (
    <div class="production" dir="auto">
      {markText(text, spans).map(({ text: part, mark }) =>
        mark === null ? part : <mark title={`evidence of ${mark}`}>{part}</mark>,
      )}
    </div>
  );
}

/** A short name or id that comes from a producer. */
export function Name({ children }: { children: string }): JSX.Element {
  return <bdi>{visibleText(children)}</bdi>;
}

/** The documents that a model was given to answer from; nothing where there were none. */
export function Documents({ given }: { given: ReviewItem['context'] }): JSX.Element | null {
  if (given.length === 0) return null;
  return (
    <details>
      <summary>Documents given ({given.length})</summary>
      {given.map(({ id, text }) => (
        <div class="said">
          <span class="who">
            <Name>{id}</Name>
          </span>
          <ProductionText text={text} />
        </div>
      ))}
    </details>
  );
}

/** Leads out of the console; nothing is told about where it came from. Not a link where it is no web address. */
export function Out({
  href,
  children,
}: {
  href: string | null | undefined;
  children: ComponentChildren;
}): JSX.Element | null {
  const safe = safeHref(href);
  if (safe === null) return null;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer">
      {children} <span aria-hidden="true">↗</span>
    </a>
  );
}

const TONE: Readonly<Record<string, string>> = {
  firing: 'bad',
  page: 'bad',
  fail: 'bad',
  worse: 'bad',
  abandoned: 'bad',
  pending: 'warn',
  ticket: 'warn',
  unjudged: 'warn',
  no_data: 'warn',
  found: 'warn',
  'not ruled out': 'warn',
  resolved: 'good',
  pass: 'good',
  better: 'good',
  satisfied: 'good',
};

/** A state in a word; never by colour alone. */
export function Tag({ children, tone }: { children: string; tone?: string }): JSX.Element {
  return <span class={`tag ${tone ?? TONE[children] ?? ''}`}>{words(children)}</span>;
}

/** What is being read, what went wrong, or the thing itself. */
export function Await<T>({
  reading,
  children,
}: {
  reading: Reading<T>;
  children: (value: T) => ComponentChildren;
}): JSX.Element {
  const { value, error, again } = reading;
  if (value !== null) {
    return (
      <>
        {error !== null && <Problem error={error} again={again} />}
        {children(value)}
      </>
    );
  }
  if (error !== null) return <Problem error={error} again={again} />;
  return (
    <p class="muted" role="status">
      Loading…
    </p>
  );
}

function Problem({ error, again }: { error: ApiError; again: () => void }): JSX.Element {
  const [token, setToken] = useState('');
  if (error.status === 401) {
    return (
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          keepToken(token);
          again();
        }}
      >
        <label>
          This console asks for a token
          <input
            type="password"
            autoComplete="current-password"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Use it in this tab</button>
      </form>
    );
  }
  return (
    <p class="problem" role="alert">
      {visibleText(error.message)}{' '}
      <button type="button" class="quiet" onClick={again}>
        Try again
      </button>
    </p>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A table that scrolls by itself where it is wider than the screen. */
export function Table({
  caption,
  head,
  children,
}: {
  caption: string;
  head: readonly string[];
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
