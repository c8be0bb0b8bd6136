import type { CheckResult } from '../domain/check';
import type { Interaction } from '../domain/interaction';
import { allChecks } from './all-checks';
import { checksOptions, type ChecksOptions } from './options';
import type { Check, DocumentedCheck } from './port';

/** The checks that are switched on. Unknown names in `disable` are ignored here; `checkOptionFaults` reports them. */
export function createChecks(options: ChecksOptions): readonly Check[] {
  const disabled = new Set(options.disable);
  return allChecks(options).filter((check) => !disabled.has(check.name));
}

/** One result per check, in their order. Checks are total; one that throws is a bug, and is not hidden here. */
export function runChecks(checks: readonly Check[], interaction: Interaction): CheckResult[] {
  return checks.map((check) => check.run(interaction));
}

/** What docs/checks.md lists, with the default options. */
export function checkCatalogue(): readonly DocumentedCheck[] {
  return allChecks(checksOptions.parse({}));
}

export interface CheckOptionFault {
  readonly option: 'disable' | 'escalateOn' | 'criteriaAfter' | 'minLength';
  readonly problem: string;
}

/** What the schema of the options cannot see: names of no check, and limits that exclude every answer. */
export function checkOptionFaults(options: ChecksOptions): readonly CheckOptionFault[] {
  const names = new Set(checkCatalogue().map((check) => check.name));
  const faults: CheckOptionFault[] = [];
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
