import { measureCost } from './cost';
import { fuzz } from './fuzzed';
import { evaluateOrdinary } from './ordinary';
import { evaluatePersonalData } from './personal-data';
import { evaluateRefusals } from './refusals';
import { evaluateRepetition } from './repetition';
import { rowsOf } from './rows';
import { evaluateToolClaims } from './tool-claims';

const SETS = ['uss', 'judge_attacks', 'tau_airline', 'pii_presidio', 'dices350', 'llmbar', 'evouna', 'realmistake'];

function main(args: readonly string[]): void {
  const quick = args.includes('--quick');
  const asked = Number(args[args.indexOf('--fuzz') + 1]);
  const fuzzCount = args.includes('--fuzz') && asked > 0 ? asked : quick ? 2000 : 100_000;
  const absent = SETS.filter((name) => rowsOf(name).length === 0);
  if (absent.length > 0)
    console.log(`No rows of ${absent.join(', ')}: set PLUMBLINE_DATA. Their figures are null or 0.`);

  const claims = evaluateToolClaims();
  console.log(
    `\nClaims of action on ${claims.turns} answers of real traces (mutations stated in bench/eval-checks/tool-claims.ts)`,
  );
  console.table(claims.byMutation);
  console.table({ all: claims.score });
  console.log('False alarms on unmutated answers', claims.falseAlarms);

  const repetition = evaluateRepetition();
  console.log('\nRepetition: mutated answers of task dialogues against the unmutated');
  console.table(repetition.uss);
  console.log('Attacks on judges: payloads caught by repetition, degenerate, injection or non_empty');
  console.table(repetition.attacks);

  const refusals = evaluateRefusals();
  console.log('\nRefusals on rows labelled by hand (bench/eval-checks/refusal-labels.json)');
  console.table(refusals);

  const pii = evaluatePersonalData();
  console.log('\nPersonal data, strict spans (structured kinds on by default; names and addresses off)');
  console.table({ ...pii.byKind, 'structured, all': pii.structured, name: pii.name, address: pii.address });

  const ordinary = evaluateOrdinary();
  console.log('\nShare of ordinary answers on which a check fails');
  for (const [set, { answers, shares }] of Object.entries(ordinary.bySet)) {
    console.log(
      `${set}: ${answers} answers`,
      Object.fromEntries(Object.entries(shares).filter(([, share]) => share > 0)),
    );
  }

  const cost = measureCost(quick ? 60 : 500);
  console.log('\nCost', cost);
  const fuzzing = fuzz(fuzzCount);
  console.log('\nFuzzed interactions', fuzzing);

  if (!args.includes('--json')) return;
  const { name, address, structured, byKind } = pii;
  console.log(
    JSON.stringify({
      pii: { structured_f1: structured.f1, names_f1: name.f1, addresses_f1: address.f1, by_kind: byKind },
      false_positive: { escalating_max: ordinary.escalatingMax, alerting_max: ordinary.alertingMax },
      claims: { precision: claims.score.precision, recall: claims.score.recall, by_mutation: claims.byMutation },
      refusals,
      repetition,
      cost_us_per_kb: cost.checksUsPerKb,
      cost: { ...cost, byCheckUsPerKb: undefined },
      fuzz: fuzzing,
    }),
  );
}

main(process.argv.slice(2));
