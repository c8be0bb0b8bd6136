import { addId, createIdTable, decodeIdTable, encodeIdTable } from '../../../src/watch/id-table';

describe('the table of ids', () => {
  it('knows an id from its first appearance on', () => {
    const table = createIdTable(1000);
    expect(addId(table, 'a')).toBe(true);
    expect(addId(table, 'a')).toBe(false);
    expect(addId(table, 'b')).toBe(true);
  });

  it('remembers at least the last `window` ids and forgets the oldest in slices', () => {
    const table = createIdTable(1000);
    for (let i = 0; i < 3000; i++) expect(addId(table, `id-${i}`)).toBe(true);
    for (let i = 2000; i < 3000; i++) expect(addId(table, `id-${i}`)).toBe(false);
    expect(addId(table, 'id-0')).toBe(true);
    expect(table.slices.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(1125);
  });

  it('tells near-equal ids apart', () => {
    const table = createIdTable(200_000);
    for (let i = 0; i < 100_000; i++) {
      if (!addId(table, `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`)) throw new Error(`${i} collided`);
    }
  });

  it('goes on from its encoding as from itself, and encodes to the same bits', () => {
    const table = createIdTable(800);
    for (let i = 0; i < 950; i++) addId(table, `id-${i}`);
    const copy = decodeIdTable(encodeIdTable(table), 800);
    expect(encodeIdTable(copy)).toEqual(encodeIdTable(table));
    for (let i = 900; i < 1500; i++) expect(addId(copy, `id-${i}`)).toBe(addId(table, `id-${i}`));
    expect(encodeIdTable(copy)).toEqual(encodeIdTable(table));
  });
});
