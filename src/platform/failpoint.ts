/** The steps of the protocol at which a crash must cost nothing but the work in flight (FAULTS, F4). */
export const FAILPOINTS = [
  'fetched',
  'decoded',
  'prechecked',
  'judge_sent',
  'judge_answered',
  'produced_unacked',
  'acked',
  'marker_sent',
  'commit_sent',
  'snapshot_part',
  'snapshot_acked',
  'alert_sent',
] as const;
export type FailpointName = (typeof FAILPOINTS)[number];

/** Tells which step the process has come to; ends it there when it was told to. */
export interface Failpoint {
  /** False in production: then nothing is wrapped and nothing is called. */
  readonly isArmed: boolean;
  hit(step: FailpointName): void;
}

export const NO_FAILPOINT: Failpoint = { isArmed: false, hit: () => {} };

/**
 * `judge_sent:3` ends the process, without a last word, when that step is reached for the third time. `kill` is the
 * process's own end by SIGKILL. Throws for a text of another form: a test that kills nothing would pass.
 */
export function parseFailpoint(text: string | undefined, kill: () => void): Failpoint {
  if (text === undefined || text === '') return NO_FAILPOINT;
  const [, name, count] = /^([a-z_]+):(\d+)$/.exec(text) ?? [];
  if (!(FAILPOINTS as readonly string[]).includes(name ?? '')) {
    throw new Error(
      `PLUMBLINE_FAILPOINT: wanted one of ${FAILPOINTS.join(', ')} and a count, e.g. acked:2; saw ${text}`,
    );
  }
  let left = Number(count);
  return {
    isArmed: true,
    hit(step) {
      if (step !== name) return;
      left -= 1;
      if (left === 0) kill();
    },
  };
}
