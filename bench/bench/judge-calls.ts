import { benchJudge } from '../judge';
import { spreadOf } from './measure';
import type { RowResult } from './row';

export interface JudgeFigures {
  /** Calls per second over the ideal of Little's law, calls in flight / latency. */
  readonly concurrency_ratio: number;
  readonly cpu_ms_per_call: number;
  /** Calls per second over those of plain posts in the same run. */
  readonly ratio_to_bare: number;
  readonly bare_cpu_ms_per_call: number;
}

const IN_FLIGHT = 200;

/** Whole judge calls over HTTP, 200 in flight at 100 ms each; see bench/judge.ts. */
export async function benchJudgeCalls({ quick }: { readonly quick: boolean }): Promise<RowResult<JudgeFigures>> {
  const runs = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    runs.push(await benchJudge({ calls: quick ? 4_000 : 10_000, inFlight: IN_FLIGHT }));
  }
  const ideal = spreadOf(runs.map((run) => run.concurrency_ratio));
  const toBare = spreadOf(runs.map((run) => run.ratio_to_bare));
  const cpu = spreadOf(runs.map((run) => run.cpu_ms_per_call));
  const bareCpu = spreadOf(runs.map((run) => run.bare_cpu_ms_per_call));
  return {
    figures: {
      concurrency_ratio: ideal.median,
      cpu_ms_per_call: cpu.median,
      ratio_to_bare: toBare.median,
      bare_cpu_ms_per_call: bareCpu.median,
    },
    rows: [
      {
        name: `judge calls, ${IN_FLIGHT} in flight, of the ideal of Little's law`,
        unit: '',
        value: ideal,
        reference: { name: 'plain posts', ratio: toBare },
        goal: { of: 'value', atLeast: 0.95 },
      },
      {
        name: 'CPU of a judge call',
        unit: 'ms',
        value: cpu,
        reference: {
          name: 'a plain post',
          ratio: spreadOf(runs.map((run) => run.cpu_ms_per_call / run.bare_cpu_ms_per_call)),
        },
        goal: { of: 'value', atMost: 0.4 },
      },
    ],
  };
}
