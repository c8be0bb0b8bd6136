import { Type } from 'avsc';
import type { DecodeFault } from '../../../src/decode/port';
import { bytes, decode, decoderOf, framed, interactions, json, recordSchema } from './decoder-rig';

describe('the decoder on bytes that nobody meant well', () => {
  it.each<[string, Buffer | string | null, DecodeFault['reason']]>([
    ['a tombstone', null, 'undecodable'],
    ['no bytes', '', 'undecodable'],
    ['plain text', 'hello', 'undecodable'],
    ['half a JSON text', '{"interaction_id":', 'undecodable'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'undecodable'],
    ['an unknown schema id', framed(99, bytes), 'unknown_schema'],
    ['an id without bytes', framed(7, Buffer.alloc(0)), 'undecodable'],
    ['trailing bytes', framed(7, Buffer.concat([bytes, Buffer.from([0])])), 'undecodable'],
    ['truncated bytes', framed(7, bytes.subarray(0, -3)), 'undecodable'],
    ['2 MB', Buffer.alloc(2_000_000, 0x20), 'too_large'],
    ['deep JSON', `{"facts":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'too_deep'],
    [
      'deep JSON after a quote that is escaped',
      `{"a":"\\\\\\"[","facts":${'['.repeat(100)}${']'.repeat(100)}}`,
      'too_deep',
    ],
    ['a prototype key', '{"interaction_id":"i","__proto__":{"admin":true}}', 'invalid'],
    ['a prototype key behind an escape', '{"segments":{"__pr\\u006fto__":"x"}}', 'invalid'],
    ['a constructor key', '{"segments":{"constructor":"x"}}', 'invalid'],
  ])('turns %s into a dead letter', (_, value, reason) => {
    expect(decode(value)).toMatchObject({ ok: false, error: { reason } });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('takes brackets inside of texts for texts', () => {
    const record = json();
    record['output'] = { text: '[[{{"\\'.repeat(200) };
    expect(decode(JSON.stringify(record))).toMatchObject({ ok: true });
  });

  it('faults on NaN, infinity and prototype keys in Avro, and names where', () => {
    const type = Type.forSchema(interactions.schemaJson() as never, { wrapUnions: 'never' });
    const base = { ...json(), facts: null };
    const nan = type.toBuffer({
      ...base,
      usage: { ...(base as unknown as { usage: object }).usage, cost_usd: Number.NaN },
    });
    expect(decode(framed(7, nan))).toEqual({
      ok: false,
      error: { reason: 'invalid', detail: 'usage.cost_usd: wanted finite number, saw NaN', schemaId: 7 },
    });
    const evil = type.toBuffer({ ...base, segments: JSON.parse('{"__proto__":"x"}') as object });
    expect(decode(framed(7, evil))).toMatchObject({ ok: false, error: { reason: 'undecodable' } });
    const hidden = type.toBuffer({ ...base, facts: '{"a":{"constructor":1}}' });
    expect(decode(framed(7, hidden))).toMatchObject({
      ok: false,
      error: { reason: 'invalid', detail: 'facts: wanted harmless keys, saw a prototype key' },
    });
  });

  it.each<[string, unknown, Buffer]>([
    ['a list of nulls', recordSchema('Bomb', { type: 'array', items: 'null' }), Buffer.from('80c8afa02500', 'hex')],
    [
      'a list of empty records',
      recordSchema('Bomb', { type: 'array', items: { type: 'record', name: 'E', fields: [] } }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    [
      'a list of fixed 0',
      recordSchema('Bomb', { type: 'array', items: { type: 'fixed', name: 'F', size: 0 } }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    ['a recursive type', recordSchema('Loop', ['null', 'Loop']), Buffer.alloc(100_000, 2)],
    [
      'a list longer than its bytes',
      recordSchema('Long', { type: 'array', items: 'boolean' }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    [
      'a map longer than its bytes',
      recordSchema('Long', { type: 'map', values: 'boolean' }),
      Buffer.from('80c8afa02500', 'hex'),
    ],
    ['a text longer than its bytes', recordSchema('Long', 'string'), Buffer.from('80c8afa025', 'hex')],
    ['a text of negative length', recordSchema('Long', 'string'), Buffer.from('03', 'hex')],
    [
      'many tiny items',
      recordSchema('Many', { type: 'array', items: 'boolean' }),
      Buffer.concat([Buffer.from('c0843d', 'hex'), Buffer.alloc(500_001)]),
    ],
  ])('refuses %s at once', (_, schema, payload) => {
    const read = decoderOf({}, { '1': schema });
    const heapBefore = process.memoryUsage().heapUsed;
    const startedAt = performance.now();
    expect(read(framed(1, payload))).toMatchObject({ ok: false, error: { reason: 'undecodable', schemaId: 1 } });
    expect(performance.now() - startedAt).toBeLessThan(200);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(20_000_000);
  });
});
