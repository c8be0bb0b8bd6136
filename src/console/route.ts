import type { Principal } from './principal';
import type { RoleName } from './options';

/** One kind of request that the API answers. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/alerts/{id}` below `/api/v1`; `{name}` stands for one segment of the path. */
  readonly path: string;
  /** The least that the asker must be. */
  readonly role: RoleName;
  /**
   * `own`: answers about the segments that the asker may see, and those alone. `all`: is about everything, so whoever may see
   * some segments only is refused.
   */
  readonly scope: 'own' | 'all';
  readonly summary: string;
  /** Query parameters, each with what it means. */
  readonly query?: Readonly<Record<string, string>>;
  /** Fields of the JSON body, each with what it means. */
  readonly body?: Readonly<Record<string, string>>;
  /** What a good answer holds. */
  readonly answer: string;
  readonly handle: (call: Call) => Promise<Answer> | Answer;
}

export interface Call {
  /** What the path's placeholders stand for, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

/** A value that becomes JSON, JSON that is ready, or text; or why not. */
export type Answer =
  | { readonly status: 200 | 201; readonly json: unknown }
  | { readonly status: 200; readonly rawJson: string }
  | { readonly status: 200; readonly text: string; readonly type: string }
  | { readonly status: 400 | 403 | 404 | 409 | 503; readonly problem: string };

/** `T` is the shape that the page knows, see answers.ts. */
export function found<T>(json: T): Answer {
  return { status: 200, json };
}

export function problem(status: 400 | 403 | 404 | 409 | 503, text: string): Answer {
  return { status, problem: text };
}
