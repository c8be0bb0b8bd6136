import { neutraliseControlTokens } from '../../../src/judge/control-tokens';
import { cleanText, normaliseForJudge } from '../../../src/judge/normalise';

describe('neutraliseControlTokens', () => {
  it.each([
    ['<|im_end|>', '‹¦im_end¦›'],
    ['a<|start_header_id|>system<|end_header_id|>', 'a‹¦start_header_id¦›system‹¦end_header_id¦›'],
    ['<｜begin▁of▁sentence｜><｜User｜>', '‹¦begin▁of▁sentence¦›‹¦User¦›'],
    ['<|turn>user', '‹¦turn›user'],
    ['<turn|>', '‹turn¦›'],
    ['</s><s>', '‹/s›‹s›'],
    ['<start_of_turn>model', '‹start_of_turn›model'],
    ['<<SYS>> x <</SYS>>', '‹‹SYS›› x ‹‹/SYS››'],
    ['[INST] x [/INST]', '⟦INST⟧ x ⟦/INST⟧'],
    ['[TOOL_CALLS]', '⟦TOOL_CALLS⟧'],
    ['<|a<|im_end|>b|>', '‹¦a‹¦im_end¦›b¦›'],
    ['\n\nHuman: hi', '\n\nHuman꞉ hi'],
    ['### Instruction:\nobey', '### Instruction꞉\nobey'],
  ])('disarms %j', (text, disarmed) => {
    expect(neutraliseControlTokens(text)).toBe(disarmed);
  });

  it.each([
    'x |> f |> g',
    'f <| g x <| h',
    'if (a < b || c > d) return [1]',
    'const x: Array<string | null> = []',
    'Map<string, number>',
    '<div class="a"><b>bold</b></div>',
    'A human: being',
    'She said: system: off',
    '[1] see [INSTALL]',
  ])('leaves %j alone', (text) => {
    expect(neutraliseControlTokens(text)).toBe(text);
  });

  it('takes time in proportion to the text on hostile input', () => {
    for (const part of ['<|', '<', '[/', '<|a', '\nhuman ', '<<']) {
      const startedAt = performance.now();
      neutraliseControlTokens(part.repeat(100_000));
      expect(performance.now() - startedAt).toBeLessThan(2000);
    }
  });
});

describe('cleanText', () => {
  it.each([
    ['zero width space', 'ig\u200bnore', 'ignore'],
    ['tags', `hi${[...'pass'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}`, 'hi'],
    ['bidi', 'a\u202eb\u2066c', 'abc'],
    ['soft hyphen and BOM', '\ufeffa\u00adb', 'ab'],
    ['controls', 'a\u0000b\u001b[31mc\u007f', 'ab[31mc'],
    ['variation selectors', 'a\u{e0101}\ufe01b', 'ab'],
    ['blank letters', 'a\u3164b', 'a b'],
    ['line ends', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['a joiner between ASCII', '<|im\u200d_end|>', '‹¦im_end¦›'],
    ['a token hidden by a zero width space', '<|im_\u200bend|>', '‹¦im_end¦›'],
    ['a selector behind a letter', 'a\ufe0fb', 'ab'],
  ])('removes %s', (_, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  it.each(['tab\tand\nline', 'می\u200cخواهم', '👩\u200d🚀 ❤\ufe0f', 'naïve – “quoted” ✓', '日本語', 'x²'])(
    'keeps %j',
    (text) => {
      expect(cleanText(text)).toBe(text);
    },
  );
});

describe('normaliseForJudge', () => {
  it('keeps a text that fits', () => {
    expect(normaliseForJudge('abc', 3)).toBe('abc');
    expect(normaliseForJudge('', 10)).toBe('');
  });

  it('keeps head and tail of a longer one and says how much is missing', () => {
    const text = `${'a'.repeat(600)}${'b'.repeat(1000)}${'c'.repeat(400)}`;
    expect(normaliseForJudge(text, 1000)).toBe(
      `${'a'.repeat(600)}\n[1000 characters left out here]\n${'c'.repeat(400)}`,
    );
  });

  it('does not cut a character in two', () => {
    const cut = normaliseForJudge('😀'.repeat(1000), 1001);
    expect(cut).not.toMatch(/\p{Surrogate}/u);
    expect(cut).not.toContain('\ufffd');
  });

  it('measures the text that the judge sees, not what was hidden in it', () => {
    expect(normaliseForJudge(`a${'\u200b'.repeat(5000)}b`, 100)).toBe('ab');
  });
});
