import type { CheckResult } from '../domain/check';
import type { Interaction } from '../domain/interaction';
import { allChecks } from './all-checks';
import { checksOptions, type ChecksOptions } from './options';
import type { Check, DocumentedCheck } from './port';
import { createRule, ruleProblem } from './rules/create-rule';

/**
 * The checks that are switched on: built in, by rule, and `own` ones from files. Unknown names in `disable` are ignored
 * here; `checkOptionFaults` reports them, and rules that cannot be read, on which this throws.
 */
export function createChecks(options: ChecksOptions, own: readonly Check[] = []): readonly Check[] {
  const disabled = new Set(options.disable);
  return [...allChecks(options), ...options.rules.map(createRule), ...own].filter((check) => !disabled.has(check.name));
}

/** One result per check, in their order. Checks are total; one that throws is a bug, and is not hidden here. */
export function runChecks(checks: readonly Check[], interaction: Interaction): CheckResult[] {
  return checks.map((check) => check.run(interaction));
}

/** What docs/checks.md lists, with the default options. */
export function checkCatalogue(): readonly DocumentedCheck[] {
  return allChecks(checksOptions.parse({}));
}

/** Names of all checks, those switched off too. */
export function checkNames(options: ChecksOptions, own: readonly Check[] = []): ReadonlySet<string> {
  return new Set([...checkCatalogue(), ...options.rules, ...own].map(({ name }) => name));
}

export interface CheckOptionFault {
  readonly option: 'disable' | 'escalateOn' | 'criteriaAfter' | 'minLength' | 'rules' | 'folder';
  readonly problem: string;
}

/** What the schema of the options cannot see: names of no check, and limits that exclude every answer. */
export function checkOptionFaults(options: ChecksOptions, own: readonly Check[] = []): readonly CheckOptionFault[] {
  const names = new Set(checkCatalogue().map((check) => check.name));
  const faults: CheckOptionFault[] = [];
  for (const rule of options.rules) {
    const problem = names.has(rule.name) ? 'the name is taken' : ruleProblem(rule);
    if (problem !== null) faults.push({ option: 'rules', problem: `\`${rule.name}\`: ${problem}` });
    names.add(rule.name);
  }
  for (const { name } of own) {
    if (names.has(name)) faults.push({ option: 'folder', problem: `\`${name}\`: the name is taken` });
    names.add(name);
  }
  const named = {
    disable: options.disable,
    escalateOn: options.escalateOn,
    criteriaAfter: Object.values(options.criteriaAfter).flat(),
  };
  for (const option of ['disable', 'escalateOn', 'criteriaAfter'] as const) {
    for (const name of named[option]) {
      if (!names.has(name))
        faults.push({ option, problem: `no check is named \`${name}\`; there are ${[...names].join(', ')}` });
    }
  }
  if (options.minLength > options.maxLength) {
    faults.push({ option: 'minLength', problem: `${options.minLength} is above maxLength ${options.maxLength}` });
  }
  return faults;
}
