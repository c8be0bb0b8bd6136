import { z } from 'zod';
import { type Result, err, ok } from '../domain/result';
import type { CriterionOptions } from './options';
import { cleanText } from './normalise';
import { parseStrictJson } from './strict-json';

/** What a judge writes: one JSON object and nothing else. */
export interface ReplyBody {
  /** The item nonce of the prompt: shows that the reply belongs to this item. */
  readonly nonce: string;
  /** One entry per criterion asked, by name. */
  readonly criteria: Readonly<Record<string, BinaryReply | ScaleReply>>;
}

export interface BinaryReply {
  readonly rationale: string;
  readonly verdict: 'pass' | 'fail' | 'not_applicable';
  /** How sure the judge is of its own verdict, integer per cent, 50 (a guess) to 100. */
  readonly confidence: number;
}

export interface ScaleReply {
  readonly rationale: string;
  /** Integer within the criterion's scale. */
  readonly score: number;
}

/** A judge's reading of one criterion. */
export interface Reading {
  readonly outcome: 'scored' | 'not_applicable';
  /** Probability of a pass in the judge's view, in [0, 1]; null when not applicable. */
  readonly score: number | null;
  /** In [0, 1]; null on a scale, which has none. */
  readonly confidence: number | null;
  readonly rationale: string;
}

/** Why a reply has no score. Carries no text of the reply. */
export type ReplyFault = 'no json object' | 'duplicate key' | 'wrong shape' | 'wrong nonce';

/** The contract of one call: what the provider's decoder is told and what its answer is held to, from one source. */
export interface ReplyFormat {
  readonly schema: object;
  /**
   * The same contract made for one item: the nonce is a constant and the rationale bounded, so that a small model held to
   * it by its decoder can get neither wrong. Only for servers that make a grammar per call for nothing.
   */
  schemaFor(nonce: string): object;
  /** A stable name for the schema. */
  readonly schemaName: string;
  /** Readings by criterion. Strict: nothing is coerced, nothing is searched for in prose. */
  parse(text: string, nonce: string): Result<ReadonlyMap<string, Reading>, ReplyFault>;
}

const MAX_RATIONALE = 1000;
/** UTF-16 units of a rationale under a schema made for one item. */
const BOUNDED_RATIONALE = 300;
/** The object, its criteria, one criterion: anything deeper is no reply of ours. */
const MAX_DEPTH = 4;

/**
 * The format for these criteria, asked in one call. The nonce is a plain string in the schema: a provider compiles and
 * caches each schema it meets, and one per item would cost seconds a call.
 */
export function createReplyFormat(criteria: readonly CriterionOptions[]): ReplyFormat {
  const shapeOf = <N extends z.ZodType<string>>(nonce: N, rationale: z.ZodString, whole: WholeNumber) =>
    z.strictObject({
      nonce,
      criteria: z.strictObject(Object.fromEntries(criteria.map((c) => [c.name, entrySchema(c, rationale, whole)]))),
    });
  const shape = shapeOf(z.string(), z.string(), (min, max) => z.int().min(min).max(max));
  return {
    schema: toSchema(shape),
    schemaFor: (nonce) => toSchema(shapeOf(z.literal(nonce), z.string().max(BOUNDED_RATIONALE), oneOf)),
    schemaName: 'verdicts',
    parse(text, nonce) {
      const json = parseStrictJson(text, MAX_DEPTH);
      if (!json.ok) return err(json.error === 'duplicate key' ? 'duplicate key' : 'no json object');
      const body = shape.safeParse(json.value);
      if (!body.success) return err('wrong shape');
      if (body.data.nonce !== nonce) return err('wrong nonce');
      const replies = body.data.criteria as ReplyBody['criteria'];
      return ok(new Map(criteria.map((c) => [c.name, toReading(c, replies[c.name] as BinaryReply | ScaleReply)])));
    },
  };
}

type WholeNumber = (min: number, max: number) => z.ZodType<number>;

/** Spelt out: few makers of grammars know what a minimum is. */
const oneOf: WholeNumber = (min, max) => z.literal(Array.from({ length: max - min + 1 }, (_, i) => min + i));

function toSchema(shape: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(shape) as Record<string, unknown>;
  return schema;
}

/** The rationale comes first so that the verdict follows from it, not it from the verdict. */
function entrySchema(criterion: CriterionOptions, rationale: z.ZodString, whole: WholeNumber): z.ZodType {
  if (criterion.kind === 'scale') {
    const { min, max } = scaleOf(criterion);
    return z.strictObject({ rationale, score: whole(min, max) });
  }
  return z.strictObject({
    rationale,
    verdict: z.enum(['pass', 'fail', 'not_applicable']),
    confidence: whole(50, 100),
  });
}

function toReading(criterion: CriterionOptions, reply: BinaryReply | ScaleReply): Reading {
  const rationale = cleanText(reply.rationale.slice(0, MAX_RATIONALE));
  if ('score' in reply) {
    const { min, max } = scaleOf(criterion);
    return { outcome: 'scored', score: (reply.score - min) / (max - min), confidence: null, rationale };
  }
  const confidence = reply.confidence / 100;
  if (reply.verdict === 'not_applicable') return { outcome: 'not_applicable', score: null, confidence, rationale };
  const score = reply.verdict === 'pass' ? confidence : (100 - reply.confidence) / 100;
  return { outcome: 'scored', score, confidence, rationale };
}

/** Throws when the scale is missing or empty: `cascadeFaults` refuses such a configuration before. */
export function scaleOf(criterion: CriterionOptions): { readonly min: number; readonly max: number } {
  if (criterion.scale === undefined || criterion.scale.min >= criterion.scale.max) {
    throw new Error(`criterion ${criterion.name}: wanted \`scale\` with min below max`);
  }
  return criterion.scale;
}
