import { parsePathText, renderFaults, showValue, toPathText } from '../../../src/config/fault';

describe('faults', () => {
  it('are rendered one below the other, aligned', () => {
    expect(
      renderFaults([
        { file: 'a.yaml', line: 12, path: 'judges[0].timeoutMs', saw: '10', wanted: 'an integer from 50 to 600000' },
        { file: 'a.yaml', line: 1, path: '', saw: null, wanted: 'a mapping' },
        { file: 'a.yaml', line: 2, path: 'a', saw: null, wanted: 'x', problem: 'one family; two are needed' },
      ]),
    ).toBe(`3 faults in the configuration

a.yaml:12  judges[0].timeoutMs
    saw     10
    wanted  an integer from 50 to 600000

a.yaml:1
    wanted  a mapping

a.yaml:2  a
    fault   one family; two are needed
`);
  });

  it('show escape sequences instead of performing them', () => {
    const hostile = '\u001b[2J\r\n\u202e\u009b';
    const text = renderFaults([{ file: 'a', line: 1, path: hostile, saw: showValue(hostile, []), wanted: hostile }]);
    expect(text).not.toMatch(/[\u001b\r\u202e\u009b]/);
    expect(text.split('\n')).toHaveLength(6);
  });

  it('shorten long values', () => {
    expect(showValue('x'.repeat(1e6), [])?.length).toBeLessThan(100);
  });

  it('write paths that can be read back', () => {
    for (const path of [['judges', 0, 'name'], ['cascade', 'cheap', 1, 0], []]) {
      expect(parsePathText(toPathText(path))).toEqual(path);
    }
    expect(toPathText(['segments', 'a b'])).toBe('segments["a b"]');
  });
});
