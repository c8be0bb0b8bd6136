/**
 * Everything an operator may want to turn in rules and dashboards. Windows and durations are Prometheus durations.
 */
export interface MixinConfig {
  /** Labels that tell one monitor from another. Every rule keeps these and aggregates pod, instance and job away. */
  readonly scope: readonly string[];
  /** Finds the scrape targets of the monitor for `up`, the one metric that carries no prefix of ours. */
  readonly targets: string;
  /** Replaced by the address of the pages in docs/runbooks; `plumbline rules build --runbook-url` and the chart do so. */
  readonly runbookBase: string;
  /** Replaced by the address of Grafana. */
  readonly grafanaBase: string;
  /** How long an alert of the engine outlives its series: longer than a restart or a change of the ledger's owner. */
  readonly keepFiringFor: string;
  /** Lag without any progress for this long is a stall, in seconds. */
  readonly stalledSeconds: number;
  /** No target of a role answers for this long. */
  readonly downFor: string;
  readonly deadLetters: {
    /** Share of records that is a fault on any stream. */
    readonly ratio: number;
    /** And this many times the share of the day before: a steady trickle is known already. */
    readonly rise: number;
    /** Fewer dead letters than this in the window say nothing. */
    readonly minRecords: number;
  };
  readonly judgedRatio: {
    /** Share of sampled items that must end judged. */
    readonly objective: number;
    /** Both windows must burn; a pair whose threshold is 1 or more can never fire and is refused. */
    readonly burn: readonly BurnPair[];
    /** Sampled items in the long window below which the ratio says nothing. */
    readonly minItems: number;
  };
  readonly objectives: {
    /** Pairs that page, and pairs that open a ticket. A threshold is at most half-way between what is allowed and all. */
    readonly page: readonly BurnPair[];
    readonly ticket: readonly BurnPair[];
    /** Judged items in the long window below which the share says nothing. */
    readonly minItems: number;
  };
  readonly monitor: {
    /** Records done within this time are in order: a bound of `processing_delay_seconds`, in seconds. */
    readonly withinSeconds: number;
    /** Share of records that must be. */
    readonly objective: number;
    readonly burn: readonly BurnPair[];
    /** Records in the long window below which the share says nothing. */
    readonly minRecords: number;
  };
  readonly judges: {
    /** Share of calls that got no answer. */
    readonly unavailableRatio: number;
    /** Share of calls whose answer could not be read. */
    readonly invalidRatio: number;
    /** Calls in the window below which a share says nothing. */
    readonly minCalls: number;
  };
}

export interface BurnPair {
  readonly long: string;
  readonly short: string;
  /** Times the allowed share of misses. */
  readonly factor: number;
}

export const CONFIG: MixinConfig = {
  scope: ['namespace', 'monitor'],
  targets: 'job=~".*plumbline.*"',
  runbookBase: 'https://plumbline.example/runbooks',
  grafanaBase: 'https://grafana.example',
  keepFiringFor: '15m',
  stalledSeconds: 300,
  downFor: '5m',
  deadLetters: { ratio: 0.01, rise: 3, minRecords: 10 },
  judgedRatio: {
    objective: 0.95,
    burn: [
      { long: '6h', short: '30m', factor: 6 },
      { long: '1d', short: '2h', factor: 3 },
    ],
    minItems: 50,
  },
  // The pairs of the SRE Workbook: 2 % of a month's budget in an hour, 5 % in six; 10 % in a day or in three.
  objectives: {
    page: [
      { long: '1h', short: '5m', factor: 14.4 },
      { long: '6h', short: '30m', factor: 6 },
    ],
    ticket: [
      { long: '1d', short: '2h', factor: 3 },
      { long: '3d', short: '6h', factor: 1 },
    ],
    minItems: 50,
  },
  monitor: {
    withinSeconds: 60,
    objective: 0.99,
    burn: [
      { long: '1h', short: '5m', factor: 14.4 },
      { long: '6h', short: '30m', factor: 6 },
    ],
    minRecords: 100,
  },
  judges: { unavailableRatio: 0.5, invalidRatio: 0.1, minCalls: 20 },
};
