import { dataFile, readRows } from '../support/data';

interface MistakeRow {
  readonly human_label: string;
  readonly response_model: string;
  readonly verdicts: readonly { readonly judge: string; readonly prompt: string; readonly parsed: string | null }[];
}

interface EvounaRow {
  readonly improper: boolean;
  readonly answers: readonly { readonly model: string; readonly human_correct: boolean | null }[];
}

/** A judged answer: what people say and what each judge and prompt says, 1 = fine, null = unreadable. */
export interface JudgedAnswer {
  readonly human: number;
  readonly model: string;
  readonly verdictOf: (judge: string) => number | null;
}

/** `verdictOf` takes "judge/prompt". Null when the file is absent. */
export function mistakeAnswers(): JudgedAnswer[] | null {
  const path = dataFile('realmistake');
  if (path === null) return null;
  return readRows<MistakeRow>(path).map((row) => {
    const verdicts = new Map(row.verdicts.map((v) => [`${v.judge}/${v.prompt}`, toScore(v.parsed)]));
    return {
      human: row.human_label === 'no_error' ? 1 : 0,
      model: row.response_model,
      verdictOf: (judge) => verdicts.get(judge) ?? null,
    };
  });
}

/** Answers of each model with people's verdicts, improper questions and missing answers left out; null without the file. */
export function evounaVerdicts(): Map<string, number[]> | null {
  const path = dataFile('evouna');
  if (path === null) return null;
  const byModel = new Map<string, number[]>();
  for (const { answers } of readRows<EvounaRow>(path).filter((row) => !row.improper)) {
    for (const { model, human_correct: right } of answers) {
      if (right === null) continue;
      byModel.set(model, [...(byModel.get(model) ?? []), Number(right)]);
    }
  }
  return byModel;
}

function toScore(parsed: string | null): number | null {
  return parsed === null ? null : parsed === 'no_error' ? 1 : 0;
}
