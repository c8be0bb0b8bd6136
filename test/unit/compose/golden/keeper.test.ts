import {
  createGoldenKeeper,
  forgetOthers,
  type GoldenKeeper,
  REQUEST_PREFIX,
  versionNote,
} from '../../../../src/compose/golden/keeper';
import { trafficShare } from '../../../../src/compose/golden/judges';
import { annotationRecord, type LedgerRecord } from '../../../../src/domain/ledger-record';
import type { PlannedRun } from '../../../../src/golden/plan';
import type { GoldenJudge } from '../../../../src/golden/run';
import type { GoldenSet } from '../../../../src/golden/set';
import { createFold } from '../../../../src/watch/fold';
import { segmentOptions, watchOptions } from '../../../../src/watch/options';
import { buildInteraction } from '../../../support/builders/interaction';
import { buildJudgeAnswer } from '../../../support/builders/verdict';
import { loadedText, SMALL_CONFIG } from '../../../support/config-text';

const HOUR = 3_600_000;
const ITEMS = 40;
const loaded = loadedText(`${SMALL_CONFIG}golden: { set: golden.jsonl, duplicates: 4, probes: false, concurrency: 2 }`);
const SET: GoldenSet = {
  name: 'main',
  seal: 'ab'.repeat(32),
  frozenAt: '2026-01-01T00:00:00.000Z',
  promptHash: 'p',
  items: Array.from({ length: ITEMS }, (_, n) => ({
    id: `g-${n}`,
    interaction: buildInteraction({ interactionId: `i-${n}` }),
    stratum: 's',
    fresh: false,
    human: {},
    settled: {},
  })),
};
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A ledger with its fold, and what every judge was asked, by any process. */
function world(): World {
  const fold = createFold({ segments: segmentOptions.parse({}), watch: watchOptions.parse({}), criteria: ['helpful'] });
  const state = fold.initial();
  const asked: string[] = [];
  const self: World = {
    now: 1_000 * 168 * HOUR,
    version: 'v1',
    isBehind: false,
    asked,
    append: (records) => {
      for (const record of records) fold.applyEntry(state, { position: state.position, record });
      return Promise.resolve();
    },
    runs: () => fold.snapshot(state).golden.runs.length,
    keeper(isOwner) {
      const judge = (name: string): GoldenJudge => ({
        name,
        family: 'f',
        model: 'm',
        boundUsd: () => 0,
        async ask({ interaction }) {
          asked.push(`${name}/${interaction.interactionId}`);
          await new Promise((resolve) => setImmediate(resolve));
          return new Map([['helpful', buildJudgeAnswer({ judge: name, score: 1, reportedVersion: self.version })]]);
        },
      });
      return createGoldenKeeper({
        loaded,
        set: SET,
        judges: { of: () => ['one', 'two'].map(judge), close: () => Promise.resolve() },
        view: () => fold.snapshot(self.isBehind ? fold.initial() : state),
        append: self.append,
        isOwner,
        now: () => self.now,
        logger,
        signal: new AbortController().signal,
      });
    },
  };
  return self;
}

interface World {
  now: number;
  version: string;
  /** The fold has not read the ledger yet. */
  isBehind: boolean;
  readonly asked: string[];
  readonly append: (records: readonly LedgerRecord[]) => Promise<void>;
  readonly runs: () => number;
  readonly keeper: (isOwner: () => boolean) => GoldenKeeper;
}

const CALLS = 2 * (ITEMS + 4);

