import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError, type Query, queryText, read } from './api';

export interface Reading<T> {
  /** The last good answer; null before the first. */
  readonly value: T | null;
  readonly error: ApiError | null;
  readonly again: () => void;
}

/** Reads once, and again whenever the question changes; a null path asks nothing. */
export function useRead<T>(path: string | null, query: Query = {}): Reading<T> {
  const [state, setState] = useState<{ key: string; value: T | null; error: ApiError | null }>({
    key: '',
    value: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const key = path === null ? '' : `${path}${queryText(query)}`;
  useEffect(() => {
    if (key === '') return;
    const stop = new AbortController();
    read<T>(key, {}, stop.signal).then(
      (value) => setState({ key, value, error: null }),
      (failure: unknown) => {
        if (stop.signal.aborted) return;
        const error = failure instanceof ApiError ? failure : new ApiError(0, 'the server cannot be reached');
        setState((before) => ({ key, value: before.key === key ? before.value : null, error }));
      },
    );
    return () => stop.abort();
  }, [key, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const isCurrent = state.key === key;
  return { value: isCurrent ? state.value : null, error: isCurrent ? state.error : null, again };
}
