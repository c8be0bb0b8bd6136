import { existsSync, statSync, writeFileSync } from 'node:fs';
import type { MonitorConfig } from '../../config/config';
import { MonitorError } from '../../domain/error';
import { type AskedVerdict, type LearnedCriterion, learnAsking } from '../../judge/learn-asking';
import { learnedVersion } from '../../judge/learned-asking';
import { readLines } from '../../platform/line-reader';
import { verdictFromJson } from '../codecs';
import { verdictsOf } from '../data-directory';

export interface JudgesLearnOptions {
  readonly config: Pick<MonitorConfig, 'criteria' | 'cascade'>;
  /** A data directory, or a file of verdicts, one JSON object a line. */
  readonly verdicts: string;
  readonly out: string;
  /** Most that judging may cost, as a share of always asking everyone. */
  readonly costShare: number;
  /** Segments whose values get rules of their own. */
  readonly partOf: readonly string[];
}

export interface JudgesLearnReport {
  readonly version: string;
  readonly verdicts: number;
  readonly criteria: readonly LearnedCriterion[];
}

/** Learns the rule of `asking: learned` from verdicts written before, and writes it. */
export async function learnFromVerdicts(options: JudgesLearnOptions): Promise<JudgesLearnReport> {
  if (!existsSync(options.verdicts)) throw new MonitorError('USAGE', `${options.verdicts}: there is no such file`);
  const isDirectory = statSync(options.verdicts).isDirectory();
  const verdicts: AskedVerdict[] = [];
  await readLines({
    path: isDirectory ? verdictsOf(options.verdicts) : options.verdicts,
    from: 0n,
    follow: false,
    onLines: (lines) => {
      for (const { text } of lines) {
        const { criteria, interaction } = verdictFromJson(text);
        verdicts.push({ criteria, segments: interaction?.segments ?? {} });
      }
    },
  }).done;
  const { criteria, cascade } = options.config;
  const { costShare, partOf } = options;
  const { learned, report } = learnAsking(verdicts, { criteria, cascade, costShare, partOf });
  writeFileSync(options.out, `${JSON.stringify(learned)}\n`);
  return { version: learnedVersion(learned), verdicts: verdicts.length, criteria: report };
}
