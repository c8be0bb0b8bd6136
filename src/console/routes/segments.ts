import { segmentLabel } from '../../domain/segment';
import { maySee } from '../access';
import type { Segments, SegmentSeries } from '../answers';
import { PAGE_QUERY, textOf, timeOf } from '../parameters';
import type { ConsoleParts } from '../ports';
import { found, problem, type Route } from '../route';
import { toSnake } from '../snake';

const WEEK_MS = 7 * 86_400_000;

export function segmentRoutes({ snapshot, store }: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/segments',
      role: 'viewer',
      scope: 'own',
      summary: 'Every series: its estimate, where it stands, what drop would be seen; worst first',
      query: { criterion: 'only this one', limit: PAGE_QUERY.limit },
      answer: '`estimates`, `standings`, `sessions` and `group_gaps` by segment label, and `clock`',
      handle: ({ query, principal }) => {
        const known = snapshot();
        if (known === null) return problem(503, 'this process does not fold the ledger');
        const criterion = textOf(query, 'criterion');
        const estimates = known.estimates
          .filter((one) => criterion === undefined || one.criterion === criterion)
          .map(({ segment, ...rest }) => ({ segment: segmentLabel(segment), ...rest }))
          .filter(({ segment }) => maySee(principal, segment))
          .sort((a, b) => (a.mean ?? 2) - (b.mean ?? 2));
        const standings = known.standings
          .filter(({ series }) => criterion === undefined || series.criterion === criterion)
          .map(({ series: { segment, ...series }, ...rest }) => ({
            segment: segmentLabel(segment),
            ...series,
            ...rest,
          }))
          .filter(({ segment }) => maySee(principal, segment))
          .sort((a, b) => (b.thresholdRatio ?? -1) - (a.thresholdRatio ?? -1));
        const sessions = known.sessions
          .map(({ segment, ...rest }) => ({ segment: segmentLabel(segment), ...rest }))
          .filter(({ segment }) => maySee(principal, segment));
        const groupGaps = (known.groupGaps ?? [])
          .map(({ segment, ...rest }) => ({ segment: segmentLabel(segment), ...rest }))
          .filter(({ segment }) => maySee(principal, segment));
        return found<Segments>({
          clock: known.clock,
          estimates: estimates.map(toSnake),
          standings: standings.map(toSnake),
          sessions: sessions.map(toSnake),
          group_gaps: groupGaps.map(toSnake),
        });
      },
    },
    {
      method: 'GET',
      path: '/segments/series',
      role: 'viewer',
      scope: 'own',
      summary: 'Means of one segment and criterion over time',
      query: {
        segment: 'e.g. `product=support`; absent = all',
        criterion: 'needed',
        from: 'event time; usually a week before `to`',
        to: 'event time; usually the latest there is',
      },
      answer: '`buckets`: from, to, n, mean, standard_error, interactions',
      handle: async ({ query, principal }) => {
        const segment = textOf(query, 'segment') ?? 'all';
        if (!maySee(principal, segment)) return problem(403, `${segment} is not yours to see`);
        const criterion = textOf(query, 'criterion');
        if (criterion === undefined) return problem(400, 'criterion: wanted the name of one');
        const to = timeOf(query, 'to') ?? ((await store.span()).newest ?? 0) + 1;
        const from = timeOf(query, 'from') ?? to - WEEK_MS;
        const buckets = toSnake(await store.series(segment, criterion, from, to));
        return found<SegmentSeries>({ segment, criterion, buckets });
      },
    },
  ];
}
