import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, write } from '../api';
import type { Judged, ReviewItem, Reviews } from '../../answers';
import { score, words } from '../format';
import { Await, Documents, Name, ProductionText, Tag } from '../parts';
import { interactionPath, Link } from '../router';
import { useRead } from '../use-read';

const KEYS = [
  ['p', 'Pass'],
  ['f', 'Fail'],
  ['c', 'Cannot tell'],
] as const;
type Key = (typeof KEYS)[number][0];

/** One item at a time, by keyboard; what the judges said comes only after the label is saved. */
export function ReviewsPage(): JSX.Element {
  const reading = useRead<Reviews>('/reviews', { limit: 10 });
  return (
    <>
      <h1>Review</h1>
      <Await reading={reading}>{(queue) => <Queue queue={queue} again={reading.again} />}</Await>
    </>
  );
}

interface Saved {
  readonly item: ReviewItem;
  readonly key: Key;
  readonly judged: Judged;
}

function Queue({ queue, again }: { queue: Reviews; again: () => void }): JSX.Element {
  const [done, setDone] = useState<readonly Saved[]>([]);
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const [comment, setComment] = useState('');
  const [problem, setProblem] = useState('');
  const keyOf = ({ interaction_id: id, criterion }: ReviewItem): string => `${id}/${criterion}`;
  const isOpen = (item: ReviewItem): boolean =>
    !done.some((one) => keyOf(one.item) === keyOf(item)) && !skipped.includes(keyOf(item));
  const item = queue.rows.find(isOpen);
  const save = (key: Key): void => {
    if (item === undefined) return;
    const said = key === 'c' ? { outcome: 'cannot_tell' } : { outcome: 'labelled', value: key === 'p' ? 1 : 0 };
    const body = {
      interaction_id: item.interaction_id,
      criterion: item.criterion,
      ...said,
      ...(comment.trim() === '' ? {} : { comment }),
    };
    write<Judged>('/reviews', body).then(
      (judged) => {
        setDone((before) => [{ item, key, judged }, ...before]);
        setComment('');
        setProblem('');
      },
      (failure: unknown) => setProblem(failure instanceof ApiError ? failure.message : 'It could not be saved.'),
    );
  };
  const skip = (): void => {
    if (item !== undefined) setSkipped((before) => [...before, keyOf(item)]);
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      const key = KEYS.find(([name]) => name === event.key)?.[0];
      if (key !== undefined) save(key);
      else if (event.key === 's') skip();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  return (
    <>
      <p class="muted">
        <span data-test="left">{queue.left - done.length}</span> waiting · {queue.labelled + done.length} labelled by
        you. <kbd>p</kbd> pass, <kbd>f</kbd> fail, <kbd>c</kbd> cannot tell, <kbd>s</kbd> skip.
      </p>
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {item === undefined ? (
        <p>
          Nothing is left of this batch.{' '}
          <button
            type="button"
            onClick={() => {
              setDone([]);
              setSkipped([]);
              again();
            }}
          >
            Next batch
          </button>
        </p>
      ) : (
        <article class="card" data-test="item">
          <h2>
            <Name>{item.criterion}</Name>
          </h2>
          {item.rubric !== null && <p>{item.rubric}</p>}
          {item.conversation.map(({ role, content }) => (
            <div class={`said ${role}`}>
              <span class="who">{role}</span>
              <ProductionText text={content} />
            </div>
          ))}
          <Documents given={item.context} />
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault();
            }}
          >
            <label class="wide">
              Comment (optional)
              <input value={comment} maxLength={2000} onInput={(event) => setComment(event.currentTarget.value)} />
            </label>
            {KEYS.map(([key, title]) => (
              <button type="button" onClick={() => save(key)} aria-keyshortcuts={key}>
                {title}
              </button>
            ))}
            <button type="button" class="quiet" onClick={skip} aria-keyshortcuts="s">
              Skip
            </button>
          </form>
        </article>
      )}
      <Done done={done} />
    </>
  );
}

function Done({ done }: { done: readonly Saved[] }): JSX.Element | null {
  if (done.length === 0) return null;
  return (
    <section aria-live="polite" data-test="done">
      <h2>Saved, and what the judges said</h2>
      <ul>
        {done.map(({ item, key, judged }) => (
          <li>
            <Link to={interactionPath(item.interaction_id)}>
              <Name>{item.interaction_id}</Name>
            </Link>{' '}
            <Name>{item.criterion}</Name>: you {words(KEYS.find(([name]) => name === key)?.[1].toLowerCase() ?? '')},
            judges <Tag>{judged.pass === null ? 'unjudged' : judged.pass ? 'pass' : 'fail'}</Tag>{' '}
            {score(judged.score, 2)}
            <span class="muted"> ({judged.judges.map((one) => `${one.judge} ${score(one.score, 2)}`).join(', ')})</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
