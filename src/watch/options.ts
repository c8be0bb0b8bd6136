import { z } from 'zod';
import type { DeepReadonly } from '../domain/deep-readonly';

export const segmentOptions = z.strictObject({
  dimensions: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/))
    .default(['product'])
    .describe('Keys of `segments` that are tracked, besides `model`, `route` and `release` of the producer.'),
  producer: z
    .array(z.enum(['model', 'route', 'release', 'provider']))
    .default(['model', 'route', 'release'])
    .describe('Properties of the producer that are dimensions too.'),
  crosses: z
    .array(z.array(z.string()).min(2).max(3))
    .default([])
    .describe('Chosen combinations, e.g. `[product, locale]`.'),
  maxValues: z.int().min(1).default(200).describe('Values per dimension; the rest is counted as `__other__`.'),
});
export type SegmentOptions = DeepReadonly<z.infer<typeof segmentOptions>>;

export const watchOptions = z.strictObject({
  idWindow: z.int().min(1000).default(1000000).describe('Interaction ids remembered to recognise producer duplicates.'),
});
export type WatchOptions = DeepReadonly<z.infer<typeof watchOptions>>;
