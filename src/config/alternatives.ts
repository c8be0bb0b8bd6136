import { z } from 'zod';
import { configSchema } from './config';
import type { KeyPath } from './fault';

/**
 * The shapes that the schema allows at a path, with unions taken apart. zod answers a union with the complaints of the
 * first branch that merely has unknown keys; this finds the branch whose keys the author used.
 */
export function shapesAt(path: KeyPath): readonly z.ZodObject[] {
  let schemas = unfold(configSchema);
  for (const part of path) schemas = schemas.flatMap((schema) => step(schema, part)).flatMap(unfold);
  return schemas.filter((schema) => schema instanceof z.ZodObject);
}

/** Of the shapes at `path` the one that knows most of `keys`; null when there is no choice. */
export function meantShape(path: KeyPath, keys: readonly string[]): z.ZodObject | null {
  const shapes = shapesAt(path);
  if (shapes.length < 2) return null;
  const known = (shape: z.ZodObject): number => keys.filter((key) => Object.hasOwn(shape.shape, key)).length;
  return shapes.reduce((best, shape) => (known(shape) > known(best) ? shape : best));
}

function unfold(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unfold);
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodLazy;
  return wraps ? unfold(schema.unwrap()) : [schema];
}

function step(schema: z.core.$ZodType, part: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return typeof part === 'number' ? [schema.element] : [];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (!(schema instanceof z.ZodObject) || typeof part === 'number') return [];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const inner = Object.hasOwn(shape, part) ? shape[part] : undefined;
  return inner === undefined ? [] : [inner];
}
