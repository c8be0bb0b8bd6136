import { createLogger } from '../../../src/outputs/log';
import { silentLogger } from '../../../src/platform/logger';

const SECRET = 'sk-very-secret-"4711"';

function capture(level: 'debug' | 'info' | 'warn' = 'debug', secretValues: string[] = [SECRET]) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, logger: createLogger({ level, base: { instance: 'test' }, secretValues, destination }) };
}

function parsed(lines: readonly string[]): Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON object per line with level, time and the fixed fields', () => {
    const { lines, logger } = capture();
    logger.info({ records: 3, offset: 12n }, 'started');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(parsed(lines)[0]).toMatchObject({
      level: 'info',
      instance: 'test',
      records: 3,
      offset: '12',
      msg: 'started',
    });
    expect(parsed(lines)[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('leaves out what is below its level, and everything when silent', () => {
    const { lines, logger } = capture('warn');
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.error({}, 'c');
    expect(parsed(lines).map(({ msg }) => msg)).toEqual(['c']);
    expect(createLogger({ level: 'silent' })).toBe(silentLogger);
  });

  it('hides secrets by the name of their key at any depth', () => {
    const { lines, logger } = capture();
    const headers = { authorization: 'Bearer abcdefghijk', 'x-api-key': 'abc', accept: 'json' };
    logger.info({ apiKey: 'abc', request: { headers, token: ['abc'] }, inputTokens: 5 }, 'x');
    expect(parsed(lines)[0]).toMatchObject({
      apiKey: '***',
      request: { headers: { authorization: '***', 'x-api-key': '***', accept: 'json' }, token: '***' },
      inputTokens: 5,
    });
  });

  it('hides known secret values wherever they turn up', () => {
    const { lines, logger } = capture();
    const error = Object.assign(new Error(`401 for ${SECRET}`, { cause: new Error(SECRET) }), { code: 'E_AUTH' });
    logger.error({ err: error, note: `x${SECRET}x`, list: [SECRET] }, `failed with ${SECRET}`);
    expect(lines.join('')).not.toContain('sk-very-secret');
    expect(parsed(lines)[0]?.['err']).toMatchObject({ type: 'Error', code: 'E_AUTH', message: '401 for ***' });
  });

  it('hides passwords in URLs and bearer tokens in texts', () => {
    const { lines, logger } = capture();
    logger.warn({ detail: 'GET http://me:hunter22@host/v1 with Bearer abcdefgh.ijkl' }, 'x');
    expect(lines.join('')).not.toMatch(/hunter22|abcdefgh/);
  });

  it('hides fields that by their name hold text of people or models', () => {
    const { lines, logger } = capture();
    logger.info({ prompt: 'my illness', output: { text: 'take this' }, rationale: 'since' }, 'x');
    expect(lines.join('')).not.toMatch(/illness|take this|since/);
  });

  it('cannot be made to start a second line or to drive a terminal', () => {
    const { lines, logger } = capture();
    const hostile = 'a\r\n{"level":"error"}\u001b[31m\u009b2J\u202e\u2028b';
    logger.info({ hostile, [hostile]: 1 }, hostile);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(parsed(lines)[0]?.['msg']).toBe(hostile);
  });

  it('survives what JSON cannot hold', () => {
    const { lines, logger } = capture();
    const loop: Record<string, unknown> = { fn: () => 1, big: 1n, bytes: Buffer.from('text'), sym: Symbol('s') };
    loop['self'] = loop;
    logger.info({ loop, none: undefined, long: 'x'.repeat(1e6) }, 'x');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThan(10_000);
  });
});
