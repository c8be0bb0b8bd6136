import { goldenRecord, type LedgerRecord } from '../../domain/ledger-record';
import type { EpochMs } from '../../domain/time';
import { systemClock } from '../../platform/clock';
import { DEMO_JUDGES, STRICTER_JUDGE } from '../../simulate/demo-setup';
import { goldenRun, type SimulatedJudge } from '../../simulate/golden';
import type { JudgeEndpoint } from '../../simulate/judge-endpoint';
import type { FoldSnapshot } from '../../watch/fold';

export interface DemoGoldenDeps {
  readonly endpoint: JudgeEndpoint;
  readonly append: (records: readonly LedgerRecord[]) => Promise<void>;
  readonly snapshot: () => FoldSnapshot;
  /** The time of the story. */
  readonly now: () => EpochMs;
}

/** The golden role of the demo, over a simulated frozen set: one run at the start, another when a detector is suspicious. */
export interface DemoGolden {
  /** One judge silently becomes stricter; the version it reports is another, so the golden set is run at once. */
  changeJudge(): Promise<void>;
  /** To be called now and then. */
  tick(): Promise<void>;
}

/** Pause between runs on suspicion, ms; an alarm that waits is answered at once. */
const PAUSE_MS = 8_000;
/** From half the threshold on the log scale on a series is suspicious. */
const SUSPICIOUS = 0.5;

function isScore(kind: string): boolean {
  return kind === 'score_regression' || kind === 'failover_quality' || kind === 'quality_dip_after_release';
}

export function createDemoGolden({ endpoint, append, snapshot, now }: DemoGoldenDeps): DemoGolden {
  let judges: readonly SimulatedJudge[] = DEMO_JUDGES.map((persona) => ({
    name: persona.name,
    family: persona.family,
    persona,
    sealed: persona,
  }));
  let runs = 0;
  let last = -Infinity;
  const run = async (trigger: 'schedule' | 'suspicion' | 'change'): Promise<void> => {
    runs += 1;
    last = systemClock.monotonicMs();
    const answers = judges.flatMap((judge) => goldenRun(judge, `demo-${runs}`, trigger));
    const at = now();
    await append(answers.map((answer) => goldenRecord(answer, at)));
  };
  return {
    async changeJudge() {
      endpoint.change(STRICTER_JUDGE);
      judges = judges.map((judge) =>
        judge.persona.model === STRICTER_JUDGE.model ? { ...judge, persona: STRICTER_JUDGE } : judge,
      );
      await run('change');
    },
    async tick() {
      if (runs === 0) return run('schedule');
      const quiet = snapshot().standings.filter(({ series, state }) => isScore(series.kind) && state !== 'firing');
      const isAwaited = quiet.some(({ state, thresholdRatio }) => state === 'pending' && thresholdRatio === 1);
      const isRested = systemClock.monotonicMs() - last >= PAUSE_MS;
      if (isAwaited || (isRested && quiet.some((one) => (one.thresholdRatio ?? 0) >= SUSPICIOUS)))
        await run('suspicion');
    },
  };
}
