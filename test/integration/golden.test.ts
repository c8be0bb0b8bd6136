import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interactionText } from '../../src/compose/golden/set-file';
import type { GoldenStanding } from '../../src/domain/golden-standing';
import { goldenItemId, renderGoldenSet } from '../../src/golden/set';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { killMonitors, type RunningMonitor, startMonitor } from '../support/running-monitor';

const ITEMS = 12;
const DUPLICATES = 2;
const JUDGES = ['mini', 'gemini', 'qwen'];
const SECONDS = { timeoutMs: 120_000, intervalMs: 200 };

describeWithKafka('golden runs on Kafka', (kafka) => {
  let directory: string;
  let judges: JudgeServer;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'plumbline-golden-kafka-'));
    judges = await startJudgeServer((request) => ({
      ...completion(verdicts(request, { verdict: 'pass', confidence: 95 })),
      delayMs: 50,
    }));
    const items = Array.from({ length: ITEMS }, (_, n) => {
      const interaction = buildInteraction({ output: { ...buildInteraction().output, text: `answer ${n}` } });
      return { id: goldenItemId(interaction), interaction, stratum: 's', fresh: false, human: {}, settled: {} };
    });
    const set = { name: 'main', frozenAt: '2026-01-01T00:00:00.000Z', promptHash: 'p', items };
    writeFileSync(join(directory, 'golden.jsonl'), renderGoldenSet(set, interactionText));
  });
  afterEach(killMonitors);
  afterAll(async () => {
    await judges.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const goldenOf = async (monitor: RunningMonitor): Promise<GoldenStanding> => {
    const { golden } = await monitor.status();
    if (golden === null) throw new Error('it does not fold');
    return golden;
  };

  it('are made by one of two instances, and by the other when that one stops in the middle', async () => {
    const name = freshName('golden');
    const set = join(directory, 'golden.jsonl');
    const config = monitorConfig({
      ...readingKafka(name, { brokers: kafka().brokers }),
      judges: threeJudges(judges.baseUrl, { each: { timeoutMs: 5000 } }),
      golden: { set, duplicates: DUPLICATES, probes: false, concurrency: 1 },
    });
    await kafka().createTopic(`${name}.in`, 1);
    const first = await startMonitor({ config });
    const second = await startMonitor({ config, createTopics: false });
    await eventually(() => judges.requests.length >= 9, SECONDS);
    const stopped = await first.stop();
    expect(stopped.code).toBe(0);
    const { runs, open } = await eventually(async () => {
      const golden = await goldenOf(second);
      expect(golden.runs).toHaveLength(JUDGES.length);
      return golden;
    }, SECONDS);
    expect(open).toEqual([]);
    for (const run of runs) expect(run).toMatchObject({ items: ITEMS, scored: ITEMS, noise: { pairs: DUPLICATES } });
    // At most the one call of each judge that was in flight when the first stopped is made again.
    const wanted = JUDGES.length * (ITEMS + DUPLICATES);
    expect(judges.requests.length).toBeGreaterThanOrEqual(wanted);
    expect(judges.requests.length).toBeLessThanOrEqual(wanted + JUDGES.length);
    expect((await second.stop()).code).toBe(0);
  }, 240_000);
});
