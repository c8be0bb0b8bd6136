import { createLocalApi } from '../../../src/console/api';
import type { ConsoleParts } from '../../../src/console/ports';
import { baselineRoutes } from '../../../src/console/routes/baselines';
import type { SeriesStanding } from '../../../src/domain/alert';
import type { KeyedRecord } from '../../../src/domain/ledger-record';

const STANDING: SeriesStanding = {
  tier: 'full',
  series: { kind: 'score_regression', segment: { dimension: 'product', value: 'a' }, criterion: 'helpful', panel: 'p' },
  state: 'idle',
  severity: 'page',
  owner: '',
  learned: 1,
  readyAt: null,
  baseline: { source: 'learned', mean: 0.85, values: 1200 },
  recentDrop: null,
  thresholdRatio: 0.2,
  detectableDrop: null,
};
const NAME = 'score_regression|product=a|helpful|p';

function open(snapshot: ReturnType<ConsoleParts['snapshot']>, segments: readonly string[] = []) {
  const written: KeyedRecord[] = [];
  const parts = {
    snapshot: () => snapshot,
    append: (records: readonly KeyedRecord[]) => void written.push(...records),
    now: () => 7,
  };
  const call = createLocalApi(baselineRoutes(parts as unknown as ConsoleParts), {
    name: 'ada',
    role: 'admin',
    segments,
  });
  return { call, written };
}
const SNAPSHOT = { clock: 1, estimates: [], standings: [STANDING], sessions: [], seeds: () => [] };

describe('baselines in the API', () => {
  it('are listed by the name that a decision takes, with what each rests on', async () => {
    const answer = await open(SNAPSHOT).call('GET', '/baselines', {});
    expect(answer).toMatchObject({
      status: 200,
      json: { rows: [{ name: NAME, baseline: { source: 'learned', mean: 0.85, values: 1200 }, threshold_ratio: 0.2 }] },
    });
  });

  it('are accepted or reset with a reason and an author, as a record of the ledger', async () => {
    const { call, written } = open(SNAPSHOT);
    const body = { action: 'accept', series: NAME, reason: 'the new prompt is meant' };
    expect(await call('POST', '/baselines/decisions', body)).toMatchObject({ status: 201 });
    expect(written).toMatchObject([
      {
        kind: 'acknowledgement',
        acknowledgement: {
          action: 'accept',
          alertId: null,
          series: STANDING.series,
          author: 'ada',
          reason: body.reason,
        },
      },
    ]);
  });

  it.each([
    [404, { action: 'reset', series: 'score_regression|all|other|p', reason: 'why' }],
    [400, { action: 'acknowledge', series: NAME, reason: 'why' }],
    [400, { action: 'reset', series: NAME }],
  ])('answers %i to %j and writes nothing', async (status, body) => {
    const { call, written } = open(SNAPSHOT);
    expect(await call('POST', '/baselines/decisions', body)).toMatchObject({ status });
    expect(written).toEqual([]);
  });

  it('are not there where the ledger is not folded, or for who may not see the segment', async () => {
    expect(await open(null).call('GET', '/baselines', {})).toMatchObject({ status: 503 });
    const { call, written } = open(SNAPSHOT, ['product=b']);
    expect(await call('GET', '/baselines', {})).toMatchObject({ json: { rows: [] } });
    const body = { action: 'reset', series: NAME, reason: 'why' };
    expect(await call('POST', '/baselines/decisions', body)).toMatchObject({ status: 404 });
    expect(written).toEqual([]);
  });
});
