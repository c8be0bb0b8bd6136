import type { Acknowledgement } from '../../domain/acknowledgement';
import { type SeriesId, seriesName } from '../../domain/alert';
import { acknowledgementRecord } from '../../domain/ledger-record';
import { segmentLabel } from '../../domain/segment';
import { maySee } from '../access';
import { bodyOneOf, bodyText } from '../parameters';
import type { ConsoleParts } from '../ports';
import { type Answer, type Call, found, problem, type Route } from '../route';
import { toSnake } from '../snake';

const NO_FOLD = 'this process does not fold the ledger';

/** What series are held against, and what people decide of it. */
export function baselineRoutes(parts: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/baselines',
      role: 'viewer',
      scope: 'own',
      summary: 'What every watched series is held against, and how far those have come that still learn',
      answer:
        '`clock` and `rows`: name, state, learned, ready_at, baseline (source, mean, values), threshold_ratio; in order of first appearance',
      handle: ({ principal }) => {
        const known = parts.snapshot();
        if (known === null) return problem(503, NO_FOLD);
        const rows = known.standings
          .filter(({ series }) => maySee(principal, segmentLabel(series.segment)))
          .map(({ series, state, learned, readyAt, baseline, thresholdRatio }) => {
            return { name: seriesName(series), state, learned, readyAt, baseline, thresholdRatio };
          });
        return found(toSnake({ clock: known.clock, rows }));
      },
    },
    {
      method: 'GET',
      path: '/baselines/seeds',
      role: 'admin',
      scope: 'all',
      summary: 'What was learned, as `detectors.baselines` of a configuration',
      answer: '`baselines`',
      handle: () => {
        const known = parts.snapshot();
        return known === null ? problem(503, NO_FOLD) : found({ baselines: known.seeds() });
      },
    },
    {
      method: 'POST',
      path: '/baselines/decisions',
      role: 'admin',
      scope: 'own',
      summary:
        'Accept the level of a series as meant, or have its baseline learned anew; by the series, whether it alerts or not',
      body: {
        action: '`accept` or `reset`',
        series: 'as in `/baselines`, e.g. `score_regression|product=support|helpful|mini>large/mean`',
        reason: 'why, in words',
      },
      answer: 'the record as it went into the ledger',
      handle: (call) => decide(parts, call),
    },
  ];
}

async function decide({ snapshot, append, now }: ConsoleParts, { body, principal }: Call): Promise<Answer> {
  const action = bodyOneOf(body, 'action', ['accept', 'reset']);
  const name = bodyText(body, 'series');
  const reason = bodyText(body, 'reason');
  const known = snapshot();
  if (known === null) return problem(503, NO_FOLD);
  const series: SeriesId | undefined = known.standings.find((one) => seriesName(one.series) === name)?.series;
  if (series === undefined || !maySee(principal, segmentLabel(series.segment)))
    return problem(404, `no series ${name}`);
  if (append === null) return problem(409, 'this console only reads');
  const at = now();
  const decision: Acknowledgement = { action, alertId: null, series, cause: null, reason, author: principal.name, at };
  await append([acknowledgementRecord(decision, at)]);
  return { status: 201, json: toSnake(decision) };
}
