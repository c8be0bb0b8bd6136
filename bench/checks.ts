/**
 * Cost and false positives of redaction, checks and signals: `npx tsx bench/checks.ts [--json]`.
 * Reads real rows from PLUMBLINE_DATA (default ../shared/data); without them a seeded synthetic text stands in and the
 * shares on labelled answers are left out. Nothing of a row is printed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createChecks, runChecks } from '../src/checks/create-checks';
import { checksOptions } from '../src/checks/options';
import type { Interaction } from '../src/domain/interaction';
import { privacyOptions } from '../src/privacy/options';
import { createRedactor } from '../src/privacy/redactor';
import { turnSignals } from '../src/signals/turn-signals';
import { createRng, pick } from '../src/simulate/rng';

type Row = Readonly<Record<string, unknown>>;
interface Exchange {
  readonly prompt: string;
  readonly answer: string;
}

const DATA = process.env.PLUMBLINE_DATA ?? join(__dirname, '../../shared/data');
const redactor = createRedactor(privacyOptions.parse({}));
const checks = createChecks(checksOptions.parse({}));

function rows(name: string): readonly Row[] | null {
  const file = join(DATA, `${name}.jsonl.gz`);
  if (!existsSync(file)) return null;
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}

function interaction(prompt: string, answer: string): Interaction {
  return {
    interactionId: 'i',
    conversationId: 'i',
    conversationKnown: false,
    turnIndex: 0,
    userHash: null,
    occurredAt: 0,
    producer: { provider: 'p', model: 'm', modelVersion: null, route: 'primary', release: null, promptVersion: null },
    experiments: [],
    segments: {},
    input: [{ role: 'user', content: prompt }],
    context: [],
    facts: null,
    tools: [],
    referenceAnswer: null,
    outputSchema: null,
    output: { text: answer, finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] },
    usage: { inputTokens: null, outputTokens: null, costUsd: null, latencyMs: null, ttftMs: null },
    upstreamSampling: { probability: 1, scheme: null },
    trace: null,
  };
}

function syntheticExchanges(): readonly Exchange[] {
  const rng = createRng(7);
  const words = 'the order was sent to your address and will arrive on monday please call us if it does not'.split(' ');
  const sentence = (count: number): string => Array.from({ length: count }, () => pick(rng, words)).join(' ') + '.';
  return Array.from({ length: 400 }, () => ({ prompt: sentence(12), answer: sentence(20 + Math.floor(rng() * 400)) }));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Answers that people preferred or found right: what fails on them is, but for chance, a false positive. */
function ordinaryExchanges(): Readonly<Record<string, readonly Exchange[]>> {
  const llmbar = (rows('llmbar') ?? []).map((row) => ({
    prompt: text(row.prompt),
    answer: text(row[`response_${String(row.gold)}`]),
  }));
  const evouna = (rows('evouna') ?? [])
    .filter((row) => row.improper !== true)
    .flatMap((row) =>
      (row.answers as readonly Row[])
        .filter((answer) => answer.human_correct === true && typeof answer.text === 'string')
        .map((answer) => ({ prompt: text(row.prompt), answer: text(answer.text) })),
    );
  return { llmbar, evouna };
}

function timedExchanges(): { readonly source: string; readonly exchanges: readonly Exchange[] } {
  const realmistake = (rows('realmistake') ?? []).map((row) => ({
    prompt: text(row.prompt),
    answer: text(row.response),
  }));
  const llmbar = (rows('llmbar') ?? []).map((row) => ({ prompt: text(row.prompt), answer: text(row.response_1) }));
  const exchanges = [...realmistake, ...llmbar].filter(({ answer }) => answer.length >= 200);
  if (exchanges.length > 0) return { source: 'realmistake, llmbar', exchanges };
  return { source: 'synthetic', exchanges: syntheticExchanges() };
}

interface Cost {
  readonly medianUsPerKb: number;
  readonly p95UsPerKb: number;
  /** Total time over total size. */
  readonly meanUsPerKb: number;
}

/** Microseconds per 1,000 code units of what `sizeOf` says is read; the best of five runs over each item, as noise only adds. */
function cost<T>(items: readonly T[], sizeOf: (item: T) => number, run: (item: T) => unknown): Cost {
  for (let warm = 0; warm < 3; warm++) for (const item of items) run(item);
  let totalUs = 0;
  let totalKb = 0;
  const perKb: number[] = [];
  for (const item of items) {
    let best = Infinity;
    for (let k = 0; k < 5; k++) {
      const start = process.hrtime.bigint();
      run(item);
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000);
    }
    const kb = sizeOf(item) / 1000;
    perKb.push(best / kb);
    totalUs += best;
    totalKb += kb;
  }
  perKb.sort((a, b) => a - b);
  const at = (share: number): number => round(perKb[Math.floor(share * (perKb.length - 1))] ?? 0);
  return { medianUsPerKb: at(0.5), p95UsPerKb: at(0.95), meanUsPerKb: round(totalUs / totalKb) };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Texts made to cost much, cut to 64 kB. */
