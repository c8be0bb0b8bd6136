import type { Incident } from '../../../src/domain/alert';
import { annotationRecord } from '../../../src/domain/ledger-record';
import type { SegmentKey } from '../../../src/domain/segment';
import { alertLine } from '../../../src/compose/codecs';
import { consoleRoutes } from '../../../src/console/console-server';
import type { ConsoleParts } from '../../../src/console/ports';
import { buildStatus } from '../../support/builders/status';
import { evidenceOf } from '../../support/stored-evidence';
import { apiOfTests, AUTH, buildAlert } from './api-rig';

describe('the JSON API to somebody who may see one segment', () => {
  const { start, ask, as, samplePath, send, write, written } = apiOfTests();

  describe('to an admin of one segment', () => {
    const ELSEWHERE = { dimension: 'product', value: 'elsewhere' };
    const other = buildAlert({ id: 'eeeeeeeeeeeeeeee', series: { ...buildAlert().series, segment: ELSEWHERE } });
    const telling = buildAlert({
      alongside: [{ segment: ELSEWHERE, criterion: 'helpful', drop: 0.2 }],
      newSince: ['product=elsewhere'],
      text: 'Changed with it: helpful in product=elsewhere by -0.2.',
    });
    const incident = (id: string, scope: SegmentKey, alerts: readonly string[]): Incident => ({
      id,
      state: 'firing',
      kind: 'score_regression',
      severity: 'page',
      scope,
      openedAt: 10_000,
      began: null,
      alerts,
    });

    /** Everything there is of one segment and of another one, which must not show. */
    beforeEach(async () => {
      await start(AUTH);
      const item = { segments: { product: 'elsewhere' }, conversationId: 'c-1' };
      await write({
        ...evidenceOf(3, { item, text: 'said elsewhere' }),
        alerts: [telling, other].map((value) => ({ value, json: alertLine(value) })),
        incidents: [
          incident('own', telling.series.segment, [telling.id, other.id]),
          incident('other', ELSEWHERE, [other.id]),
        ],
      });
      const note = { kind: 'note', at: 9_000, until: null, author: 'ada', withdrawn: false } as const;
      await write({
        entries: [
          { id: 'n1', text: 'about elsewhere', segments: { product: 'elsewhere' } },
          { id: 'n2', text: 'about a', segments: { product: 'a' } },
        ].map((one, i) => ({ position: BigInt(500 + i), record: annotationRecord({ ...note, ...one }, 1) })),
      });
    });

    it('every route shows nothing of another, and those that are about everything refuse', async () => {
      for (const route of consoleRoutes({} as unknown as ConsoleParts, buildStatus)) {
        const where = `${route.method} ${route.path}`;
        if (route.scope === 'all') {
          expect([where, await send(route, as('SCOPED_ADMIN'))]).toEqual([where, 403]);
          continue;
        }
        if (route.method === 'POST') continue;
        const response = await ask(samplePath(route.path), { headers: as('SCOPED_ADMIN') });
        expect([where, (await response.text()).includes('elsewhere')]).toEqual([where, false]);
      }
    });

    it.each([
      ['/incidents/own', 200],
      ['/incidents/other', 404],
      ['/alerts/eeeeeeeeeeeeeeee', 404],
      ['/alerts/current?segment=product%3Delsewhere', 404],
      ['/report?alert=0123456789abcdef', 200],
      ['/report?alert=eeeeeeeeeeeeeeee', 404],
      ['/report?alert=0123456789abcdef&format=markdown', 200],
      ['/report?alert=0123456789abcdef&format=bundle', 403],
      ['/interactions?segment=product%3Delsewhere', 403],
      ['/interactions?q=i-3', 200],
      ['/interactions/i-3', 404],
      ['/explain/i-3', 404],
      ['/segments/series?criterion=helpful&segment=product%3Delsewhere', 403],
      ['/compare?where=product%3Delsewhere&against=product%3Da', 403],
    ])('GET %s answers %d, and nothing of another', async (path, status) => {
      const response = await ask(`/api/v1${path}`, { headers: as('SCOPED_ADMIN') });
      const text = (await response.text()).replaceAll(/not yours to see|"problem":"[^"]*"/g, '');
      expect([response.status, text.includes('elsewhere')]).toEqual([status, false]);
    });

    it.each([
      ['/alerts/eeeeeeeeeeeeeeee/acknowledgements', { action: 'acknowledge', reason: 'x' }],
      [
        '/baselines/decisions',
        { action: 'reset', series: 'score_regression|product=elsewhere|helpful|p', reason: 'x' },
      ],
      ['/reviews', { interaction_id: 'i-3', criterion: 'helpful', outcome: 'labelled', value: 1 }],
    ])('POST %s changes nothing of another', async (path, body) => {
      const response = await ask(`/api/v1${path}`, {
        method: 'POST',
        headers: { ...as('SCOPED_ADMIN'), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect([response.status, written()]).toEqual([404, []]);
    });
  });

  it('shows nothing of other segments to someone who may see one', async () => {
    await start(AUTH);
    const rows = (await (await ask('/api/v1/interactions', { headers: as('SCOPED') })).json()) as { rows: object[] };
    expect(rows.rows).toMatchObject([{ interaction_id: 'i-1' }]);
    const status = async (path: string): Promise<number> => (await ask(path, { headers: as('SCOPED') })).status;
    expect(await status('/api/v1/interactions/i-1')).toBe(200);
    for (const path of [
      '/api/v1/interactions/i-2',
      '/api/v1/explain/i-2',
      '/api/v1/interactions?segment=product=b',
      '/api/v1/report?segment=product=b&criterion=helpful',
      '/api/v1/segments/series?segment=all&criterion=helpful',
    ]) {
      expect([path, (await status(path)) >= 400]).toEqual([path, true]);
    }
    const searched = await ask('/api/v1/interactions?q=i-2', { headers: as('SCOPED') });
    expect(((await searched.json()) as { rows: object[] }).rows).toEqual([]);
  });
});
