import type { Interaction } from '../domain/interaction';
import type { Behaviour } from '../domain/behaviour';

type Part<T> = { readonly [K in keyof T]?: T[K] extends object | null ? Loose<T[K]> : T[K] };
type Loose<T> = T extends readonly (infer Item)[] ? readonly Part<Item>[] : Part<T>;

/** What only the product knows; everything else of an interaction may be left out and is then counted as missing. */
export interface EmittedInteraction extends Omit<
  Part<Interaction>,
  'conversationKnown' | 'input' | 'output' | 'producer' | 'segments' | 'facts' | 'outputSchema'
> {
  /** Unique and the same when it is sent again. */
  readonly interactionId: string;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  readonly producer: Part<Interaction['producer']> & Pick<Interaction['producer'], 'provider' | 'model'>;
  readonly input: Interaction['input'];
  readonly output: Part<Interaction['output']> & Pick<Interaction['output'], 'text'>;
  readonly segments?: Readonly<Record<string, string>>;
  /** JSON of your own systems that claims in the answer are checked against. */
  readonly facts?: unknown;
  readonly outputSchema?: unknown;
}

export type EmittedBehaviour = Pick<Behaviour, 'eventId' | 'conversationId' | 'occurredAt' | 'kind'> &
  Partial<Pick<Behaviour, 'interactionId' | 'userHash' | 'value'>>;

/** Fields that an allow-list can leave out: all that is not needed to make a record. */
export type OptionalField = Exclude<
  keyof EmittedInteraction,
  'interactionId' | 'occurredAt' | 'producer' | 'input' | 'output'
>;

/** Keys below these are the caller's own and stay as they are. */
const OPAQUE = new Set(['segments', 'facts', 'output_schema']);

/** `{ interactionId: 'a' }` to `{ interaction_id: 'a' }`, at every depth but inside what is the caller's own. */
export function toRecord(value: object): Readonly<Record<string, unknown>> {
  const record: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    if (inner === undefined) continue;
    const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    record[name] = OPAQUE.has(name) ? inner : convert(inner);
  }
  return record;
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  return typeof value === 'object' && value !== null ? toRecord(value) : value;
}
