import type { TauFigures } from './tau';
import type { TopicalFigures } from './topical';
import { DOMAINS, type UssFigures } from './uss';

interface Skipped {
  readonly why: string;
}

/** The readable part of `eval:sessions`. */
export function sessionsText(
  uss: UssFigures | Skipped,
  tau: TauFigures | Skipped,
  topical: TopicalFigures | Skipped,
): string {
  return [...ussLines(uss), '', ...tauLines(tau), '', ...topicalLines(topical), ''].join('\n');
}

function ussLines(uss: UssFigures | Skipped): string[] {
  if ('why' in uss) return [`uss: SKIPPED, ${uss.why}`];
  const line = (name: string, values: Readonly<Record<string, number | null>>): string =>
    `  ${name.padEnd(34)}${DOMAINS.map((domain) => show(values[domain] ?? null)).join('')}`;
  const { recovery, bad_turn: bad } = uss;
  return [
    `uss: ${uss.dialogues} dialogues, ${uss.rated_turns} rated turns; behavioural signals only`,
    `  ${''.padEnd(34)}${DOMAINS.map((domain) => domain.padStart(9)).join('')}`,
    line('AUC, turns rated <= 2.5', uss.auc),
    ...Object.entries(uss.baseline_auc).map(([name, values]) => line(`  baseline ${name}`, values)),
    line('rank correlation with overall', uss.overall_correlation),
    ...Object.entries(uss.baseline_correlation).map(([name, values]) => line(`  baseline ${name}`, values)),
    line('ceiling (one annotator vs the rest)', uss.ceiling),
    line('share of the ceiling', uss.share_of_ceiling),
    `  bad turns: flagged${show(bad.flagged)}, precision${show(bad.precision)}, recall${show(bad.recall)}`,
    `  recovery by ratings (${recovery.bad ?? 0} bad with a later turn): next >= 3${show(recovery.next3)}, next >= 4${show(recovery.next4)}, ever >= 3${show(recovery.ever3)}, ever >= 4${show(recovery.ever4)}`,
    `  recovery by behaviour: next${show(uss.behavioural_recovery.next)}, ever${show(uss.behavioural_recovery.ever)}`,
  ];
}

function tauLines(tau: TauFigures | Skipped): string[] {
  if ('why' in tau) return [`tau_airline: SKIPPED, ${tau.why}`];
  return [
    `tau_airline: ${tau.sessions} sessions, ${tau.successes} successes; the user is simulated`,
    `  AUC of the user's effort for success${show(tau.auc)}, without hand-overs${show(tau.auc_without_handoffs)}, were a hand-over a failure${show(tau.auc_if_handoff_were_failure)}`,
    `  AUC of satisfaction${show(tau.auc_satisfaction)}: the scripted user thanks an agent that breaks a rule and argues with one that keeps it`,
    `  baselines: fewer turns${show(tau.baseline_auc.fewer_turns)}, shorter${show(tau.baseline_auc.shorter)}`,
    `  handed over: successes${show(tau.handed_off.successes)}, failures${show(tau.handed_off.failures)}`,
    `  endings of successes ${JSON.stringify(tau.endings.successes)}, of failures ${JSON.stringify(tau.endings.failures)}`,
  ];
}

function topicalLines(topical: TopicalFigures | Skipped): string[] {
  if ('why' in topical) return [`topical_chat: SKIPPED, ${topical.why}`];
  return [
    `topical_chat: ${topical.conversations} conversations; ${topical.note}`,
    `  correlation with the conversation's rating${show(topical.correlation)}, AUC of low turns within raters${show(topical.auc_low_turns)}`,
  ];
}

function show(value: number | null): string {
  return (value === null ? '-' : value.toFixed(4)).padStart(9);
}
