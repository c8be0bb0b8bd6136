import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { formatTable } from '../src/cli/format';
import { verdictLine } from '../src/compose/codecs';
import { createLocalApi } from '../src/console/api';
import { consoleRoutes } from '../src/console/console-server';
import type { ConsoleParts } from '../src/console/ports';
import { alertFromJson, sessionFromJson, verdictFromJson } from '../src/compose/codecs';
import { reviewOptions } from '../src/reviews/options';
import type { EvidenceStore, LedgerLine, WithJson } from '../src/store/port';
import type { Verdict } from '../src/domain/verdict';
import { openSqliteStore } from '../src/store/sqlite';
import { createRandom } from '../src/stats/seeded-random';
import { buildInteraction } from '../test/support/builders/interaction';
import { at, buildOutcome, buildOutcomeCriterion } from '../test/support/builders/ledger-record';
import { buildStatus } from '../test/support/builders/status';
import { buildVerdict } from '../test/support/builders/verdict';
import { finish, runScript, scriptFlags } from './support/script';

/**
 * Usage: npm run -s bench:store -- [--json] [--quick] [--seed N]
 *
 * What the evidence store takes in per second, a million verdicts (`--quick` 50,000), and how long the calls of the
 * console's pages take over it.
 */

const BATCH = 500;
const START = Date.UTC(2026, 8, 1);
const PRODUCTS = ['support', 'search', 'copilot', 'mail'];
const LOCALES = ['en', 'de', 'fr'];
const WORDS = 'order parcel refund battery invoice address size colour return delivery price account'.split(' ');

async function main(): Promise<void> {
  const flags = scriptFlags();
  const total = flags.quick ? 50_000 : 1_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'bench-store-'));
  const path = join(folder, 'evidence.db');
  try {
    const store = openSqliteStore({ path, searchText: true, key: null });
    const started = performance.now();
    await fill(store, total, flags.seed);
    const seconds = (performance.now() - started) / 1000;
    const calls = await measure(store, total, flags.quick ? 20 : 100);
    await store.close();
    const all = calls.flatMap(({ ms }) => ms).sort((a, b) => a - b);
    const figures = {
      verdicts: total,
      ingest_per_second: total / seconds,
      megabytes: (await stat(path)).size / 1e6,
      api_p95_ms: quantile(all, 0.95),
      calls: Object.fromEntries(
        calls.map(({ name, ms }) => [name, { p50_ms: quantile(ms, 0.5), p95_ms: quantile(ms, 0.95) }]),
      ),
    };
    const rows = calls.map(({ name, ms }) => [name, quantile(ms, 0.5).toFixed(1), quantile(ms, 0.95).toFixed(1)]);
    finish(
      flags,
      `${formatTable([['call', 'p50 ms', 'p95 ms'], ...rows])}
${total} verdicts, ${figures.ingest_per_second.toFixed(0)} per second, ${figures.megabytes.toFixed(0)} MB; p95 over all calls ${figures.api_p95_ms.toFixed(0)} ms (goal 300 for each)
`,
      figures,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(store: EvidenceStore, total: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  const pick = (values: readonly string[]): string => values[Math.floor(random() * values.length)]!;
  const base = buildInteraction();
  for (let from = 0; from < total; from += BATCH) {
    const verdicts: WithJson<Verdict>[] = [];
    const entries: LedgerLine[] = [];
    for (let n = from; n < Math.min(total, from + BATCH); n++) {
      const score = random() < 0.12 ? 0.2 * random() : 0.7 + 0.3 * random();
      const ids = { interactionId: `i-${n}`, conversationId: `c-${Math.floor(n / 2)}`, verdictId: `v-${n}` };
      const occurredAt = START + n * 2_500;
      const text = `the ${pick(WORDS)} of your ${pick(WORDS)} and the ${pick(WORDS)} number ${n}. `.repeat(6);
      const interaction = { ...base, ...ids, output: { ...base.output, text } };
      const value = buildVerdict({ ...ids, occurredAt, interaction });
      verdicts.push({ value, json: verdictLine(value) });
      const criteria = ['correct', 'grounded'].map((criterion) =>
        buildOutcomeCriterion({
          criterion,
          cheapScore: score,
          estimatorValue: score,
          pass: score >= 0.5,
          disagreement: random() < 0.1 ? random() : null,
        }),
      );
      const checks = random() < 0.02 ? [{ check: 'truncated', result: 'fail' as const }] : [];
      const segments = { product: pick(PRODUCTS), locale: pick(LOCALES) };
      const item = { ...ids, occurredAt, segments, criteria, checks, userHash: `u-${Math.floor(random() * 50_000)}` };
      entries.push({ position: BigInt(n), record: buildOutcome(at(n), item) });
    }
    await store.write({ verdicts, entries });
  }
}

interface Timed {
  readonly name: string;
  readonly ms: readonly number[];
}

async function measure(store: EvidenceStore, total: number, rounds: number): Promise<Timed[]> {
  const parts: ConsoleParts = {
    store,
    snapshot: () => ({ clock: 0, estimates: [], standings: [], sessions: [], seeds: () => [] }),
    parseVerdict: verdictFromJson,
    parseAlert: alertFromJson,
    parseSession: sessionFromJson,
    widestScore: 1,
    append: null,
    erase: null,
    reviews: { options: reviewOptions.parse({}), raterSalt: '', familyOf: () => null, splits: new Map(), golden: [] },
    now: () => 0,
    redact: (text) => text,
    criteria: [],
    version: '0',
    links: { trace: null, release: null, alertmanager: null, runbook: null, ticket: null },
  };
  const call = createLocalApi(consoleRoutes(parts, buildStatus), { name: 'bench', role: 'admin', segments: [] });
  const last = START + total * 2_500;
  const iso = (time: number): string => new Date(time).toISOString();
  const targets: Readonly<Record<string, (round: number) => string>> = {
    status: () => '/status',
    'latest interactions': () => '/interactions?limit=50',
    'worst of a segment': () => '/interactions?segment=product%3Dmail&criterion=correct&order=worst&limit=50',
    'failed of a cross': () =>
      '/interactions?segment=product%2Blocale%3Dmail%2Bfr&criterion=grounded&result=fail&limit=50',
    'least agreed': () => '/interactions?order=disagreement&limit=50',
    'failed check': () => '/interactions?check=truncated&limit=50',
    'nothing found': () => '/interactions?segment=product%3Dmail&max_score=-1&limit=50',
    'rare word': (round) => `/interactions?q=${(round * 7919) % total}&limit=50`,
    'common words': () => '/interactions?q=battery%20refund&limit=50',
    interaction: (round) => `/interactions/i-${(round * 104_729) % total}`,
    explanation: (round) => `/explain/i-${(round * 104_729) % total}`,
    'series of a segment': () => '/segments/series?segment=product%3Dmail&criterion=correct',
    'series of a month': () => `/segments/series?criterion=correct&from=${iso(START)}`,
    'report of a day': () => `/report?segment=all&criterion=correct&from=${iso(last - 86_400_000)}`,
  };
  const timed: Timed[] = [];
  for (const [name, targetOf] of Object.entries(targets)) {
    const ms: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const answer = await call('GET', targetOf(round), {});
      ms.push(performance.now() - started);
      if ('problem' in answer) throw new Error(`${name}: ${answer.problem}`);
    }
    timed.push({ name, ms: ms.sort((a, b) => a - b) });
  }
  return timed;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

runScript(main);
