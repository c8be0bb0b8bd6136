import { openRecorded } from '../../src/compose/replay/recorded';
import { loadMonitorConfig } from '../../src/compose/monitor-config';
import type { RunReport } from '../../src/compose/replay/run-report';
import type { MonitorStatus } from '../../src/compose/on-call/status';
import { createRecordCodec } from '../../src/decode/avro-codec';
import type { Annotation } from '../../src/domain/annotation';
import type { ShadowStanding } from '../../src/domain/golden-standing';
import type { Verdict } from '../../src/domain/verdict';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, readingKafka, THREE_JUDGES, threeJudges } from '../support/builders/monitor-config';
import { eventually } from '../support/eventually';
import { completion, type JudgeServer, type SeenRequest, startJudgeServer, verdicts } from '../support/judge-server';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';
import { runCli } from '../support/run-cli';
import { killMonitors, type RunningMonitor, startMonitor } from '../support/running-monitor';

/** Enough that every kind of control item is drawn, and that an offset is measured on enough pairs. */
const BEFORE = 240;
/** Of each round after the promotion. */
const LATER = 40;
const PARTITIONS = 2;
const SECONDS = { timeoutMs: 60_000 };
const GOOD = 'The museum opens at ten and closes at six.';
const BAD = 'I would rather talk about lunch.';
const SURE = 0.95;
/** The shadow judge fails one real answer in four, which the others pass. */
const STRICT_SHARE = 0.25;
const OFFSET = STRICT_SHARE * (1 - SURE - SURE);

/** What a request shows: a real answer by its number, or a control item. */
const numberOf = ({ fields }: SeenRequest): number | null => {
  const found = /^answer (\d+)$/.exec(fields['answer'] ?? '');
  return found === null ? null : Number(found[1]);
};
const isFooled = ({ body, fields }: SeenRequest): boolean =>
  body.model === 'mistral-small' && fields['answer']?.startsWith(BAD) === true && fields['answer'] !== BAD;

