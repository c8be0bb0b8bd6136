import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { PlanReport } from '../../src/compose/setup/plan';
import type { ReplayCost } from '../../src/compose/replay/cost';
import type { RunReport } from '../../src/compose/replay/run-report';
import { createRecordCodec } from '../../src/decode/avro-codec';
import { buildInteraction } from '../support/builders/interaction';
import { monitorConfig, pricedAt, threeJudges } from '../support/builders/monitor-config';
import { completion, startJudgeServer, verdicts } from '../support/judge-server';
import { runCli } from '../support/run-cli';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plumbline-budget-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const NOWHERE = 'http://127.0.0.1:9/v1';

function configOf(baseUrl: string, more = {}): string {
  const prices = { each: { maxOutputTokens: 100, ...pricedAt(10) }, mini: pricedAt(1) };
  return monitorConfig({ judges: threeJudges(baseUrl, prices), ...more });
}

function traffic(): string {
  const codec = createRecordCodec('interaction');
  const { producer: usual, occurredAt } = buildInteraction();
  const producer = { ...usual, model: 'gpt-4.1' };
  const lines = Array.from({ length: 300 }, (_, i) =>
    JSON.stringify(
      codec.toJson(
        buildInteraction({
          interactionId: `i${i}`,
          conversationId: `c${i}`,
          producer,
          segments: { product: i % 10 === 0 ? 'small' : 'large' },
          occurredAt: occurredAt + i * 60_000,
        }),
      ),
    ),
  );
  return write('traffic.jsonl', lines.join('\n'));
}

describe('budgets on the command line', () => {
  it('plan says per segment what a budget buys, and the block it writes is a valid configuration', async () => {
    const input = traffic();
    const config = write('a.yaml', configOf(NOWHERE));
    const args = ['plan', '--budget', '6/month', '--days', '1', '--input', input, '--config', config];
    const { stdout, code } = await runCli([...args, '--json']);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as PlanReport;
    expect(plan.segments.map(({ segment }) => segment)).toEqual(['large', 'small']);
    expect(plan.segments[1]?.rate).toBeGreaterThan(plan.segments[0]!.rate);
    expect(plan.plannedUsdPerDay).toBeLessThanOrEqual(plan.trafficUsdPerDay);
    const applied = write('b.yaml', configOf(NOWHERE, parse(plan.sampling) as object));
    expect(await runCli(['config', 'check', '--config', applied])).toMatchObject({ code: 0 });
    expect((await runCli(args)).stdout).toContain('days to baseline');
  });

  it('replay --dry-run says what a run would cost and calls no judge', async () => {
    const config = write('a.yaml', configOf(NOWHERE));
    const { stdout, code } = await runCli(['replay', '--dry-run', '--json', '--input', traffic(), '--config', config]);
    expect(code).toBe(0);
    const cost = JSON.parse(stdout) as ReplayCost;
    expect(cost).toMatchObject({ interactions: 300, sampled: 300 });
    expect(cost.atLeastUsd).toBeGreaterThan(0);
    expect(cost.atMostUsd).toBeGreaterThan(cost.expectedUsd);
  });

  it('replay --budget stops judging when the purse is empty: what is left is unjudged, never scored', async () => {
    const judges = await startJudgeServer((request) =>
      completion(verdicts(request, { verdict: 'pass', confidence: 99 }), {
        usage: { prompt_tokens: 3000, completion_tokens: 50 },
      }),
    );
    try {
      const config = write('a.yaml', configOf(judges.baseUrl));
      const out = join(directory, 'out');
      const args = ['replay', '--input', traffic(), '--config', config, '--out', out, '--budget', '1'];
      expect((await runCli(args)).code).toBe(0);
      const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as RunReport;
      const { scored, unjudged, unjudged_reasons } = report.criteria['helpful']!;
      expect(scored).toBeGreaterThan(0);
      expect(unjudged_reasons).toMatchObject({ over_budget: unjudged });
      expect(scored + unjudged).toBe(300);
      expect(report.judge_cost_usd).toBeLessThanOrEqual(1);
    } finally {
      await judges.close();
    }
  });
});
