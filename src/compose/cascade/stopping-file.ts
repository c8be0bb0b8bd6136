import { existsSync, readFileSync } from 'node:fs';
import { type Result, err } from '../../domain/result';
import { type LearnedAsking, parseLearnedAsking } from '../../judge/learned-asking';

/** The rule of `cascade.stopping`; an error says what is wrong with the file. */
export function readStoppingFile(file: string): Result<LearnedAsking, string> {
  if (!existsSync(file)) return err('there is no such file');
  return parseLearnedAsking(readFileSync(file, 'utf8'));
}
