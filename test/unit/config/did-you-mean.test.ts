import { didYouMean } from '../../../src/config/did-you-mean';

describe('didYouMean', () => {
  it.each([
    ['cascde', 'cascade'],
    ['Judges', 'judges'],
    ['crtieria', 'criteria'],
    ['sevrer', 'server'],
  ])('takes %s for %s', (seen, wanted) => {
    expect(didYouMean(seen, ['cascade', 'judges', 'criteria', 'server', 'source'])).toBe(wanted);
  });

  it('keeps quiet when nothing is close', () => {
    expect(didYouMean('golden', ['cascade', 'judges', 'server'])).toBeNull();
    expect(didYouMean('', ['server'])).toBeNull();
    expect(didYouMean('x'.repeat(10_000), ['server'])).toBeNull();
  });
});