describeWithKafka('judges beside the traffic, on Kafka', (kafka) => {
  let judges: JudgeServer;
  beforeAll(async () => {
    judges = await startJudgeServer((request) => {
      const n = numberOf(request);
      const isStrict = request.body.model.startsWith('claude');
      const passes = n === null ? request.fields['answer'] === GOOD || isFooled(request) : !isStrict || n % 4 !== 0;
      return completion(verdicts(request, { verdict: passes ? 'pass' : 'fail', confidence: 100 * SURE }));
    });
  });
  afterEach(killMonitors);
  afterAll(() => judges.close());

  const codec = createRecordCodec('interaction');
  const record = (n: number): string => {
    const interaction = buildInteraction({ interactionId: `i${n}`, conversationId: `c${n}` });
    return JSON.stringify(
      codec.toJson({
        ...interaction,
        producer: { ...interaction.producer, model: 'gpt-4.1' },
        output: { ...interaction.output, text: `answer ${n}` },
      }),
    );
  };

  const configOf = (prefix: string): string => {
    const request = 'When is the museum open?';
    const examples = [
      { expect: 'pass', request, answer: GOOD },
      { expect: 'fail', request, answer: BAD },
    ];
    const strict = { name: 'strict', model: 'claude-sonnet-4', baseUrl: judges.baseUrl };
    const shadows = { shadows: [{ judge: 'strict', beside: 'gemini' }], shadowRate: 1 };
    return monitorConfig({
      ...readingKafka(prefix, { brokers: kafka().brokers }),
      criteria: [{ name: 'helpful', rubric: 'Does the answer help?', examples }],
      judges: [...threeJudges(judges.baseUrl), strict],
      cascade: { ...THREE_JUDGES, auditProbability: 1, controlRate: 0.05, ...shadows },
    });
  };

  const recordedOf = async ({ configPath }: RunningMonitor): Promise<{ verdicts: Verdict[]; notes: Annotation[] }> => {
    const loaded = loadMonitorConfig({ files: [configPath], env: {} });
    if (!loaded.ok) throw new Error('the configuration is not read');
    const recorded = await openRecorded(loaded.value, { env: {} });
    const found: Verdict[] = [];
    await recorded.eachVerdict((verdict) => void found.push(verdict));
    return { verdicts: found, notes: [...recorded.notes] };
  };

  it('know control items and shadow judges apart from what counts, and a promotion reaches every replica', async () => {
    const prefix = freshName('judges');
    const topic = `${prefix}.in`;
    const config = configOf(prefix);
    await kafka().createTopic(topic, PARTITIONS);
    const produce = (from: number, count: number): Promise<void> =>
      kafka().produceAll(
        topic,
        Array.from({ length: count }, (_, i) => ({ partition: (i >> 2) % PARTITIONS, value: record(from + i) })),
      );
    const first = await startMonitor({ config });
    const replicas = [first, await startMonitor({ config, createTopics: false })];
    /** The partitions that each replica scores. */
    const assigned = async (): Promise<readonly string[]> => {
      const all = await Promise.all(replicas.map((one) => one.status()));
      return all.map(({ lag }) => lag.flatMap((one) => (one.topic === topic ? [one.partition] : [])).join());
    };
    const oneEach = async (): Promise<void> => {
      const readiness = await Promise.all(replicas.map((one) => one.readiness()));
      expect(readiness.flatMap(({ reasons }) => reasons)).toEqual([]);
      const partitions = await assigned();
      expect([...partitions].sort()).toEqual(['0', '1']);
    };
    await eventually(oneEach, SECONDS);

    /** What the replica that folds the ledger says. */
    const folded = async (): Promise<MonitorStatus & { readonly report: RunReport }> => {
      const all = await Promise.all(replicas.map((one) => one.status()));
      const found = all.find(({ report }) => report !== null);
      if (found?.report === null || found === undefined) throw new Error('none folds');
      return { ...found, report: found.report };
    };
    await produce(0, BEFORE);
    const { report, golden } = await eventually(async () => {
      const status = await folded();
      expect(status.report.records).toMatchObject({ in: BEFORE, judged: BEFORE });
      expect(status.golden?.shadows[0]?.offset.n).toBe(BEFORE);
      const items = judges.requests.filter((request) => numberOf(request) === null);
      expect(status.golden?.controls.reduce((sum, { count }) => sum + count, 0)).toBe(items.length);
      return status;
    }, SECONDS);

    // Control items: the same question to the same judges, with nothing that gives them away.
    const items = judges.requests.filter((request) => numberOf(request) === null);
    const traffic = judges.requests.filter((request) => numberOf(request) !== null);
    const asked = (requests: readonly SeenRequest[]): Set<string> =>
      new Set(requests.map(({ body, criteria }) => `${body.model} ${criteria.join()}`));
    const askedByModel = (requests: readonly SeenRequest[], model: string): number =>
      requests.filter(({ body }) => body.model === model).length;
    expect(asked(items)).toEqual(new Set(['mistral-small helpful', 'gemini-pro helpful', 'qwen-max helpful']));
    const withoutNonce = ({ system, nonce }: SeenRequest): string => system.replaceAll(nonce ?? '', '');
    expect(new Set(judges.requests.map(withoutNonce)).size).toBe(1);
    expect(items.filter(({ user }) => /control|known|example/i.test(user))).toEqual([]);
    const drawn = items.length / 3;
    expect(drawn / BEFORE).toBeGreaterThan(0.02);
    expect(drawn / BEFORE).toBeLessThan(0.1);
    // They are counted, by what the judges made of them,
    const known = (kind: string, of: (request: SeenRequest) => boolean, result = 'right'): object => ({
      kind,
      result,
      count: items.filter(of).length,
    });
    const wanted = [
      known('known_good', ({ fields }) => fields['answer'] === GOOD),
      known('known_bad', ({ fields }) => fields['answer'] === BAD),
      known(
        'injected',
        (request) => request.fields['answer'] !== BAD && request.fields['answer'] !== GOOD && !isFooled(request),
      ),
      known('injected', isFooled, 'wrong'),
    ];
    expect(wanted).not.toContainEqual(expect.objectContaining({ count: 0 }));
    expect(golden?.controls).toHaveLength(wanted.length);
    expect(golden?.controls).toEqual(expect.arrayContaining(wanted));
    const exported = (await Promise.all(replicas.map((one) => one.metrics()))).join('\n');
    for (const { kind, result, count } of golden?.controls ?? [])
      expect(exported).toMatch(
        new RegExp(`plumbline_control_items_total\\{.*kind="${kind}".*result="${result}".*\\} ${count}\n`),
      );
    // and no record, result or estimate knows of them, nor of the shadow judge.
    expect(report.records.in).toBe(BEFORE);
    expect(report.criteria['helpful']).toMatchObject({ scored: BEFORE, pass: BEFORE, fail: 0, unjudged: 0 });
    const [estimate, ...others] = report.estimates.filter(({ segment }) => segment === 'all');
    expect(others).toEqual([]);
    expect(estimate).toMatchObject({ panel: 'mini>gemini+qwen/mean', items: BEFORE, escalated: BEFORE });
    expect(estimate?.cheap_mean).toBeCloseTo(SURE, 10);
    expect(estimate?.escalated_mean).toBeCloseTo(SURE, 10);

    // The shadow judge: asked once beside every real answer and never about a control item, named in no verdict.
    expect(askedByModel(traffic, 'claude-sonnet-4')).toBe(BEFORE);
    expect(askedByModel(traffic, 'gemini-pro')).toBe(BEFORE);
    const before = await recordedOf(first);
    expect(before.verdicts).toHaveLength(BEFORE);
    expect(JSON.stringify(before.verdicts.map(({ criteria }) => criteria))).not.toContain('strict');
    const [shadow] = golden?.shadows ?? [];
    expect(shadow).toMatchObject({ judge: 'strict', beside: 'gemini', agreement: 1 - STRICT_SHARE });
    expect(shadow?.offset.mean).toBeCloseTo(OFFSET, 10);

    const promoted = await runCli([
      ...['judges', 'promote', 'strict', '--reason', 'tried long enough', '--author', 'ada'],
      ...['--server', first.url, '--config', first.configPath, '--json'],
    ]);
    if (promoted.code !== 0) throw new Error(promoted.stderr);
    const said = JSON.parse(promoted.stdout) as { replaces: string; promoted: boolean; measured: ShadowStanding[] };
    expect(said).toMatchObject({ replaces: 'gemini', promoted: true, measured: [shadow] });

    // What was read before the policy came is still of the old series.
    let produced = BEFORE;
    const after = await eventually(async () => {
      const from = produced;
      produced += LATER;
      await produce(from, LATER);
      await eventually(async () => expect((await folded()).report.records.in).toBe(produced), SECONDS);
      const recorded = await recordedOf(first);
      const latest = recorded.verdicts.filter(({ interactionId }) => Number(interactionId.slice(1)) >= from);
      const panels = latest.map(({ source, criteria }) => `${source.partition} ${criteria[0]?.panel}`);
      expect(new Set(panels)).toEqual(new Set(['0 mini>strict+qwen/mean', '1 mini>strict+qwen/mean']));
      return { ...recorded, from };
    }, SECONDS);
    await oneEach();
    const latest = judges.requests.filter((request) => (numberOf(request) ?? -1) >= after.from);
    expect(askedByModel(latest, 'claude-sonnet-4')).toBe(LATER);
    expect(askedByModel(latest, 'gemini-pro')).toBe(0);

    // The new series lies off by what was measured, of one member of two; the old one is as it was.
    const { estimates } = (await folded()).report;
    const series = new Map(estimates.flatMap((one) => (one.segment === 'all' ? [[one.panel, one]] : [])));
    expect([...series.keys()].sort()).toEqual(['mini>gemini+qwen/mean', 'mini>strict+qwen/mean']);
    const old = series.get('mini>gemini+qwen/mean');
    const fresh = series.get('mini>strict+qwen/mean');
    expect(old?.escalated_mean).toBeCloseTo(SURE, 10);
    expect((old?.items ?? 0) + (fresh?.items ?? 0)).toBe(produced);
    expect(Math.abs((fresh?.escalated_mean ?? NaN) - SURE - OFFSET / 2)).toBeLessThan(0.03);
    const [note, ...more] = after.notes.filter(({ author }) => author === 'ada');
    expect(more).toEqual([]);
    expect(note?.text).toMatch(
      /^strict judges in place of gemini: tried long enough\. Measured offset: helpful -0\.225 /,
    );
    expect(note?.text).toMatch(/ n 240, same verdict on 75 %\. Series begin anew\.$/);
    expect((await Promise.all(replicas.map((one) => one.stop()))).map(({ code }) => code)).toEqual([0, 0]);
  }, 240_000);
});
