import { err, ok } from '../../../src/domain/result';
import type { GoldenRecord } from '../../../src/domain/ledger-record';
import type { JudgeAnswer } from '../../../src/domain/verdict';
import { pickStratified } from '../../../src/golden/pick';
import { type PlannedRun, planRuns, type PlanInput, tasksOf } from '../../../src/golden/plan';
import { probedInteraction, swapOptions } from '../../../src/golden/probes';
import { createGoldenReserve } from '../../../src/golden/reserve';
import { type GoldenJudge, type GoldenRunDeps, makeRun } from '../../../src/golden/run';
import {
  type GoldenItem,
  goldenItemId,
  type GoldenSet,
  type InteractionText,
  parseGoldenSet,
  renderGoldenSet,
  settle,
} from '../../../src/golden/set';
import { criterionOptions } from '../../../src/judge/options';
import { systemPrompt } from '../../../src/judge/prompt';
import { createGoldenTable, addGolden } from '../../../src/watch/golden-table';
import type { Interaction } from '../../../src/domain/interaction';
import { buildInteraction } from '../../support/builders/interaction';
import { seededRandom } from '../../support/builders/random';

const text: InteractionText = {
  toJson: (interaction) => interaction,
  fromJson: (json) => (typeof json === 'object' ? ok(json as Interaction) : err('no interaction')),
};

function itemOf(n: number): GoldenItem {
  const interaction = buildInteraction({
    interactionId: `i-${n}`,
    output: { ...buildInteraction().output, text: `answer ${n}` },
  });
  return {
    id: goldenItemId(interaction),
    interaction,
    stratum: 'product=support|pass',
    fresh: n % 5 === 0,
    human: { helpful: n % 2 },
    settled: { j1: { helpful: { mean: 1, base: 1, runs: 3 } } },
  };
}

