import { createDecoder } from '../../../src/decode/decoder';
import { decodeOptions } from '../../../src/decode/options';
import type { DecodeFault, Decoded } from '../../../src/decode/port';
import type { Interaction } from '../../../src/domain/interaction';
import type { Result } from '../../../src/domain/result';

export type Fields = Readonly<Record<string, unknown>>;

/** Maps records of any shape by the rules of `source.mapping`. */
export function mapperOf(mapping: unknown): (record: unknown) => Result<Decoded, DecodeFault> {
  const options = decodeOptions.parse({ mapping });
  const decoder = createDecoder(options, { topics: { interactions: 't', behaviour: null }, readSchemaFile: () => '' });
  return (record) => {
    const value = Buffer.from(JSON.stringify(record));
    return decoder.decode({ topic: 't', value, headers: {} }) as Result<Decoded, DecodeFault>;
  };
}

/** Throws when it is none. */
export function interactionOf(result: Result<Decoded, DecodeFault>): Interaction {
  if (!result.ok || result.value.kind !== 'interaction') throw new Error(JSON.stringify(result));
  return result.value.interaction;
}

/** Rules that find the least that an interaction needs. */
export const minimal = {
  interaction_id: 'id',
  occurred_at: { const: 1_772_442_000_000 },
  producer: { object: { provider: { const: 'p' }, model: { const: 'm' } } },
  output: { object: { text: { const: 'x' } } },
};
