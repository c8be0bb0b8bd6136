import type { LoadedConfig } from '../config/load';
import { isSecretKey } from '../config/secrets';
import { resetsOf } from '../watch/resets';
import { foldOptionsOf } from './ledger/fold';

/** Field names are part of the interface of `config diff --json`. */
export interface ConfigDiff {
  readonly same_meaning: boolean;
  readonly changes: readonly ConfigChange[];
  /** Changed sections that only a start reads; a reload with one of them is refused. */
  readonly needs_restart: readonly string[];
  /** Series whose baseline is thrown away. */
  readonly resets: {
    readonly all: boolean;
    /** Criteria whose scores mean something else. */
    readonly criteria: readonly string[];
    /** Criteria whose operating point is another: what the cheap stage keeps is held to that, without learning. */
    readonly points: readonly string[];
    /** Closed sessions of a series until it is watched again; null when nothing restarts. */
    readonly blind_sessions: number | null;
    /** The same in days, at the given sessions per day. */
    readonly blind_days: number | null;
  };
  /** How many times as much as before is judged, for the sampling rate and the number of criteria. */
  readonly judging_factor: number;
}

export interface ConfigChange {
  readonly path: string;
  /** JSON text; null = not there. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What is read again while running. All else only at start: ports, brokers, topics, the window, the budget, who we are. */
const RELOADED: readonly string[] = [
  'segments',
  'sampling',
  'privacy',
  'checks',
  'criteria',
  'judges',
  'models',
  'cascade',
  'sessions',
  'watch',
  'detectors',
  'alerts',
  'replay',
];

/** What a change of configuration does, without doing it. `sessionsPerDay`: of a typical series; null when not known. */
export function diffConfigs(before: LoadedConfig, after: LoadedConfig, sessionsPerDay: number | null): ConfigDiff {
  const changes = changesOf('', before.config, after.config);
  const { all, criteria, points } = resetsOf(foldOptionsOf(before.config), foldOptionsOf(after.config));
  const blind = all || criteria.length > 0 ? after.config.detectors.reference : null;
  return {
    same_meaning: before.hash === after.hash,
    changes,
    needs_restart: restartSections(before, after),
    resets: {
      all,
      criteria,
      points,
      blind_sessions: blind,
      blind_days: blind === null || sessionsPerDay === null ? null : blind / sessionsPerDay,
    },
    judging_factor: judged(after) / judged(before),
  };
}

/** Sections that differ and that only a start reads. */
export function restartSections({ config: before }: LoadedConfig, { config: after }: LoadedConfig): string[] {
  const changed = changesOf('', before, after).map(({ path }) => path.split('.', 1)[0] ?? path);
  return [...new Set(changed)].filter((section) => !RELOADED.includes(section));
}

function judged({ config }: LoadedConfig): number {
  return config.sampling.rate * config.criteria.length;
}

function changesOf(path: string, from: unknown, to: unknown): ConfigChange[] {
  const [before, after] = [toTree(from), toTree(to)];
  if (before !== null && after !== null) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !isSecretKey(key));
    return keys.flatMap((key) => changesOf(path === '' ? key : `${path}.${key}`, before[key], after[key]));
  }
  const [textBefore, textAfter] = [textOf(from), textOf(to)];
  return textBefore === textAfter ? [] : [{ path, from: textBefore, to: textAfter }];
}

/** Lists of named things go by name, so that one that was put in front does not change all the others. */
function toTree(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  const named = value.filter(isNamed);
  return named.length === value.length && named.length > 0
    ? Object.fromEntries(named.map((one) => [one.name, one]))
    : null;
}

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}

/** White space in rubrics changes nothing. */
function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  return JSON.stringify(typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : value);
}