function hostileTexts(): Readonly<Record<string, string>> {
  const size = 65_536;
  const fill = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  const rng = createRng(11);
  const noise = (alphabet: string): string => Array.from({ length: size }, () => pick(rng, [...alphabet])).join('');
  return {
    spaces: fill(' '),
    digits: fill('1234567890'),
    digitGroups: fill('12 34 '),
    fours: fill('4111 '),
    eightDigits: fill('call 12345678, '),
    phones: fill('call 415-555-1234 or '),
    ats: fill('a@'),
    emails: fill('jo@example.com '),
    dots: fill('a.'),
    letters: fill('a'),
    colons: fill('a:'),
    ipv6: fill('2001:db8::1 '),
    quads: fill('1.2.3.4.'),
    ibans: fill('DE89 3704 0044 0532 0130 01 '),
    tokens: fill('sk-abcDEF0123456789012345 '),
    bearer: fill('Bearer SG.abcdef0123456789.'),
    jwts: fill('eyJhbGciOiJIUzI1NiJ9.'),
    pem: fill('-----BEGIN PRIVATE KEY-----'),
    fences: fill('```\n'),
    backticks: fill('`'),
    sorry: fill('I cannot I am sorry but '),
    mojibake: fill('Ã'),
    surrogates: fill('\ud83d\ude00'),
    nested: '['.repeat(size / 2) + ']'.repeat(size / 2),
    braces: fill('{"a":'),
    jsonNumbers: `[${fill('4111111111111,').slice(0, size - 4)}1]`,
    jsonStrings: `["${fill('\\n').slice(0, size - 4)}"]`,
    words: noise('abcdefghij klmnop'),
    mixed: noise('0123456789 @.:-+()/abcXYZ'),
    punctuation: noise('-_.:@/\\"`\'{}[]() \n'),
    han: noise('的一是不了人我在有他这为之大来以个中上们'),
  };
}

function worstMs(run: (text: string) => unknown): { readonly name: string; readonly ms: number }[] {
  return Object.entries(hostileTexts())
    .map(([name, hostile]) => {
      let best = Infinity;
      for (let k = 0; k < 9; k++) {
        const start = process.hrtime.bigint();
        run(hostile);
        best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
      }
      return { name, ms: round(best) };
    })
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 5);
}

/** Share of ordinary answers on which each check fails, in percent. */
function failureShares(exchanges: readonly Exchange[]): Readonly<Record<string, number>> {
  const failures = new Map<string, number>();
  for (const { prompt, answer } of exchanges) {
    const { interaction: redacted } = redactor.redactInteraction(interaction(prompt, answer));
    for (const { check, result } of runChecks(checks, redacted)) {
      failures.set(check, (failures.get(check) ?? 0) + (result === 'fail' ? 1 : 0));
    }
  }
  return Object.fromEntries([...failures].map(([check, count]) => [check, round((100 * count) / exchanges.length)]));
}

interface SpanScore {
  readonly kind: string;
  readonly spans: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Strict spans of pii_presidio's structured types: a find counts only with the same text replaced as that kind. */
function spanScores(): readonly SpanScore[] {
  const data = rows('pii_presidio');
  if (data === null) return [];
  const kinds = { email: 'EMAIL_ADDRESS', phone: 'PHONE_NUMBER', card: 'CREDIT_CARD', iban: 'IBAN_CODE' };
  return Object.entries(kinds).map(([kind, type]) => {
    const single = createRedactor(privacyOptions.parse({ redact: [kind] }));
    let wanted = 0;
    let found = 0;
    let hits = 0;
    for (const row of data) {
      const spans = (row.spans as readonly Row[]).filter((span) => span.type === type);
      wanted += spans.length;
      const whole = text(row.text);
      const pieces = single.redactText(whole).split(`[${kind}]`);
      found += pieces.length - 1;
      // The finds are where the pieces are not; each piece is sought from where the last one ended.
      let at = pieces[0]?.length ?? 0;
      for (let k = 1; k < pieces.length; k++) {
        const piece = pieces[k] ?? '';
        const end = k === pieces.length - 1 ? whole.length - piece.length : whole.indexOf(piece, at + 1);
        if (spans.some((span) => span.value === whole.slice(at, end))) hits++;
        at = end + piece.length;
      }
    }
    const precision = found === 0 ? 0 : hits / found;
    const recall = wanted === 0 ? 0 : hits / wanted;
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    return { kind, spans: wanted, precision: round(precision), recall: round(recall), f1: round(f1) };
  });
}

function main(): void {
  const { source, exchanges } = timedExchanges();
  const interactions = exchanges.map(({ prompt, answer }) => interaction(prompt, answer));
  const answerSize = (item: Interaction): number => item.output.text.length;
  const wholeSize = (item: Interaction): number => item.output.text.length + (item.input[0]?.content.length ?? 0);
  const promptSize = (item: Interaction): number => Math.max(1, item.input[0]?.content.length ?? 0);
  const single = checks.map((check): [string, number] => [
    check.name,
    cost(interactions, answerSize, (item) => check.run(item)).medianUsPerKb,
  ]);
  const ordinary = ordinaryExchanges();
  const report = {
    source,
    items: interactions.length,
    redaction: cost(interactions, wholeSize, (item) => redactor.redactInteraction(item)),
    checksPerKbOfAnswer: cost(interactions, answerSize, (item) => runChecks(checks, item)),
    checksPerKbOfAll: cost(interactions, wholeSize, (item) => runChecks(checks, item)),
    signalsPerKbOfPrompt: cost(interactions, promptSize, (item) => turnSignals(item)),
    medianUsPerKbOfAnswerByCheck: Object.fromEntries(single),
    worstMsAt64Kb: {
      redaction: worstMs((hostile) => redactor.redactText(hostile)),
      checks: worstMs((hostile) => runChecks(checks, interaction(hostile, hostile))),
      signals: worstMs((hostile) => turnSignals(interaction(hostile, hostile))),
    },
    failedPercentOfOrdinaryAnswers: Object.fromEntries(
      Object.entries(ordinary)
        .filter(([, items]) => items.length > 0)
        .map(([name, items]) => [name, { answers: items.length, ...failureShares(items) }]),
    ),
    redactionSpans: spanScores(),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(report));
  else console.dir(report, { depth: null });
}

main();
