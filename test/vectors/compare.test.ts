import { differences } from './compare';

describe('comparison with a vector', () => {
  it('passes equal values, and numbers within the tolerance', () => {
    expect(
      differences({ a: [1, null, 'x'], b: true }, { a: [1 + 1e-12, undefined, 'x'], b: true, c: 1 }, 1e-9),
    ).toEqual([]);
  });

  it.each([
    [{ a: 1 }, { a: 1.001 }],
    [{ a: 1 }, {}],
    [{ a: 1 }, { a: NaN }],
    [{ a: 1 }, { a: null }],
    [{ a: null }, { a: 0 }],
    [{ a: [1, 2] }, { a: [1] }],
    [{ a: true }, { a: false }],
    [{ a: 'x' }, { a: 'y' }],
    [{ a: { b: 1 } }, { a: 3 }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ])('fails %j against %j', (expected, actual) => {
    expect(differences(expected, actual, 1e-9)).toHaveLength(1);
  });
});
