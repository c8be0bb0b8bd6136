import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SeriesStanding } from '../../../src/domain/alert';
import { createFold, type FoldSnapshot } from '../../../src/watch/fold';
import type { FoldOptions } from '../../../src/watch/options';
import { decodeState, type EncodedState, encodeState } from '../../../src/watch/state';
import { at, buildMarker } from '../../support/builders/ledger-record';

/** Written by the program when it had version 3: 1,300 records of made-up traffic, with where each series stood. */
interface Kept {
  readonly options: FoldOptions;
  readonly standings: readonly SeriesStanding[];
  readonly state: EncodedState;
}

function kept(): Kept {
  return JSON.parse(gunzipSync(readFileSync(join(__dirname, 'state-3.json.gz'))).toString()) as Kept;
}

describe('a state of version 3', () => {
  const { options, standings, state } = kept();
  const fold = createFold(options);

  it('is read, and every series stands where it stood', () => {
    const read: FoldSnapshot = fold.snapshot(decodeState(kept().state, options));
    expect(read.standings.length).toBe(standings.length);
    read.standings.forEach(({ thresholdRatio, detectableDrop: _, ...one }, i) => {
      const { thresholdRatio: before, detectableDrop: __, ...was } = standings[i]!;
      expect(one).toEqual(was);
      expect(Math.abs((thresholdRatio ?? 0) - (before ?? 0))).toBeLessThan(0.01);
    });
    expect(read.position).toBe(BigInt(state.position));
  });

  it('goes on: what is written from it is of this version, and reads as the same', () => {
    const ours = decodeState(kept().state, options);
    const position = ours.position;
    fold.applyEntry(ours, { position, record: { ...buildMarker([at(1, 0)]), recordedAt: (ours.clock ?? 0) + 1_000 } });
    const again = decodeState(JSON.parse(JSON.stringify(encodeState(ours))) as EncodedState, options);
    expect(encodeState(again)).toEqual(JSON.parse(JSON.stringify(encodeState(ours))));
    expect(again.position).toBe(position + 1n);
  });
});
