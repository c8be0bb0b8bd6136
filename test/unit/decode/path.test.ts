import { compilePath } from '../../../src/decode/path';

describe('a path', () => {
  const record = { a: { b: [{ c: 1 }, { c: 2 }] }, 'x.y': 3, list: [1, 2] };
  it.each<[string, unknown]>([
    ['a.b[0].c', 1],
    ['a.b[-1].c', 2],
    ['a.b[9].c', undefined],
    ['["x.y"]', 3],
    ["['x.y']", 3],
    ['list[1]', 2],
    ['list.length', undefined],
    ['a.toString', undefined],
    ['.', record],
  ])('%s finds %j', (path, wanted) => {
    expect(compilePath(path)(record)).toEqual(wanted);
  });
});
