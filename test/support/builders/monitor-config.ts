import { stringify } from 'yaml';

/** Sections of plumbline.yaml by name, as docs/configuration.md lists them. */
type Sections = Readonly<Record<string, unknown>>;

/**
 * plumbline.yaml of a monitor that judges everything by one criterion, cheaply by `mini`, then by `gemini` and `qwen`;
 * a section that is given replaces the one here.
 */
export function monitorConfig(sections: Sections & { readonly judges: readonly object[] }): string {
  const usual = {
    instance: { name: 't' },
    sampling: { rate: 1 },
    criteria: [{ name: 'helpful', rubric: 'Does the answer help?' }],
    cascade: THREE_JUDGES,
    telemetry: { logLevel: 'warn' },
  };
  return stringify({ ...usual, ...sections }, { aliasDuplicateObjects: false });
}

/** Section `cascade` for the judges of `threeJudges`. */
export const THREE_JUDGES = { cheap: [['mini']], ensemble: [['gemini', 'qwen']] };

/** Judges of three families behind one server; further keys for `each` of them, and for `mini` over those. */
export function threeJudges(
  baseUrl: string,
  { each = {}, mini = {} }: { each?: object; mini?: object } = {},
): object[] {
  return [
    { name: 'mini', model: 'mistral-small', baseUrl, ...each, ...mini },
    { name: 'gemini', model: 'gemini-pro', baseUrl, ...each },
    { name: 'qwen', model: 'qwen-max', baseUrl, ...each },
  ];
}

/** Key `prices` of a judge that asks as much for what it reads as for what it writes, in US dollars for a million. */
export function pricedAt(usdPerMTok: number): object {
  return { prices: { inputPerMTok: usdPerMTok, outputPerMTok: usdPerMTok } };
}

/**
 * Sections of an instance whose topics and groups begin with `prefix` and that reads `<prefix>.in`; `kafka` is
 * `source.kafka`, and `source` holds further keys beside it.
 */
export function readingKafka(prefix: string, kafka: object, source: object = {}): Sections {
  return {
    instance: { name: 't', topicPrefix: prefix, groupPrefix: prefix },
    source: { kafka, topics: { interactions: `${prefix}.in`, behaviour: null }, ...source },
  };
}
