import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { MonitorError } from '../domain/error';
import { type AuthOptions, ROLE_NAMES, type RoleName } from './options';
import type { Principal } from './principal';

export interface Asking {
  readonly headers: IncomingHttpHeaders;
  /** Address of the other end of the connection. */
  readonly address: string;
  readonly method: string;
}

/** `unknown`: nobody we know (401). `foreign`: a page of another site, or another name of this host, is asking (403). */
export type Identified = Principal | 'unknown' | 'foreign';

/** Loopback without configured auth: whoever can reach it is the owner of the machine. */
const LOCAL: Principal = { name: 'local', role: 'admin', segments: [] };
const LEAST_TOKEN = 16;
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Tells who asks. Without `auth` everyone on loopback is the local admin, so requests that a browser makes for a page of
 * another origin are refused: by `Host` (DNS rebinding) and, where something is changed, by `Origin` and `Sec-Fetch-Site`.
 * Throws CONFIG_INVALID for a token that could be guessed.
 */
export function createAccess(
  auth: AuthOptions | null,
  tokenOf: (variable: string) => string,
): (asking: Asking) => Identified {
  const tokens = (auth?.tokens ?? []).map(({ name, role, segments, tokenEnv }) => {
    const token = tokenOf(tokenEnv);
    if (token.length < LEAST_TOKEN) {
      const message = `the token in ${tokenEnv} has ${token.length} characters, wanted at least ${LEAST_TOKEN}`;
      throw new MonitorError('CONFIG_INVALID', message);
    }
    return { digest: digestOf(token), principal: { name, role, segments } };
  });
  const proxy = auth?.proxy;

  return (asking) => {
    const { headers, address } = asking;
    if (isForeign(asking)) return 'foreign';
    if (auth === null) return LOOPBACK_HOST.test(headers.host ?? '') ? LOCAL : 'foreign';
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (token !== undefined) {
      const digest = digestOf(token);
      // Every token is compared, each in constant time.
      const found = tokens.filter((one) => timingSafeEqual(one.digest, digest));
      return found[0]?.principal ?? 'unknown';
    }
    if (proxy === undefined || !proxy.trusted.includes(plainAddress(address))) return 'unknown';
    const user = headers[proxy.userHeader.toLowerCase()];
    if (typeof user !== 'string' || user === '') return 'unknown';
    const own = proxy.users.find((one) => one.user === user);
    if (own !== undefined) return { name: user, role: own.role, segments: own.segments };
    return proxy.otherwise === 'none' ? 'unknown' : { name: user, role: proxy.otherwise, segments: [] };
  };
}

/** A browser says from where it asks; programs say nothing. */
function isForeign({ headers, method }: Asking): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
}

export function mayDo(role: RoleName, needed: RoleName): boolean {
  return ROLE_NAMES.indexOf(role) >= ROLE_NAMES.indexOf(needed);
}

/** Whether someone who may see these segments may see this one; a cross is seen by who may see one of its parts. */
export function maySee({ segments }: Principal, label: string): boolean {
  if (segments.length === 0) return true;
  const parts = partsOf(label);
  return segments.some((allowed) => allowed === label || partsOf(allowed).every((part) => parts.includes(part)));
}

/** The same of something about several dimensions, e.g. a release in one country; about none, it is everybody's. */
export function maySeeAbout(principal: Principal, about: Readonly<Record<string, string>>): boolean {
  const all = Object.entries(about);
  return all.length === 0 || all.some(([dimension, value]) => maySee(principal, `${dimension}=${value}`));
}

function partsOf(label: string): string[] {
  const at = label.indexOf('=');
  if (at < 0) return [label];
  const dimensions = label.slice(0, at).split('+');
  const values = label.slice(at + 1).split('+');
  return dimensions.length === values.length ? dimensions.map((name, i) => `${name}=${values[i]}`) : [label];
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** IPv4 addresses come mapped into IPv6. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
