import fc from 'fast-check';
import { markText, safeHref, visibleText } from '../../../src/console/web/plain-text';

describe('text of production', () => {
  it('shows what would turn the direction of writing, hide or ring a bell', () => {
    expect(visibleText('a\u202eb\u200bc\u0007d\u001b[31m')).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩d⟨U+001B⟩[31m');
    expect(visibleText('one\r\n\ttwo\nthree é 日本 🙂')).toBe('one\n\ttwo\nthree é 日本 🙂');
  });

  it('never holds a character that deceives, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('marks of evidence', () => {
  it('cut the text where the findings lie', () => {
    expect(markText('within 90 days', [{ start: 7, end: 9, name: 'grounding' }])).toEqual([
      { text: 'within ', mark: null },
      { text: '90', mark: 'grounding' },
      { text: ' days', mark: null },
    ]);
  });

  it('lose no text, whatever the spans, also those outside of it', () => {
    const span = fc.record({
      start: fc.integer({ min: -5, max: 30 }),
      end: fc.integer({ min: -5, max: 30 }),
      name: fc.constant('x'),
    });
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,20}$/), fc.array(span, { maxLength: 6 }), (text, spans) => {
        expect(
          markText(text, spans)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('links out', () => {
  it('go to web addresses only', () => {
    expect(safeHref('https://trace.example/t/1?x=%22')).toBe('https://trace.example/t/1?x=%22');
    for (const url of [
      'javascript:alert(1)',
      ' https://a.example',
      'data:text/html,x',
      '//a.example',
      'java\nscript:1',
      '',
    ]) {
      expect(safeHref(url)).toBeNull();
    }
    expect(safeHref(null)).toBeNull();
  });
});
