import { type ModelFamily, canonicalFamily, familyOf, isIndependent, judgeFamily } from './families';
import { exampleInteraction, NOBODYS } from './examples';
import { isApplicable } from './needs';
import type { CascadeOptions, CriterionOptions, JudgeOptions, ModelFamilyOptions } from './options';

/** Something wrong with the judging part of a configuration. */
export interface CascadeFault {
  /** Where, e.g. `['judges', 2, 'name']`. */
  readonly path: readonly (string | number)[];
  readonly severity: 'error' | 'warning';
  /** The value seen and what is wanted. */
  readonly message: string;
}

export interface JudgingConfig {
  readonly criteria: readonly CriterionOptions[];
  readonly judges: readonly JudgeOptions[];
  readonly cascade: CascadeOptions;
  readonly models: readonly ModelFamilyOptions[];
  /** Model names known to serve, to be checked for an admissible panel at every stage; none by default. */
  readonly producerModels?: readonly string[];
}

/** Fewest distinct families of an ensemble, and the number below which it gets a warning. */
const FAMILIES_REQUIRED = 2;
const FAMILIES_WANTED = 3;

/** Everything that the schema cannot see, all at once; empty = `createCascade` accepts it. */
export function cascadeFaults(config: JudgingConfig): CascadeFault[] {
  return [
    ...duplicateNames('criteria', config.criteria),
    ...duplicateNames('judges', config.judges),
    ...config.criteria.flatMap(scaleFaults),
    ...config.criteria.flatMap(exampleFaults),
    ...judgeFaults(config),
    ...panelFaults('cheap', config),
    ...panelFaults('ensemble', config),
    ...shadowFaults(config),
    ...bandFaults(config.cascade),
    ...splitFaults(config),
    ...spreadFaults(config),
    ...askingFaults(config.cascade),
    ...(config.producerModels ?? []).flatMap((model) => producerFaults(model, config)),
  ];
}

function spreadFaults({ cascade: { spread }, criteria }: JudgingConfig): CascadeFault[] {
  return spread.flatMap(({ criterion, upTo, probability }, i) => {
    const faults: CascadeFault[] = [];
    const fault = (key: string, message: string): void =>
      void faults.push(error(['cascade', 'spread', i, key], message));
    if (!criteria.some(({ name }) => name === criterion)) fault('criterion', `\`${criterion}\` is no criterion`);
    if (upTo.some((end, step) => step > 0 && end <= upTo[step - 1]!))
      fault('upTo', `${upTo.join(', ')}; wanted rising ends`);
    if (probability.length !== upTo.length) {
      fault('probability', `${probability.length} values; wanted one for each of the ${upTo.length} steps`);
    }
    return faults;
  });
}

function duplicateNames(section: 'criteria' | 'judges', entries: readonly { readonly name: string }[]): CascadeFault[] {
  const seen = new Set<string>();
  return entries.flatMap(({ name }, i) => {
    if (seen.has(name)) return [error([section, i, 'name'], `\`${name}\` is used twice; names must differ`)];
    seen.add(name);
    return [];
  });
}

function scaleFaults(criterion: CriterionOptions, i: number): CascadeFault[] {
  const { kind, scale } = criterion;
  if (kind === 'scale' && scale === undefined) {
    return [error(['criteria', i, 'scale'], 'missing; `kind: scale` needs `scale` with `min` and `max`')];
  }
  if (kind === 'binary' && scale !== undefined) {
    return [error(['criteria', i, 'scale'], 'given, but `kind` is binary; set `kind: scale` or leave it out')];
  }
  return scale !== undefined && scale.min >= scale.max
    ? [error(['criteria', i, 'scale'], `min ${scale.min}, max ${scale.max}; min must be below max`)]
    : [];
}

/** An example without what its criterion requires could never be judged. */
function exampleFaults(criterion: CriterionOptions, i: number): CascadeFault[] {
  return criterion.examples.flatMap((example, j): CascadeFault[] => {
    if (example.expect === 'not_applicable' || isApplicable(criterion, exampleInteraction(example, NOBODYS))) return [];
    const wanted = `what the criterion requires: ${criterion.requires.join(', ')}`;
    return [error(['criteria', i, 'examples', j], `expects ${example.expect}, but has not all of ${wanted}`)];
  });
}

function judgeFaults({ judges, models }: JudgingConfig): CascadeFault[] {
  return judges.flatMap((judge, i) => {
    if (judgeFamily(judge, models) === null) {
      return [error(['judges', i, 'family'], `the family of \`${judge.model}\` is not known; declare \`family\``)];
    }
    const known = familyOf(judge.model, models);
    return judge.family !== undefined && known !== null && known.family !== canonicalFamily(judge.family)
      ? [warning(['judges', i, 'family'], `\`${judge.family}\`, but \`${judge.model}\` is known as ${known.family}`)]
      : [];
  });
}

function panelFaults(stage: 'cheap' | 'ensemble', { cascade, judges, models }: JudgingConfig): CascadeFault[] {
  return cascade[stage].flatMap((panel, i) => {
    const path = ['cascade', stage, i];
    const faults = panel.flatMap((name, j): CascadeFault[] => {
      if (!judges.some((judge) => judge.name === name)) {
        const known = judges.map((judge) => judge.name).join(', ');
        return [error([...path, j], `no judge is named \`${name}\`; known: ${known || 'none'}`)];
      }
      return panel.indexOf(name) < j ? [error([...path, j], `\`${name}\` is in the panel twice`)] : [];
    });
    return stage === 'cheap' || faults.length > 0 ? faults : ensembleFaults(path, panel, cascade, judges, models);
  });
}

