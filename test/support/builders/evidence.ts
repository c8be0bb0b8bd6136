import type { GoldenAnswer } from '../../../src/domain/golden';
import type { Evidence, PeriodEvidence } from '../../../src/investigate/evidence';
import { createRandom } from '../../../src/stats/seeded-random';
import type { CellTraffic, GoldenEntry, SessionRow, WindowValue } from '../../../src/store/port-window';
import type { TrafficCell } from '../../../src/store/traffic-cell';

export const PANEL = 'mini>alpha+beta/mean';

export function buildCell(
  segments: Readonly<Record<string, string>>,
  overrides: Partial<TrafficCell> = {},
): TrafficCell {
  return { segments, provider: 'openai', model: 'gpt-4.1', route: 'primary', release: '1', ...overrides };
}

/** So many conversations of one turn in one cell, of which this share passes. */
export interface CellSpec {
  readonly cell: TrafficCell;
  readonly n: number;
  readonly pass: number;
  /** Interactions of the cell, judged or not; absent = n. */
  readonly traffic?: number;
  readonly failedChecks?: Readonly<Record<string, number>>;
}

/** A period in which exactly these shares pass, rounded to whole conversations; nothing is drawn. */
export function buildPeriod(specs: readonly CellSpec[], overrides: Partial<PeriodEvidence> = {}): PeriodEvidence {
  let conversation = 0;
  const values = specs.flatMap(({ cell, n, pass }) =>
    Array.from({ length: n }, (_, i): WindowValue => {
      const value = i < Math.round(n * pass) ? 1 : 0;
      conversation += 1;
      const none = { cheap: null, ensemble: null, version: null };
      return { at: 0, cell, conversation, panel: PANEL, value, probability: 1, ...none };
    }),
  );
  const traffic = specs.map(({ cell, n, traffic: all = n, failedChecks = {} }): CellTraffic => ({
    cell,
    interactions: all,
    population: all,
    conversations: all,
    sampled: n,
    failedChecks,
  }));
  return { from: 0, to: 1, values, traffic, sessions: [], labels: [], ...overrides };
}

export function buildEvidence(
  before: PeriodEvidence,
  after: PeriodEvidence,
  overrides: Partial<Evidence> = {},
): Evidence {
  const subject = { segment: 'all', criterion: 'correct', panel: PANEL, judge: null, isCheck: false } as const;
  return { kind: 'score_regression', ...subject, before, after, golden: [], ...overrides };
}

export interface RunSpec {
  readonly judge: string;
  readonly at?: number;
  readonly run?: string;
  readonly items?: number;
  /** Share of sealed passes that became fails. */
  readonly stricter?: number;
  readonly version?: string | null;
}

/** One run of one judge over a frozen set on which it passed nine in ten when it was sealed. */
export function buildRun(spec: RunSpec): GoldenEntry[] {
  const { judge, at = 1, run = 'r1', items = 400, stricter = 0, version = null } = spec;
  const random = createRandom(items);
  return Array.from({ length: items }, (_, i): GoldenEntry => {
    const sealed = i % 10 === 0 ? 0 : 1;
    const score = sealed === 1 && random() < stricter ? 0 : sealed;
    const scores = [
      { criterion: 'correct', outcome: 'scored', score, sealed, base: sealed, passAt: 0.5, human: null },
    ] as const;
    const answer: GoldenAnswer = {
      set: 'frozen',
      seal: 'seal',
      run,
      trigger: 'schedule',
      variant: 'plain',
      judge,
      family: judge,
      model: judge,
      reportedVersion: version,
      promptHash: 'p',
      total: items,
      item: `g-${i}`,
      repeat: 0,
      fresh: false,
      producerFamily: null,
      costUsd: 0,
      scores,
    };
    return { at, answer };
  });
}

/** So many closed sessions of which this share was abandoned. */
export function buildSessions(segments: readonly string[], n: number, abandoned: number): SessionRow[] {
  return Array.from({ length: n }, (_, i) => ({
    conversationId: `c-${i}`,
    closedAt: 0,
    segments: ['all', ...segments],
    ending: i < Math.round(n * abandoned) ? 'abandoned' : 'resolved',
    turns: 1,
    badTurns: 0,
    recovered: 0,
    satisfaction: 0.8,
  }));
}
