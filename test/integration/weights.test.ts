import { readFileSync, writeFileSync } from 'node:fs';
import { openRecorded } from '../../src/compose/replay/recorded';
import type { WeightsReport } from '../../src/compose/labels/tune-weights';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import { createRecordCodec } from '../../src/decode/avro-codec';
import type { CriterionVerdict } from '../../src/domain/verdict';
import { parseCsv, renderCsv } from '../../src/reviews/table';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { runCli } from '../support/run-cli';
import { killMonitors, type RunningMonitor, startMonitor } from '../support/running-monitor';

/** Items repeat after so many, so that shares are exact. */
const PERIOD = 20;
const LABELLED = 15 * PERIOD;
const LATER = 2 * PERIOD;

const isGood = (n: number): boolean => n % PERIOD < 12;
/** Claude is wrong on one in twenty; the other two are wrong on the same six, all of them good. */
const isMisjudged = (n: number, model: string): boolean =>
  model.startsWith('claude') ? n % PERIOD === 0 : n % PERIOD >= 2 && n % PERIOD < 8;

describeWithKafka('learned weights on Kafka', (kafka) => {
  let judges: JudgeServer;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => {
      const n = Number(/answer (\d+)/.exec(request.fields['answer'] ?? '')?.[1]);
      const passes = isGood(n) !== isMisjudged(n, request.body.model);
      return completion(verdicts(request, { verdict: passes ? 'pass' : 'fail', confidence: 95 }));
    });
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const codec = createRecordCodec('interaction');
  const record = (n: number): Buffer =>
    Buffer.from(
      JSON.stringify(
        codec.toJson(
          buildInteraction({
            interactionId: `i${n}`,
            conversationId: `c${n}`,
            producer: { ...buildInteraction().producer, model: 'gpt-4.1' },
            output: { text: `answer ${n}`, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
          }),
        ),
      ),
    );

  async function start(): Promise<{ monitor: RunningMonitor; produce: (from: number, to: number) => Promise<void> }> {
    const prefix = freshName('weights');
    const claude = { name: 'claude', model: 'claude-sonnet-4', baseUrl: judges.baseUrl };
    const ensemble = [['claude', 'gemini', 'qwen']];
    const monitor = await startMonitor({
      config: monitorConfig({
        ...readingKafka(prefix, { brokers: kafka().brokers }),
        judges: [...threeJudges(judges.baseUrl), claude],
        cascade: { cheap: [['mini']], ensemble, auditProbability: 1, controlRate: 0 },
        reviews: { random: 1, second: 0 },
      }),
    });
    const produce = (from: number, to: number): Promise<void> =>
      kafka().produceAll(
        `${prefix}.in`,
        Array.from({ length: to - from }, (_, i) => ({ value: record(from + i) })),
      );
    return { monitor, produce };
  }

  const judgedOf = async ({ configPath }: RunningMonitor): Promise<ReadonlyMap<string, CriterionVerdict>> => {
    const loaded = loadMonitorConfig({ files: [configPath], env: {} });
    if (!loaded.ok) throw new Error('the configuration is not read');
    const judged = new Map<string, CriterionVerdict>();
    const recorded = await openRecorded(loaded.value, { env: {} });
    await recorded.eachVerdict(({ interactionId, criteria }) => void judged.set(interactionId, criteria[0]!));
    return judged;
  };

  const passShare = (verdictsOf: readonly CriterionVerdict[]): number =>
    verdictsOf.filter(({ pass }) => pass === true).length / verdictsOf.length;

  it('go from labels through the policy topic to SCORE, and begin a series that lies as far off as was measured', async () => {
    const { monitor, produce } = await start();
    await produce(0, LABELLED);
    await eventually(async () => expect((await monitor.status()).report?.criteria['helpful']?.scored).toBe(LABELLED), {
      timeoutMs: 120_000,
    });
    const before = await judgedOf(monitor);
    expect(new Set([...before.values()].map(({ panel }) => panel))).toEqual(new Set(['mini>claude+gemini+qwen/mean']));

    const file = monitor.configPath.replace('.yaml', '.csv');
    const cli = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runCli([...args, '--config', monitor.configPath, '--json']);
      if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${stderr}${stdout}`);
      return stdout;
    };
    await cli('reviews', 'export', '--out', file);
    const rows = parseCsv(readFileSync(file, 'utf8')).map((row) => {
      return { ...row, rater: 'ada', label: isGood(Number(row.interaction_id?.slice(1))) ? 'pass' : 'fail' };
    });
    writeFileSync(file, renderCsv(rows));
    expect(JSON.parse(await cli('reviews', 'import', file))).toMatchObject({ accepted: LABELLED });
    const { version, promotion } = JSON.parse(
      await cli('tune', '--weights', '--criterion', 'helpful'),
    ) as WeightsReport;
    if (promotion.kind !== 'promoted') throw new Error(`not promoted: ${JSON.stringify(promotion)}`);

    // What was read before the policy came is still of the old series.
    let from = LABELLED;
    const weighted = await eventually(
      async () => {
        await produce(from, from + LATER);
        from += LATER;
        await eventually(async () => expect((await monitor.status()).report?.records.in).toBe(from), {
          timeoutMs: 30_000,
        });
        const all = await judgedOf(monitor);
        const latest = Array.from({ length: LATER }, (_, i) => all.get(`i${from - LATER + i}`)!);
        expect(new Set(latest.map(({ panel }) => panel))).toEqual(new Set([`mini>claude+gemini+qwen/w${version}`]));
        return latest;
      },
      { timeoutMs: 60_000 },
    );
    const moved = passShare(weighted) - passShare([...before.values()]);
    expect(moved).toBeGreaterThan(0.2);
    expect(Math.abs(moved - promotion.offset)).toBeLessThan(0.1);
    expect((await monitor.stop()).code).toBe(0);
  }, 240_000);
});