function ensembleFaults(
  path: readonly (string | number)[],
  panel: readonly string[],
  cascade: CascadeOptions,
  judges: readonly JudgeOptions[],
  models: readonly ModelFamilyOptions[],
): CascadeFault[] {
  const faults: CascadeFault[] = [];
  if (cascade.quorum > panel.length) {
    faults.push(
      error(['cascade', 'quorum'], `${cascade.quorum}, but the panel ${panel.join('+')} has ${panel.length}`),
    );
  }
  const families = familiesOf(panel, judges, models);
  // An unknown family is a fault of its judge already; counting it here would say the same twice.
  if (families.length < panel.length) return faults;
  const distinct = new Set(families.map(({ family }) => family)).size;
  const seen = `${distinct} ${distinct === 1 ? 'family' : 'families'} (${families.map(({ family }) => family).join(', ')})`;
  if (distinct < FAMILIES_REQUIRED) faults.push(error(path, `${seen}; an ensemble needs two distinct families`));
  else if (distinct < FAMILIES_WANTED) faults.push(warning(path, `${seen}; three are recommended`));
  return faults;
}

/** A shadow may be promoted at any time: the panels must be sound with it in its place. */
function shadowFaults({ cascade, judges, models }: JudgingConfig): CascadeFault[] {
  return cascade.shadows.flatMap(({ judge, beside }, i): CascadeFault[] => {
    const unknown = [judge, beside].filter((name) => !judges.some((one) => one.name === name));
    if (unknown.length > 0)
      return unknown.map((name) => error(['cascade', 'shadows', i], `no judge is named \`${name}\``));
    const seated = [...cascade.cheap, ...cascade.ensemble].filter((panel) => panel.includes(beside));
    if (seated.length === 0) return [error(['cascade', 'shadows', i, 'beside'], `\`${beside}\` is in no panel`)];
    if (seated.some((panel) => panel.includes(judge))) {
      return [error(['cascade', 'shadows', i, 'judge'], `\`${judge}\` is in a panel with \`${beside}\` already`)];
    }
    return cascade.ensemble
      .filter((panel) => panel.includes(beside))
      .map((panel) => panel.map((name) => (name === beside ? judge : name)))
      .flatMap((panel) => ensembleFaults(['cascade', 'shadows', i], panel, cascade, judges, models))
      .filter(({ severity }) => severity === 'error');
  });
}

function splitFaults({ criteria, judges, cascade: { tieBreakers, asking } }: JudgingConfig): CascadeFault[] {
  const unknown = tieBreakers.flatMap((name, i) =>
    judges.some((judge) => judge.name === name)
      ? []
      : [error(['cascade', 'tieBreakers', i], `no judge is named \`${name}\``)],
  );
  return [
    ...unknown,
    ...criteria.flatMap(({ onSplit }, i): CascadeFault[] => {
      if (onSplit !== 'ask') return [];
      const path = ['criteria', i, 'onSplit'];
      if (asking === 'learned') return [error(path, '`ask`, but under `asking: learned` the rule says who is asked')];
      return tieBreakers.length === 0 ? [error(path, '`ask`, but `cascade.tieBreakers` names nobody')] : [];
    }),
  ];
}

function bandFaults({ band }: CascadeOptions): CascadeFault[] {
  return band.low <= band.high
    ? []
    : [error(['cascade', 'band'], `low ${band.low}, high ${band.high}; low must not be above high`)];
}

/** Only votes can be decided before all are in: a mean moves with every score. */
function askingFaults({ asking, method, stopping }: CascadeOptions): CascadeFault[] {
  if (asking === 'learned' && stopping === undefined) {
    return [error(['cascade', 'stopping'], 'missing; `asking: learned` needs the file of `plumbline judges learn`')];
  }
  return asking === 'until_decided' && method !== 'majority'
    ? [error(['cascade', 'asking'], `until_decided, but \`method\` is ${method}; it goes with \`majority\` alone`)]
    : [];
}

/** A route whose answers no panel may judge. */
function producerFaults(model: string, { cascade, judges, models }: JudgingConfig): CascadeFault[] {
  if (cascade.independence === 'observe') return [];
  const severity = cascade.independence === 'enforce' ? error : warning;
  const producer = familyOf(model, models);
  if (producer === null) return [severity(['models'], `the family of \`${model}\` is not known; declare it`)];
  return (['cheap', 'ensemble'] as const).flatMap((stage) => {
    const admissible = cascade[stage].some((panel) => {
      const families = familiesOf(panel, judges, models);
      return families.length === panel.length && families.every((family) => isIndependent(family, producer));
    });
    return admissible
      ? []
      : [severity(['cascade', stage], `no panel is independent of \`${model}\` (${producer.family}); add one`)];
  });
}

function familiesOf(
  panel: readonly string[],
  judges: readonly JudgeOptions[],
  models: readonly ModelFamilyOptions[],
): ModelFamily[] {
  return panel.flatMap((name) => {
    const judge = judges.find((candidate) => candidate.name === name);
    return judge === undefined ? [] : (judgeFamily(judge, models) ?? []);
  });
}

function error(path: CascadeFault['path'], message: string): CascadeFault {
  return { path, severity: 'error', message };
}

function warning(path: CascadeFault['path'], message: string): CascadeFault {
  return { path, severity: 'warning', message };
}