describe('the keeper of golden runs', () => {
  it('makes what is due once, however often it looks', async () => {
    const all = world();
    const keeper = all.keeper(() => true);
    await Promise.all([keeper.tick(), keeper.tick()]);
    await keeper.tick();
    expect(all.asked).toHaveLength(CALLS);
    expect(all.runs()).toBe(2);
    all.now += 168 * HOUR;
    await keeper.tick();
    expect(all.asked).toHaveLength(2 * CALLS);
  });

  it('hands a run over in the middle: two processes ask about every item once between them', async () => {
    const all = world();
    let owner = 'first';
    const first = all.keeper(() => owner === 'first' && all.asked.length < 30);
    const second = all.keeper(() => owner === 'second');
    await Promise.all([first.tick(), second.tick()]);
    const before = all.asked.length;
    expect(before).toBeLessThan(CALLS);
    expect(all.runs()).toBe(0);
    owner = 'second';
    await Promise.all([first.tick(), second.tick()]);
    expect(all.asked).toHaveLength(CALLS);
    expect(all.runs()).toBe(2);
    const counts = new Map<string, number>();
    for (const call of all.asked) counts.set(call, (counts.get(call) ?? 0) + 1);
    expect([...counts.values()].filter((n) => n === 2)).toHaveLength(8);
    expect(Math.max(...counts.values())).toBe(2);
  });

  it('asks a judge again at once when scorers note another version, and only that judge', async () => {
    const all = world();
    const keeper = all.keeper(() => true);
    await keeper.tick();
    all.version = 'v2';
    await all.append([annotationRecord(versionNote('two', 'v2', all.now), all.now)]);
    await keeper.tick();
    expect(all.asked).toHaveLength(CALLS + ITEMS + 4);
    expect(all.asked.slice(CALLS).every((call) => call.startsWith('two/'))).toBe(true);
    await keeper.tick();
    expect(all.asked).toHaveLength(CALLS + ITEMS + 4);
  });

  it('asks nothing twice while the fold has not read what it appended', async () => {
    const all = world();
    all.isBehind = true;
    const keeper = all.keeper(() => true);
    await keeper.tick();
    await keeper.tick();
    expect(all.asked).toHaveLength(CALLS);
    all.isBehind = false;
    await keeper.tick();
    expect(all.asked).toHaveLength(CALLS);
  });

  it('does not make again, in whatever process, what somebody asked for more runs ago than are kept', async () => {
    const all = world();
    const request = { ...versionNote('one', 'v1', all.now), id: `${REQUEST_PREFIX}2026-01-01`, segments: {} };
    await all.append([annotationRecord(request, all.now)]);
    await all.keeper(() => true).tick();
    for (let period = 0; period < 60; period++) {
      all.now += 168 * HOUR;
      await all.keeper(() => true).tick();
    }
    // The first period has the run that was asked for as well.
    expect(all.asked).toHaveLength(62 * CALLS);
  }, 30_000);

  it('keeps nothing of runs that are not due, however many it has made', () => {
    const appended = new Map<string, Set<string>>();
    const runOf = (n: number): PlannedRun => ({
      run: `run-${n}`,
      judge: `judge-${n % 3}`,
      trigger: 'schedule',
      variant: 'plain',
      why: '',
    });
    for (let n = 0; n < 5_000; n++) {
      const due = [runOf(n), runOf(n + 1)];
      forgetOthers(appended, due);
      for (const { run, judge } of due) appended.set(`${run}\n${judge}`, new Set(['item/0']));
      expect(appended.size).toBe(2);
    }
  });

  it('does nothing while another process owns the ledger', async () => {
    const all = world();
    await all.keeper(() => false).tick();
    expect(all.asked).toEqual([]);
  });
});

describe('the share of golden runs', () => {
  it('is taken from what traffic may use of every judge, and only where there is a set', () => {
    const { config } = loaded;
    const judges = config.judges.map((judge) => ({ ...judge, requestsPerMinute: 100, maxConcurrent: 20 }));
    const shared = trafficShare({ ...config, judges });
    expect(shared.map(({ requestsPerMinute, maxConcurrent }) => [requestsPerMinute, maxConcurrent])).toEqual([
      [90, 18],
      [90, 18],
    ]);
    expect(trafficShare({ ...config, judges, golden: { ...config.golden, set: undefined } })).toBe(judges);
  });
});
