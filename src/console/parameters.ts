import { MAX_PAGE, type PageRequest } from '../store/port-search';

/** A parameter that cannot be used; the answer is 400 with this text. */
export class BadParameter extends Error {}

export function textOf(query: URLSearchParams, name: string): string | undefined {
  const text = query.get(name);
  return text === null || text === '' ? undefined : text;
}

export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new BadParameter(`${name}: wanted a number`);
  return value;
}

/** A time as ISO 8601 or in milliseconds since 1970. */
export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = textOf(query, name);
  return text === undefined ? undefined : parseTime(text, name);
}

export function parseTime(text: string, name: string): number {
  const value = /^\d{10,16}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(value)) throw new BadParameter(`${name}: wanted a time such as 2026-11-02T08:00:00Z`);
  return value;
}

export function oneOf<T extends string>(query: URLSearchParams, name: string, allowed: readonly T[]): T | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const value = allowed.find((one) => one === text);
  if (value === undefined) throw new BadParameter(`${name}: wanted ${allowed.join(', ')}`);
  return value;
}

const USUAL_PAGE = 50;

export function pageOf(query: URLSearchParams): PageRequest {
  const limit = numberOf(query, 'limit') ?? USUAL_PAGE;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new BadParameter(`limit: wanted a whole number from 1 to ${MAX_PAGE}`);
  }
  return { limit, after: textOf(query, 'after') };
}

/** A text of a JSON body, at most `most` characters. */
export function bodyText(body: Readonly<Record<string, unknown>>, name: string, most = 2_000): string {
  const value = body[name];
  if (typeof value !== 'string' || value.trim() === '') throw new BadParameter(`${name}: wanted a text`);
  if (value.length > most) throw new BadParameter(`${name}: wanted at most ${most} characters`);
  return value;
}

export function optionalText(body: Readonly<Record<string, unknown>>, name: string, most = 2_000): string | null {
  return body[name] === undefined || body[name] === null ? null : bodyText(body, name, most);
}

export function bodyOneOf<T extends string>(
  body: Readonly<Record<string, unknown>>,
  name: string,
  allowed: readonly T[],
): T {
  const value = allowed.find((one) => one === body[name]);
  if (value === undefined) throw new BadParameter(`${name}: wanted ${allowed.join(', ')}`);
  return value;
}

export const PAGE_QUERY = {
  limit: `rows per page, 1 to ${MAX_PAGE}, usually ${USUAL_PAGE}`,
  after: 'the `next` of the page before',
} as const;
