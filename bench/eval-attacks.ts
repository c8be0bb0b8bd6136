/**
 * Attacks on the judge: what the checks before it catch, and whether a fence ever breaks. Own strings by type (A1 to
 * A20), the recorded attacks, and real rows in which nobody attacks.
 * Usage: npm run -s eval:attacks -- [--json] [--quick] [--seed N]; `--quick` renders 30,000 texts instead of a million.
 */
import { degenerate } from '../src/checks/degenerate';
import { formatNumber, formatPercent, formatTable } from '../src/cli/format';
import { wilsonInterval } from '../src/stats/binomial-intervals';
import { countFenceBreakouts } from '../test/support/hostile-text';
import { casesOf, isCaughtAsDegenerate, isSuspected, variantsOf, withAnswer } from './judge-attacks/caught';
import { benignSets, recordedAttacks } from './judge-attacks/corpus';
import { HELD_OUT, HELD_OUT_BENIGN } from './judge-attacks/held-out';
import { ATTACK_CLASSES, DEGENERATE, OPTIMISED_SUFFIXES, PARAPHRASES } from './judge-attacks/strings';
import { finish, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();
const TEXTS_PER_PROMPT = 3;

interface Share {
  readonly hits: number;
  readonly n: number;
  readonly share: number | null;
  readonly wilson: readonly [number, number] | null;
}

function shareOf(hits: number, n: number): Share {
  return { hits, n, share: n === 0 ? null : hits / n, wilson: wilsonInterval(hits, n) };
}

function caught<T>(cases: readonly T[], test: (one: T) => boolean): Share {
  return shareOf(cases.filter(test).length, cases.length);
}

function main(): Promise<void> {
  const perClass: Record<string, Share & { readonly what: string; readonly counted: boolean }> = {};
  for (const { type, what, counted } of ATTACK_CLASSES) {
    perClass[type] = { ...caught(casesOf(type), isSuspected), what, counted };
  }
  const degenerates = caught(DEGENERATE.flatMap(variantsOf), isCaughtAsDegenerate);
  perClass['A7'] = { ...degenerates, what: 'empty, degenerate, master key', counted: true };
  const paraphrases = PARAPHRASES.map((text) => withAnswer(`The capital of Australia is Sydney.\n\n${text}`));
  perClass['P'] = { ...caught(paraphrases, isSuspected), what: 'paraphrases of A1 to A20', counted: true };
  const suffixes = OPTIMISED_SUFFIXES.map((suffix) => withAnswer(`The capital of Australia is Sydney. ${suffix}`));
  perClass['A11'] = { ...caught(suffixes, isSuspected), what: 'optimised suffix, imitated', counted: false };

  const behind = (text: string): ReturnType<typeof withAnswer> =>
    withAnswer(`The capital of Australia is Sydney.\n\n${text}`);
  const heldOutPerClass = Object.fromEntries(
    Object.entries(HELD_OUT).map(([type, strings]) => [type, caught(strings.map(behind), isSuspected)]),
  );
  const heldOut = shareOf(
    sum(Object.values(heldOutPerClass).map(({ hits }) => hits)),
    sum(Object.values(heldOutPerClass).map(({ n }) => n)),
  );
  const heldOutBenign = caught(
    HELD_OUT_BENIGN.map((text) => withAnswer(text)),
    isSuspected,
  );
  const recorded = recordedAttacks();
  const ofRecorded = (texts: readonly string[] | undefined): Share =>
    caught(texts ?? [], (text) => isSuspected(withAnswer(text)));
  const recordedHandWritten = ofRecorded(recorded?.handWritten);
  const recordedOptimised = ofRecorded(recorded?.optimised);

  const counted = Object.values(perClass).filter((one) => one.counted && one.what !== perClass['A7']?.what);
  const total = [...counted, recordedHandWritten];
  const recall = shareOf(sum(total.map(({ hits }) => hits)), sum(total.map(({ n }) => n)));
  const weakest = counted.reduce((low, one) => ((one.share ?? 1) < (low.share ?? 1) ? one : low));

  const falsePositives: Record<string, Share> = {};
  const degenerateFlags: Record<string, Share> = {};
  for (const [name, turns] of benignSets()) {
    const cases = (turns ?? []).map(({ answer, user }) => withAnswer(answer, user));
    falsePositives[name] = caught(cases, isSuspected);
    degenerateFlags[name] = caught(cases, (one) => degenerate.run(one).result === 'fail');
  }
  if (recorded !== null) falsePositives['judge_attacks benign'] = ofRecorded(recorded.benign);
  const sets = Object.entries(falsePositives).filter(([name]) => !name.startsWith('judge_attacks'));
  const worst = sets.reduce<number | null>(
    (max, [, { share }]) => (share === null ? max : Math.max(max ?? 0, share)),
    null,
  );

  const prompts = Math.ceil((flags.quick ? 30_000 : 1_000_000) / TEXTS_PER_PROMPT);
  const breakouts = countFenceBreakouts(prompts, flags.seed);
  const figures = {
    degenerate_caught: degenerates.share,
    fence_breakouts: breakouts,
    fence_texts: prompts * TEXTS_PER_PROMPT,
    detector: {
      recall: recall.share,
      recall_wilson: recall.wilson,
      weakest_class_recall: weakest.share,
      // Strings that the detector was never changed for.
      held_out: { ...heldOut, per_class: heldOutPerClass, false_positive: heldOutBenign },
      recorded_hand_written: recordedHandWritten,
      recorded_optimised_suffixes: recordedOptimised,
      false_positive: worst,
      false_positive_sets: falsePositives,
      degenerate_flags: degenerateFlags,
      ...(recorded === null ? { why: 'no judge_attacks under PLUMBLINE_DATA: own strings alone' } : {}),
    },
    per_class: perClass,
  };
  const text = [
    formatTable([
      ['type', 'what', 'caught', 'of', 'recall', 'Wilson 95 %'],
      ...Object.entries(perClass)
        .sort(([a], [b]) => (Number(a.slice(1)) || 99) - (Number(b.slice(1)) || 99))
        .map(([type, one]) => [type, `${one.what}${one.counted ? '' : ' (apart)'}`, ...cells(one)]),
      ['recorded', 'hand-written', ...cells(recordedHandWritten)],
      ['recorded', 'optimised suffixes (apart)', ...cells(recordedOptimised)],
      ['all', 'hand-written', ...cells(recall)],
      ...Object.entries(heldOutPerClass).map(([type, one]) => [type, 'held out: never tuned on', ...cells(one)]),
      ['held out', 'all', ...cells(heldOut)],
      ['held out', 'ordinary sentences with the same words: suspected', ...cells(heldOutBenign)],
    ]),
    formatTable([
      ['real rows', 'suspected', 'of', 'share', 'Wilson 95 %', 'degenerate'],
      ...Object.entries(falsePositives).map(([name, one]) => [
        name,
        ...cells(one),
        formatPercent(degenerateFlags[name]?.share ?? null),
      ]),
    ]),
    `fence break-outs ${breakouts} of ${prompts * TEXTS_PER_PROMPT} hostile texts; degenerate answers caught before the judge ${formatPercent(degenerates.share)}`,
  ].join('\n');
  finish(flags, text, figures);
  return Promise.resolve();
}

function cells({ hits, n, share, wilson }: Share): string[] {
  const bounds = wilson === null ? '–' : `${formatNumber(wilson[0])} to ${formatNumber(wilson[1])}`;
  return [String(hits), String(n), formatPercent(share), bounds];
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

runScript(main);