function setOf(items: number): GoldenSet {
  const set = {
    name: 'main',
    frozenAt: '2026-01-01T00:00:00.000Z',
    promptHash: 'p-1',
    items: Array.from({ length: items }, (_, n) => itemOf(n)),
  };
  const parsed = parseGoldenSet(renderGoldenSet(set, text), text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('a sealed set', () => {
  const set = setOf(5);
  const file = renderGoldenSet(set, text);

  it('reads back as it was written, under the same seal', () => {
    expect(parseGoldenSet(file, text)).toEqual({ ok: true, value: set });
    expect(set.seal).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is refused once a single character has been changed by hand, anywhere but in its seal', () => {
    const random = seededRandom(3);
    const head = file.indexOf('"format"');
    for (let round = 0; round < 200; round++) {
      const at = head + random.int(file.length - head - 1);
      const changed = file.slice(0, at) + (file[at] === 'x' ? 'y' : 'x') + file.slice(at + 1);
      expect(parseGoldenSet(changed, text).ok).toBe(false);
    }
  });

  it('says what is wrong: a broken seal, a lost line, another file', () => {
    const lines = file.split('\n');
    const lost = [...lines.slice(0, 3), ...lines.slice(4)].join('\n');
    expect(parseGoldenSet(lost, text)).toMatchObject({
      error: expect.stringContaining('5 items were sealed and 4') as string,
    });
    expect(parseGoldenSet(file.replace('answer 3', 'answer 4'), text)).toMatchObject({
      error: expect.stringContaining('the seal is broken') as string,
    });
    expect(parseGoldenSet('{}', text)).toMatchObject({ error: expect.stringContaining('not the head') as string });
  });

  it('settles a score as the mean of the runs that gave one, and one of them', () => {
    expect(settle([1, 0, null], 'a')).toMatchObject({ mean: 0.5, runs: 2 });
    expect([0, 1]).toContain(settle([1, 0, null], 'a')?.base);
    expect(settle([null, null, null], 'a')).toBeNull();
  });
});

describe('picking items', () => {
  it('takes as many from each stratum as it has, and the same ones every time', () => {
    const candidates = Array.from({ length: 100 }, (_, n) => ({ id: `c-${n}`, stratum: n < 90 ? 'common' : 'rare' }));
    const picked = pickStratified(candidates, 30, 'salt');
    const rare = picked.filter(({ stratum }) => stratum === 'rare');
    expect([picked.length, rare.length]).toEqual([30, 10]);
    expect(pickStratified([...candidates].reverse(), 30, 'salt')).toEqual(picked);
  });
});

const HOUR = 3_600_000;

function planInput(overrides: Partial<PlanInput> = {}): PlanInput {
  return {
    set: { seal: 's' },
    judges: ['j1', 'j2'],
    now: 1_000 * 168 * HOUR,
    everyHours: 168,
    probes: false,
    promptHash: 'p-1',
    versions: new Map(),
    isSuspected: false,
    requested: [],
    runs: [],
    isComplete: (one) => (overrides.runs ?? []).some(({ run, judge }) => run === one.run && judge === one.judge),
    ...overrides,
  };
}

/** What the fold says once the runs are complete. */
function completed(runs: readonly PlannedRun[], reportedVersion: string | null, promptHash = 'p-1'): PlanInput['runs'] {
  return runs.flatMap(({ run, judge, trigger, variant }) => {
    const table = createGoldenTable();
    return addGolden(table, {
      kind: 'golden',
      key: '',
      recordedAt: 1,
      golden: {
        set: 'main',
        seal: 's',
        run,
        trigger,
        variant,
        judge,
        family: 'f',
        model: 'm',
        reportedVersion,
        promptHash,
        total: 1,
        item: 'g',
        repeat: 0,
        fresh: false,
        producerFamily: null,
        costUsd: 0,
        scores: [{ criterion: 'helpful', outcome: 'scored', score: 1, sealed: 1, base: 1, human: null, passAt: 0.5 }],
      },
    });
  });
}

describe('planning runs', () => {
  const first = planRuns(planInput());

  it('plans every judge once a period, and nothing more once that is complete', () => {
    expect(first.map(({ judge, trigger }) => [judge, trigger])).toEqual([
      ['j1', 'schedule'],
      ['j2', 'schedule'],
    ]);
    const runs = completed(first, 'v1');
    expect(planRuns(planInput({ runs }))).toEqual([]);
    expect(planRuns(planInput({ runs, now: planInput().now + 168 * HOUR }))).toHaveLength(2);
  });

  it('plans the same runs under the same ids whoever plans', () => {
    expect(planRuns(planInput({ now: planInput().now + 5 * HOUR }))).toEqual(first);
    expect(new Set(first.map(({ run }) => run)).size).toBe(2);
  });

  it('plans a judge at once when its provider reports another version, and once only', () => {
    const runs = completed(first, 'v1');
    const versions = new Map([['j1', 'v2']]);
    const planned = planRuns(planInput({ runs, versions }));
    expect(planned).toMatchObject([{ judge: 'j1', trigger: 'change' }]);
    const more = [...runs, ...completed(planned, 'v2')];
    expect(planRuns(planInput({ runs: more, versions }))).toEqual([]);
  });

  it('plans nothing for a version that stays, or that no provider reports', () => {
    const runs = completed(first, 'v1');
    expect(planRuns(planInput({ runs, versions: new Map([['j1', 'v1']]) }))).toEqual([]);
    expect(planRuns(planInput({ runs }))).toEqual([]);
  });

  it('plans all judges when the prompt is another one, when a drop is suspected, and when asked to', () => {
    const runs = completed(first, 'v1', 'p-0');
    expect(planRuns(planInput({ runs })).map(({ trigger }) => trigger)).toEqual(['change', 'change']);
    const same = completed(first, 'v1');
    expect(planRuns(planInput({ runs: same, isSuspected: true })).map(({ trigger }) => trigger)).toEqual([
      'suspicion',
      'suspicion',
    ]);
    expect(planRuns(planInput({ runs: same, requested: ['x'] })).map(({ trigger }) => trigger)).toEqual([
      'manual',
      'manual',
    ]);
  });

  it('takes the two probes in turn', () => {
    const runs = completed(first, 'v1');
    const variants = [0, 1, 2].map((period) => {
      const planned = planRuns(planInput({ runs, probes: true, now: planInput().now + period * 168 * HOUR }));
      return planned.find(({ variant }) => variant !== 'plain')?.variant;
    });
    expect(variants).toEqual(['swapped', 'padded', 'swapped']);
  });
});

describe('the probes', () => {
  const criterion = criterionOptions.parse({ name: 'helpful', rubric: 'Does it help?' });

  it('name fail before pass and change nothing else, and back again', () => {
    const system = systemPrompt([criterion]);
    const swapped = swapOptions(system);
    expect(swapped).not.toBe(system);
    expect(swapOptions(swapped)).toBe(system);
    expect([...swapped].sort()).toEqual([...system].sort());
    expect(system.indexOf('"pass":')).toBeLessThan(system.indexOf('"fail":'));
    expect(swapped.indexOf('"fail":')).toBeLessThan(swapped.indexOf('"pass":'));
  });

  it('pad the answer behind what it says', () => {
    const interaction = buildInteraction();
    expect(probedInteraction(interaction, 'padded').output.text.startsWith(`${interaction.output.text}\n`)).toBe(true);
    expect(probedInteraction(interaction, 'plain')).toBe(interaction);
  });
});

const COST = 0.01;

function answerOf(score: number | null): JudgeAnswer {
  return {
    judge: 'j1',
    family: 'f',
    outcome: score === null ? 'timeout' : 'scored',
    score,
    writtenScore: null,
    confidence: null,
    rationale: null,
    inputTokens: 1,
    outputTokens: 1,
    costUsd: COST,
    ms: 1,
    attempts: 1,
    reportedVersion: 'v1',
  };
}

describe('a run', () => {
  const set = setOf(30);
  const tasks = tasksOf(set, 5);
  const planned: PlannedRun = { run: 'r', judge: 'j1', trigger: 'schedule', variant: 'plain', why: '' };

  interface Rig {
    readonly asked: string[];
    readonly ledger: GoldenRecord[];
    readonly judge: GoldenJudge;
    readonly deps: (overrides?: Partial<GoldenRunDeps>) => GoldenRunDeps;
  }

  function rig(): Rig {
    const asked: string[] = [];
    const ledger: GoldenRecord[] = [];
    return {
      asked,
      ledger,
      judge: {
        name: 'j1',
        family: 'f',
        model: 'm',
        boundUsd: () => 2 * COST,
        async ask({ interaction }) {
          asked.push(interaction.interactionId);
          await Promise.resolve();
          return new Map([['helpful', answerOf(1)]]);
        },
      },
      deps: (overrides = {}) => ({
        set,
        promptHash: 'p-1',
        passAt: new Map([['helpful', 0.5]]),
        producerFamily: () => 'acme',
        append: async (records) => void ledger.push(...records),
        reserve: createGoldenReserve(Infinity, 0),
        isOwner: () => true,
        now: () => 1,
        concurrency: 4,
        signal: new AbortController().signal,
        ...overrides,
      }),
    };
  }

  const answeredIn = (ledger: readonly GoldenRecord[]): Set<string> =>
    new Set(ledger.map(({ golden }) => `${golden.item}/${golden.repeat}`));

  it('asks about every item once and about the duplicates twice', async () => {
    const { judge, ledger, deps } = rig();
    const result = await makeRun(planned, judge, tasks, new Set(), deps());
    expect(result).toMatchObject({ ended: 'complete', asked: 35 });
    expect(result.costUsd).toBeCloseTo(35 * COST, 10);
    expect(ledger).toHaveLength(35);
    expect(answeredIn(ledger).size).toBe(35);
  });

  it('goes on wherever it was cut, asking about nothing whose answer the ledger has', async () => {
    for (const cut of [0, 1, 7, 20, 34]) {
      const { judge, ledger, asked, deps } = rig();
      const stopping = new AbortController();
      const append: GoldenRunDeps['append'] = async (records) => {
        ledger.push(...records);
        if (ledger.length > cut) stopping.abort();
      };
      const first = await makeRun(planned, judge, tasks, new Set(), deps({ append, signal: stopping.signal }));
      expect(first.ended).toBe('stopped');
      const before = answeredIn(ledger);
      const askedBefore = asked.length;
      await makeRun(planned, judge, tasks, before, deps());
      expect(asked.length - askedBefore).toBe(35 - before.size);
      expect(ledger).toHaveLength(35);
      expect(answeredIn(ledger).size).toBe(35);
    }
  });

  it('never spends more than is reserved, whatever is in flight', async () => {
    for (const concurrency of [1, 4, 16]) {
      const { judge, deps } = rig();
      const reserve = createGoldenReserve(0.1, 0);
      const result = await makeRun(planned, judge, tasks, new Set(), deps({ reserve, concurrency }));
      expect(result.ended).toBe('over_budget');
      expect(result.costUsd).toBeLessThanOrEqual(0.1 + 1e-9);
      expect(result.costUsd).toBeGreaterThan(0.05);
    }
  });

  it('stops when another process owns the ledger', async () => {
    const { judge, ledger, deps } = rig();
    const result = await makeRun(planned, judge, tasks, new Set(), deps({ isOwner: () => ledger.length < 10 }));
    expect(result.ended).toBe('lost');
    expect(ledger.length).toBeLessThan(35);
  });

  it('does not hold against a judge what its own end cut short', async () => {
    const { judge, ledger, deps } = rig();
    const stopping = new AbortController();
    const cut = {
      ...judge,
      ask: async () => {
        stopping.abort();
        return Promise.resolve(new Map([['helpful', answerOf(null)]]));
      },
    };
    const result = await makeRun(planned, cut, tasks, new Set(), deps({ signal: stopping.signal }));
    expect(result).toMatchObject({ ended: 'stopped', asked: 0 });
    expect(ledger).toEqual([]);
  });

  it('records a judge that fails as failing, not as a verdict', async () => {
    const { judge, ledger, deps } = rig();
    const failing = { ...judge, ask: async () => new Map([['helpful', answerOf(null)]]) };
    await makeRun(planned, failing, tasks, new Set(), deps());
    expect(ledger.every(({ golden }) => golden.scores[0]?.score === null)).toBe(true);
    expect(ledger[0]?.golden.scores[0]).toMatchObject({ outcome: 'timeout', sealed: 1 });
  });
});
