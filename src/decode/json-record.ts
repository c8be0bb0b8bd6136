import { isUtf8 } from 'node:buffer';
import { err, ok, type Result } from '../domain/result';
import { parseSafeJson } from './json-safety';
import type { DecodeFault } from './port';

/**
 * JSON bytes to a value: valid UTF-8 (a byte order mark is passed over), nested at most `maxDepth` levels, no key that
 * could reach a prototype. Of duplicate keys the last one wins, as everywhere in JavaScript.
 */
export function parseJsonRecord(bytes: Buffer, maxDepth: number): Result<unknown, DecodeFault> {
  if (!isUtf8(bytes)) return fault('undecodable', 'wanted UTF-8, saw other bytes');
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const parsed = parseSafeJson(bytes.toString('utf8', start), maxDepth);
  if ('value' in parsed) return ok(parsed.value);
  switch (parsed.fault) {
    case 'syntax':
      return fault('undecodable', 'wanted JSON, saw other text');
    case 'depth':
      return fault('too_deep', `wanted at most ${maxDepth} levels, saw more`);
    case 'prototype':
      return fault('invalid', 'wanted harmless keys, saw a prototype key');
  }
}

function fault(reason: DecodeFault['reason'], detail: string): Result<never, DecodeFault> {
  return err({ reason, detail, schemaId: null });
}
