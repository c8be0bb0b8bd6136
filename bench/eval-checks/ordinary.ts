import { createChecks, runChecks } from '../../src/checks/create-checks';
import { checksOptions } from '../../src/checks/options';
import { privacyOptions } from '../../src/privacy/options';
import { createRedactor } from '../../src/privacy/redactor';
import { exchange, listOf, round, rowsOf, textOf } from './rows';

const options = checksOptions.parse({});

/** A shift of the rate alerts here, not a failure: ordinary answers rightly decline now and then. */
const RATES_ONLY = new Set(['refusal', 'partial_refusal']);

export interface FalsePositives {
  /** Share of failing answers by set and check; both sets hold answers that people preferred or found right. */
  readonly bySet: Readonly<
    Record<string, { readonly answers: number; readonly shares: Readonly<Record<string, number>> }>
  >;
  /** Largest share of a check in `escalateOn` by default. */
  readonly escalatingMax: number;
  /** Largest share of any check but those whose rate alone is watched. */
  readonly alertingMax: number;
}

export function evaluateOrdinary(): FalsePositives {
  const bySet = { llmbar: sharesOf(preferred()), evouna: sharesOf(correct()) };
  const all = Object.values(bySet).flatMap(({ shares }) => Object.entries(shares));
  const most = (take: (name: string) => boolean): number =>
    Math.max(0, ...all.filter(([name]) => take(name)).map(([, share]) => share));
  return {
    bySet,
    escalatingMax: most((name) => options.escalateOn.includes(name)),
    alertingMax: most((name) => !RATES_ONLY.has(name)),
  };
}

interface Exchange {
  readonly prompt: string;
  readonly answer: string;
}

function preferred(): readonly Exchange[] {
  return rowsOf('llmbar').map((row) => ({
    prompt: textOf(row.prompt),
    answer: textOf(row[`response_${String(row.gold)}`]),
  }));
}

function correct(): readonly Exchange[] {
  return rowsOf('evouna')
    .filter((row) => row.improper !== true)
    .flatMap((row) =>
      listOf(row.answers)
        .filter((answer) => answer.human_correct === true && typeof answer.text === 'string')
        .map((answer) => ({ prompt: textOf(row.prompt), answer: textOf(answer.text) })),
    );
}

function sharesOf(exchanges: readonly Exchange[]): FalsePositives['bySet'][string] {
  const checks = createChecks(options);
  const redactor = createRedactor(privacyOptions.parse({}));
  const failures = new Map(checks.map(({ name }) => [name, 0]));
  for (const { prompt, answer } of exchanges) {
    const { interaction } = redactor.redactInteraction(exchange(prompt, answer));
    for (const { check, result } of runChecks(checks, interaction)) {
      if (result === 'fail') failures.set(check, (failures.get(check) ?? 0) + 1);
    }
  }
  const share = (count: number): number => (exchanges.length === 0 ? 0 : round(count / exchanges.length, 4));
  return { answers: exchanges.length, shares: Object.fromEntries([...failures].map(([name, n]) => [name, share(n)])) };
}
