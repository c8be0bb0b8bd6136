import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createErase, type Erase, type ErasureReceipt } from '../../../../src/compose/evidence/erasure';
import { goldenSetPlace } from '../../../../src/compose/golden/erasure';
import { interactionText, readGoldenSet } from '../../../../src/compose/golden/set-file';
import type { KeyedRecord } from '../../../../src/domain/ledger-record';
import { type GoldenItem, renderGoldenSet } from '../../../../src/golden/set';
import { TORN } from '../../../../src/platform/replace-file';
import { buildInteraction } from '../../../support/builders/interaction';
import { evidenceOf, memoryStore } from '../../../support/stored-evidence';

const USER = 'user-of-whom-nothing-is-to-stay';

function goldenItem(id: string, userHash: string | null, text: string): GoldenItem {
  const base = buildInteraction();
  const interaction = { ...base, interactionId: id, userHash, output: { ...base.output, text } };
  const settled = { mini: { helpful: { mean: 0.8, base: 0.75, runs: 3 } } };
  return { id: `g-${id}`, interaction, stratum: 's', fresh: false, human: {}, settled };
}

describe('an erasure', () => {
  let folder: string;
  let path: string;
  let written: KeyedRecord[];
  let erase: Erase;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'erasure-'));
    path = join(folder, 'golden.jsonl');
    const items = [
      goldenItem('i-1', null, 'known to the store'),
      goldenItem('old-1', USER, 'gone from the store'),
      goldenItem('x-1', null, 'stays'),
    ];
    const set = { name: 'g', frozenAt: '2026-11-01T00:00:00Z', promptHash: 'p', items };
    await writeFile(path, renderGoldenSet(set, interactionText));
    const store = memoryStore();
    await store.write(evidenceOf(1, { item: { userHash: USER } }));
    written = [];
    erase = createErase({
      store,
      places: [goldenSetPlace(path)],
      expiring: [],
      salts: [],
      append: async (records) => void written.push(...records),
      now: () => 1_000,
    });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const goldenOf = ({ places }: ErasureReceipt) => places.find(({ place }) => place === 'golden set');

  it('takes items out of the golden set, also those that the store had forgotten, and says what that does to drift', async () => {
    const before = await readGoldenSet(path);
    const receipt = await erase('user', USER, 'ada');
    const after = await readGoldenSet(path);
    expect(after.items.map(({ interaction }) => interaction.interactionId)).toEqual(['x-1']);
    expect(after.items).toEqual(before.items.slice(2));
    expect(after.seal).not.toBe(before.seal);
    expect(await readFile(path, 'utf8')).not.toMatch(/known to the store|gone from the store/);
    expect(goldenOf(receipt)).toMatchObject({ found: 2, erased: 2, left: null });
    expect(goldenOf(receipt)?.effect).toContain(`sealed anew as ${after.seal.slice(0, 12)}`);
    expect(goldenOf(receipt)?.effect).toContain('1 items are fewer than 400');
  });

  it('leaves the set and its seal alone where it holds nothing of whom is erased', async () => {
    const before = await readFile(path, 'utf8');
    const receipt = await erase('conversation', 'of-somebody-else', 'ada');
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(goldenOf(receipt)).toEqual({ place: 'golden set', found: 0, erased: 0, left: null });
  });

  it('says that copies are left where the file cannot be written', async () => {
    // A folder in the place of the new file: not even root can write there.
    await mkdir(`${path}${TORN}`);
    const receipt = await erase('user', USER, 'ada');
    expect(goldenOf(receipt)).toMatchObject({ found: 2, erased: 0 });
    expect(goldenOf(receipt)?.left).toContain('cannot be written here (EISDIR)');
  });

  it('notes itself in the ledger without the id', async () => {
    const receipt = await erase('user', USER, 'ada');
    expect(written).toMatchObject([{ kind: 'annotation', annotation: { author: 'ada' } }]);
    expect(JSON.stringify([written, receipt])).not.toContain(USER);
  });
});
