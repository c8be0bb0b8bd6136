import type { JSX } from 'preact';
import type { Bucket, Estimate, Segments, SegmentSessions, Standing } from '../../answers';
import { IntervalBar, Meter, Sparkline } from '../charts';
import { count, percent, points, score } from '../format';
import { Await, Name, Table, Tag } from '../parts';
import { go, Link, type Place } from '../router';
import { useRead } from '../use-read';
import { queryText } from '../api';

/** Rows whose history is drawn. */
const DRAWN = 24;
/** Fewer sessions name no best and no worst. */
const SUPPORT = 10;

/** Every segment of one criterion, worst first: level, history, users beside, and what drop would be seen. */
export function SegmentsPage({ place }: { place: Place }): JSX.Element {
  const reading = useRead<Segments>('/segments');
  return (
    <>
      <h1>Segments</h1>
      <Await reading={reading}>{(all) => <Board all={all} wanted={place.query.get('criterion')} />}</Await>
    </>
  );
}

function Board({ all, wanted }: { all: Segments; wanted: string | null }): JSX.Element {
  const criteria = [...new Set(all.estimates.map(({ criterion }) => criterion))].sort();
  const criterion = wanted ?? criteria[0] ?? '';
  // By panel too: judges of another panel are another instrument.
  const rows = all.estimates.filter((one) => one.criterion === criterion).sort(worstFirst);
  const panels = new Set(rows.flatMap(({ panel }) => (panel === '' ? [] : [panel])));
  return (
    <>
      <div class="chips" role="group" aria-label="Criterion">
        {criteria.map((name) => (
          <button
            type="button"
            aria-pressed={name === criterion}
            onClick={() => go(`/segments?criterion=${encodeURIComponent(name)}`)}
          >
            <Name>{name}</Name>
          </button>
        ))}
      </div>
      <Gap rows={rows} />
      {panels.size === 1 && (
        <p class="muted">
          Judged by <Name>{[...panels][0] ?? ''}</Name>
        </p>
      )}
      <Table
        caption={`Segments by ${criterion}, worst first`}
        head={[
          'Segment',
          'Mean (95 %)',
          'On [0, 1]',
          'Last week',
          'Sessions',
          'Judged',
          'Detector',
          'Drop seen in 1 / 7 / 30 days',
          'Users leave',
          'Users recover',
        ]}
      >
        {rows.map((row, i) => (
          <Row
            row={row}
            standing={all.standings.find((one) => isSame(one, row))}
            sessions={all.sessions.find(({ segment }) => segment === row.segment)}
            isDrawn={i < DRAWN}
            isPanelShown={panels.size > 1}
          />
        ))}
      </Table>
    </>
  );
}

function isSame(standing: Standing, { segment, criterion, panel }: Estimate): boolean {
  return (
    standing.kind === 'score_regression' &&
    standing.segment === segment &&
    standing.criterion === criterion &&
    standing.panel === panel
  );
}

function worstFirst(a: Estimate, b: Estimate): number {
  return (a.mean ?? 2) - (b.mean ?? 2) || (a.segment < b.segment ? -1 : 1);
}

/** The average hides it: how far the best and the worst are apart. */
function Gap({ rows }: { rows: readonly Estimate[] }): JSX.Element {
  const supported = rows.filter(({ mean, sessions = 0 }) => mean !== null && sessions >= SUPPORT);
  const [worst, best] = [supported[0], supported[supported.length - 1]];
  if (worst === undefined || best === undefined || worst === best) {
    return <p class="muted">No two segments have {SUPPORT} sessions yet.</p>;
  }
  return (
    <p>
      Worst <Name>{worst.segment}</Name> {score(worst.mean)}, best <Name>{best.segment}</Name> {score(best.mean)}: a gap
      of <strong>{points((best.mean ?? 0) - (worst.mean ?? 0)).slice(1)}</strong>{' '}
      <span class="muted">(at least {SUPPORT} sessions)</span>
    </p>
  );
}

interface RowProps {
  readonly row: Estimate;
  readonly standing: Standing | undefined;
  readonly sessions: SegmentSessions | undefined;
  readonly isDrawn: boolean;
  /** Only where it tells rows apart. */
  readonly isPanelShown: boolean;
}

function Row({ row, standing, sessions, isDrawn, isPanelShown }: RowProps): JSX.Element {
  const { segment, criterion } = row;
  const history = useRead<{ buckets: readonly Bucket[] }>(isDrawn ? '/segments/series' : null, { segment, criterion });
  const drop = standing?.detectable_drop;
  const drops = drop === null || drop === undefined ? [] : [drop['1d'], drop['7d'], drop['30d']];
  return (
    <tr>
      <th scope="row">
        <Link to={`/search${queryText({ segment: segment === 'all' ? '' : segment, criterion, order: 'worst' })}`}>
          <Name>{segment}</Name>
        </Link>
        {isPanelShown && (
          <div class="muted">
            <Name>{row.panel}</Name>
          </div>
        )}
      </th>
      <td class="number">
        {score(row.mean)}
        {row.lower !== null && (
          <div class="muted">
            {score(row.lower)} to {score(row.upper)}
          </div>
        )}
      </td>
      <td>
        <IntervalBar mean={row.mean} lower={row.lower} upper={row.upper} />
      </td>
      <td>
        {history.value !== null && <Sparkline buckets={history.value.buckets} label={`${criterion} in ${segment}`} />}
      </td>
      <td class="number">{count(row.sessions)}</td>
      <td class="number">{percent(row.judged_ratio, 0)}</td>
      <td class="number">
        {standing === undefined ? (
          <span class="muted">not watched</span>
        ) : (
          <>
            <Tag>{standing.state}</Tag>
            {standing.state === 'learning' ? (
              <span class="muted"> {percent(standing.learned, 0)}</span>
            ) : (
              <Meter value={standing.threshold_ratio} label="of the alert threshold:" />
            )}
          </>
        )}
      </td>
      <td class="number">
        {drops.length === 0
          ? '–'
          : drops.map((value) => (value === null ? '–' : points(value).slice(1, -3))).join(' / ')}
      </td>
      <td class="number">{percent(sessions?.ratios.abandonment?.value)}</td>
      <td class="number">{percent(sessions?.ratios.recovery?.value)}</td>
    </tr>
  );
}
