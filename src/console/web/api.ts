/** The one door to the server. Rejects with `ApiError` for every answer that is not a good one. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Kept for this tab only; gone when it closes. */
const TOKEN = 'plumbline-token';

export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

export type Query = Readonly<Record<string, string | number | null | undefined>>;

/** `path` below `/api/v1`; parameters that are empty are left out. */
export async function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return ask<T>('GET', `${path}${queryText(query)}`, undefined, signal);
}

export async function write<T>(path: string, body: object): Promise<T> {
  return ask<T>('POST', path, JSON.stringify(body));
}

export function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

async function ask<T>(method: string, path: string, body?: string, signal?: AbortSignal): Promise<T> {
  const token = sessionStorage.getItem(TOKEN);
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const answer = parse(text);
  if (response.ok && answer !== null) return answer as T;
  const problem = typeof answer === 'object' && answer !== null && 'problem' in answer ? String(answer.problem) : '';
  throw new ApiError(response.status, problem === '' ? `the server answered ${response.status}` : problem);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
