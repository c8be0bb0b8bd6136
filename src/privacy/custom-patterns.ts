import { RE2JS } from 're2js';
import type { PrivacyOptions } from './options';
import type { FoundSpan } from './span';

/** A pattern of the configuration, compiled by an engine whose time is linear in the text whatever the pattern. */
export interface CustomPattern {
  readonly name: string;
  find(text: string, out: FoundSpan[]): void;
}

export interface PatternFault {
  /** Position in `privacy.patterns`. */
  readonly index: number;
  readonly name: string;
  readonly problem: string;
}

/** What is wrong with `privacy.patterns`: no RE2 syntax, or a name used twice. Empty = nothing. */
export function patternFaults(options: PrivacyOptions): readonly PatternFault[] {
  const faults: PatternFault[] = [];
  const names = new Set<string>(options.redact);
  options.patterns.forEach(({ name, pattern }, index) => {
    const compiled = compile(pattern);
    if (typeof compiled === 'string') faults.push({ index, name, problem: compiled });
    if (names.has(name)) faults.push({ index, name, problem: `the name \`${name}\` is taken` });
    names.add(name);
  });
  return faults;
}

/** Throws on a pattern that `patternFaults` would have reported: a start with a hole in the redaction must not succeed. */
export function compilePatterns(options: PrivacyOptions): readonly CustomPattern[] {
  return options.patterns.map(({ name, pattern }) => {
    const compiled = compile(pattern);
    if (typeof compiled === 'string') throw new Error(`privacy.patterns: \`${name}\`: ${compiled}`);
    return { name, find: (text, out) => findMatches(compiled, name, text, out) };
  });
}

function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : 'not a pattern in RE2 syntax';
  }
}

/** Every match without the placeholders in it, so that a pattern like `.+` finds nothing the second time. */
function findMatches(pattern: RE2JS, kind: string, text: string, out: FoundSpan[]): void {
  const matcher = pattern.matcher(text);
  while (matcher.find()) {
    const end = matcher.end();
    let start = matcher.start();
    if (end <= start) continue;
    PLACEHOLDER.lastIndex = Math.max(0, start - LONGEST_PLACEHOLDER);
    for (let hit = PLACEHOLDER.exec(text); hit !== null && hit.index < end; hit = PLACEHOLDER.exec(text)) {
      if (PLACEHOLDER.lastIndex <= start) continue;
      if (hit.index > start) out.push({ start, end: hit.index, kind });
      start = PLACEHOLDER.lastIndex;
    }
    if (start < end) out.push({ start, end, kind });
  }
}

const PLACEHOLDER = /\[[a-z][a-z0-9_]{0,31}\]/g;
const LONGEST_PLACEHOLDER = 34;
