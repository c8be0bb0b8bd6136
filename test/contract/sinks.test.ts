import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileDeadLetterSink, createFileVerdictSink } from '../../src/outputs/file-sinks';
import { fromJson, toJson } from '../support/json-codec';
import { sinkContract } from './sinks-suite';

function linesOf(path: string): unknown[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n').filter(Boolean).map(fromJson);
}

function inFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sinks-'));
  const path = join(folder, 'out', 'lines.jsonl');
  return {
    path,
    published: () => Promise.resolve(linesOf(path)),
    close: () => Promise.resolve(rmSync(folder, { recursive: true })),
  };
}

sinkContract('files', {
  verdicts() {
    const { path, ...rest } = inFolder();
    return Promise.resolve({ open: () => createFileVerdictSink({ path, toJson }), ...rest });
  },
  deadLetters() {
    const { path, ...rest } = inFolder();
    return Promise.resolve({ open: () => createFileDeadLetterSink({ path, toJson }), ...rest });
  },
});
