import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createGoldenJudges, trafficShare } from '../../../../src/compose/golden/judges';
import { createJudges } from '../../../../src/compose/cascade/judges';
import type { GoldenRecord } from '../../../../src/domain/ledger-record';
import { createGoldenReserve } from '../../../../src/golden/reserve';
import { makeRun } from '../../../../src/golden/run';
import type { GoldenItem } from '../../../../src/golden/set';
import { createAsk } from '../../../../src/judge/ask';
import { createNonceSource } from '../../../../src/judge/fence';
import { buildInteraction } from '../../../support/builders/interaction';
import { loadedText } from '../../../support/config-text';
import { eventually } from '../../../support/eventually';
import { completion, type JudgeServer, startJudgeServer, verdicts } from '../../../support/judge-server';

const ITEMS = 25;
const UNTRACED = { observeJudgeClient: <T>(client: T): T => client };

describe('a burst of traffic', () => {
  let server: JudgeServer;
  let letGo = (): void => {};
  const inFlight = { golden: 0, traffic: 0 };
  const peak = { golden: 0, traffic: 0, both: 0 };

  beforeAll(async () => {
    const released = new Promise<void>((resolve) => (letGo = resolve));
    server = await startJudgeServer(async (request) => {
      const kind = (request.fields['answer'] ?? '').startsWith('golden') ? 'golden' : 'traffic';
      inFlight[kind] += 1;
      peak[kind] = Math.max(peak[kind], inFlight[kind]);
      peak.both = Math.max(peak.both, inFlight.golden + inFlight.traffic);
      // Traffic holds all it can get until the golden run is over.
      if (kind === 'traffic') await released;
      else await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight[kind] -= 1;
      return completion(verdicts(request, { verdict: 'pass', confidence: 95 }));
    });
  });
  afterAll(() => server.close());

  it('neither starves a golden run nor lets it take more than its share', async () => {
    const loaded = loadedText(`
instance: { name: test }
criteria: [{ name: helpful, rubric: Did it help? }]
judges:
  - { name: one, baseUrl: "${server.baseUrl}", model: mistral-small, maxConcurrent: 20, timeoutMs: 60000 }
  - { name: two, baseUrl: "${server.baseUrl}", model: gpt-4o }
cascade: { cheap: [[one]], ensemble: [[one, two]] }
golden: { set: golden.jsonl, share: 0.1, concurrency: 8 }
`);
    const { config, secrets } = loaded;
    const traffic = createJudges({ ...config, judges: trafficShare(config) }, secrets, UNTRACED);
    const ask = createAsk({
      monotonicMs: () => performance.now(),
      drawNonce: createNonceSource(randomUUID),
      onCall: () => {},
      inputBudgetChars: config.cascade.inputBudgetChars,
    });
    const { output } = buildInteraction();
    const saying = (text: string) => buildInteraction({ interactionId: text, output: { ...output, text } });
    const signal = new AbortController().signal;
    setMaxListeners(0, signal);
    const burst = Array.from({ length: 100 }, (_, n) =>
      ask(traffic.judges[0]!, { interaction: saying(`traffic ${n}`), criteria: config.criteria, fresh: true }, signal),
    );
    await eventually(() => inFlight.traffic === 18);

    const golden = createGoldenJudges(loaded, UNTRACED, () => {});
    const records: GoldenRecord[] = [];
    const items = Array.from({ length: ITEMS }, (_, n): GoldenItem => {
      const interaction = saying(`golden ${n}`);
      return { id: `g-${n}`, interaction, stratum: 's', fresh: false, human: {}, settled: {} };
    });
    const result = await makeRun(
      { run: 'r', judge: 'one', trigger: 'schedule', variant: 'plain', why: 'on schedule' },
      golden.of('plain')[0]!,
      items.map((item) => ({ item, repeat: 0 })),
      new Set(),
      {
        set: { name: 'main', seal: 's' },
        promptHash: 'p',
        passAt: new Map(),
        producerFamily: () => null,
        append: async (more) => void records.push(...more),
        reserve: createGoldenReserve(Infinity, 0),
        isOwner: () => true,
        now: () => 0,
        concurrency: config.golden.concurrency,
        signal,
      },
    );
    expect(result).toMatchObject({ ended: 'complete', asked: ITEMS });
    expect(records.every(({ golden: { scores } }) => scores[0]?.outcome === 'scored')).toBe(true);
    // All of the burst still waits, on what is traffic's own.
    expect(inFlight).toEqual({ golden: 0, traffic: 18 });
    expect(peak).toEqual({ golden: 2, traffic: 18, both: 20 });
    letGo();
    const answers = await Promise.all(burst);
    expect(new Set(answers.map((one) => one.get('helpful')?.outcome))).toEqual(new Set(['scored']));
    await Promise.all([traffic.close(), golden.close()]);
  });
});
