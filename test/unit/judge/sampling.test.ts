import { uniformDraw } from '../../../src/judge/draw';
import { samplingOptions } from '../../../src/judge/options';
import { createSampler } from '../../../src/judge/sampling';
import { INITIAL_POLICY } from '../../../src/policy/policy';
import { buildInteraction } from '../../support/builders/interaction';

const many = Array.from({ length: 20000 }, (_, i) => `c-${i}`);

describe('uniformDraw', () => {
  it('is uniform, in [0, 1), and the same every time', () => {
    const draws = many.map((id) => uniformDraw('sample', 's', 1, id));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    for (let decile = 0; decile < 10; decile++) {
      const share = draws.filter((draw) => Math.floor(draw * 10) === decile).length / draws.length;
      // Four standard errors of a share of one tenth.
      expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / draws.length));
    }
    expect(many.map((id) => uniformDraw('sample', 's', 1, id))).toEqual(draws);
  });

  it('keeps the draws of different purposes, salts and policies apart', () => {
    const base = many.map((id) => uniformDraw('sample', 's', 1, id));
    const others = [
      many.map((id) => uniformDraw('escalate', 's', 1, id)),
      many.map((id) => uniformDraw('sample', 't', 1, id)),
      many.map((id) => uniformDraw('sample', 's', 2, id)),
    ];
    for (const other of others) {
      const both = base.filter((draw, i) => draw < 0.5 && (other[i] ?? 1) < 0.5).length / many.length;
      expect(both).toBeCloseTo(0.25, 1);
    }
  });

  it('does not confuse a salt that ends like an id begins', () => {
    expect(uniformDraw('sample', 'a|1', 1, 'b')).not.toBe(uniformDraw('sample', 'a', 1, '1|b'));
  });
});

describe('createSampler', () => {
  const options = samplingOptions.parse({
    rate: 0.2,
    cells: [
      { where: { product: 'support', locale: 'de' }, rate: 0.5 },
      { where: { product: 'support' }, rate: 1 },
      { where: { product: 'internal' }, rate: 0 },
    ],
  });
  const sampler = createSampler(options);
  const at = (segments: Record<string, string>, conversationId = 'c-1') =>
    sampler(buildInteraction({ segments, conversationId }), INITIAL_POLICY);

  it('takes the first cell whose segments all match, else the general rate', () => {
    expect(at({ product: 'support', locale: 'de' })).toMatchObject({
      probability: 0.5,
      cell: 'locale=de,product=support',
    });
    expect(at({ product: 'support', locale: 'en' })).toMatchObject({
      probability: 1,
      cell: 'product=support',
      sampled: true,
    });
    expect(at({ product: 'search' })).toMatchObject({ probability: 0.2, cell: 'default' });
    expect(at({})).toMatchObject({ cell: 'default' });
  });

  it('always samples at 1 and never at 0', () => {
    expect(many.every((id) => at({ product: 'support' }, id).sampled)).toBe(true);
    expect(many.some((id) => at({ product: 'internal' }, id).sampled)).toBe(false);
  });

  it('samples whole conversations, whatever they say and whoever answers', () => {
    for (const conversationId of many.slice(0, 500)) {
      const turns = [0, 1, 2].map((turnIndex) =>
        sampler(
          buildInteraction({
            conversationId,
            interactionId: `${conversationId}-${turnIndex}`,
            turnIndex,
            segments: {},
            input: [{ role: 'user', content: 'x'.repeat(turnIndex) }],
          }),
          INITIAL_POLICY,
        ),
      );
      expect(new Set(turns.map((turn) => turn.sampled)).size).toBe(1);
    }
  });

  it('keeps to the rate', () => {
    const share = many.filter((id) => at({}, id).sampled).length / many.length;
    expect(Math.abs(share - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / many.length));
  });

  it('nests: what a low rate samples, a higher one samples too', () => {
    const low = many.filter((id) => at({}, id).sampled);
    expect(low.every((id) => at({ product: 'support', locale: 'de' }, id).sampled)).toBe(true);
  });

  it('samples fewer of the same conversations when a policy scales sampling down, and the same again afterwards', () => {
    const under = (version: number, samplingScale: number) =>
      many.filter((conversationId) => {
        const interaction = buildInteraction({ conversationId, segments: {} });
        return sampler(interaction, { ...INITIAL_POLICY, version, samplingScale }).sampled;
      });
    const [full, half, restored] = [under(1, 1), under(2, 0.5), under(3, 1)];
    expect(half.length).toBeLessThan(full.length);
    expect(half.every((id) => full.includes(id))).toBe(true);
    expect(restored).toEqual(full);
    const scaled = sampler(buildInteraction({ segments: {} }), { ...INITIAL_POLICY, samplingScale: 0.5 });
    expect(scaled.probability).toBeCloseTo(0.1, 12);
  });

  it('passes the producer’s own sampling on', () => {
    const upstream = buildInteraction({ upstreamSampling: { probability: 0.25, scheme: 'head' } });
    expect(sampler(upstream, INITIAL_POLICY).upstreamProbability).toBe(0.25);
  });

  it('does not read segments from the prototype of anything', () => {
    const odd = createSampler(samplingOptions.parse({ rate: 0, cells: [{ where: { constructor: 'x' }, rate: 1 }] }));
    expect(odd(buildInteraction(), INITIAL_POLICY).cell).toBe('default');
  });
});
