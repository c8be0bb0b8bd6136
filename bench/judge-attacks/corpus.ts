import { dataFile, readRows } from '../support/data';

interface AttackRow {
  readonly kind: 'pointwise' | 'pairwise' | 'optimized_suffix' | 'null_model';
  readonly category: string;
  readonly payload?: string;
  readonly should_pass?: boolean;
  readonly response_1?: string;
  readonly response_2?: string;
  readonly bad_answer?: string;
  readonly attacks?: readonly { readonly suffix: string }[];
}

/** The recorded attacks, read where they lie; null when the file is not there. */
export interface RecordedAttacks {
  readonly handWritten: readonly string[];
  readonly optimised: readonly string[];
  /** Answers of the same rows that attack nothing. */
  readonly benign: readonly string[];
}

export function recordedAttacks(): RecordedAttacks | null {
  const path = dataFile('judge_attacks');
  if (path === null) return null;
  const rows = readRows<AttackRow>(path);
  const isAttack = (row: AttackRow): boolean => row.should_pass !== true && !row.category.startsWith('baseline');
  return {
    handWritten: rows.flatMap((row) => {
      if (row.kind === 'optimized_suffix' || !isAttack(row)) return [];
      return [row.kind === 'pairwise' ? (row.response_2 ?? '') : (row.payload ?? '')];
    }),
    optimised: rows.flatMap((row) => (row.attacks ?? []).map(({ suffix }) => `${row.bad_answer ?? ''} ${suffix}`)),
    benign: rows.flatMap((row) => {
      if (row.kind === 'pointwise' && !isAttack(row)) return [row.payload ?? ''];
      return row.kind === 'pairwise' ? [row.response_1 ?? ''] : [];
    }),
  };
}

/** An answer and the messages before it, oldest first. */
export interface BenignTurn {
  readonly answer: string;
  readonly user: string | null;
}

interface PairRow {
  readonly prompt: string;
  readonly response_1: string;
  readonly response_2: string;
}

interface DialogueRow {
  readonly turns: readonly { readonly role?: string; readonly text: string }[];
}

/** Real rows in which nobody attacks a judge, by set; null where the file is not there. */
export function benignSets(): Map<string, readonly BenignTurn[] | null> {
  return new Map([
    [
      'llmbar',
      load('llmbar', (row: PairRow) =>
        [row.response_1, row.response_2].map((answer) => ({ answer, user: row.prompt })),
      ),
    ],
    [
      'uss',
      load('uss', ({ turns }: DialogueRow) =>
        turns.flatMap(({ role, text }, i) =>
          role === 'user' ? [] : [{ answer: text, user: turns[i - 1]?.text ?? null }],
        ),
      ),
    ],
    [
      'topical_chat',
      load('topical_chat', ({ turns }: DialogueRow) =>
        turns.map(({ text }, i) => ({ answer: text, user: turns[i - 1]?.text ?? null })),
      ),
    ],
  ]);
}

function load<Row>(file: string, read: (row: Row) => BenignTurn[]): BenignTurn[] | null {
  const path = dataFile(file);
  return path === null ? null : readRows<Row>(path).flatMap(read);
}
