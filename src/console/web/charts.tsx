import type { JSX } from 'preact';
import type { Bucket, ChangeInterval } from './api-types';
import { day, score, time } from './format';

const Z_95 = 1.96;

interface Extent {
  readonly from: number;
  readonly to: number;
}

/** Scores are shown on the part of [0, 1] that they use, never less than a tenth of it. */
function scoreExtent(buckets: readonly Bucket[]): Extent {
  const means = buckets.flatMap(({ mean }) => (mean === null ? [] : [mean]));
  if (means.length === 0) return { from: 0, to: 1 };
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const room = Math.max(0.05, (high - low) * 0.2);
  return { from: Math.max(0, low - room), to: Math.min(1, high + room) };
}

/** Runs of neighbouring buckets with a value: a gap in the data is a gap in the line. */
function runs(buckets: readonly Bucket[]): Bucket[][] {
  const all: Bucket[][] = [];
  let run: Bucket[] = [];
  for (const bucket of buckets) {
    if (bucket.mean === null) {
      if (run.length > 0) all.push(run);
      run = [];
    } else run.push(bucket);
  }
  return run.length > 0 ? [...all, run] : all;
}

interface SeriesChartProps {
  readonly buckets: readonly Bucket[];
  readonly label: string;
  readonly began?: ChangeInterval | null;
  readonly firedAt?: number | null;
}

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 44;
const BOTTOM = 22;

/** A score over time with its 95 % band, when the change began (an interval) and when the alert fired. */
export function SeriesChart({ buckets, label, began = null, firedAt = null }: SeriesChartProps): JSX.Element {
  const [first, last] = [buckets[0], buckets[buckets.length - 1]];
  if (first === undefined || last === undefined || buckets.every(({ mean }) => mean === null)) {
    return <p class="muted">No values over time are kept of this series.</p>;
  }
  const span = { from: first.from, to: last.to };
  const extent = scoreExtent(buckets);
  const x = (at: number): number => LEFT + ((at - span.from) / Math.max(1, span.to - span.from)) * (WIDTH - LEFT - 8);
  const y = (value: number): number => {
    const inside = Math.min(extent.to, Math.max(extent.from, value));
    return 8 + (1 - (inside - extent.from) / (extent.to - extent.from)) * (HEIGHT - BOTTOM - 8);
  };
  const at = ({ from, to }: Bucket): number => x((from + to) / 2);
  const point = (bucket: Bucket, value: number): string => `${at(bucket).toFixed(1)},${y(value).toFixed(1)}`;
  const half = ({ standard_error: error }: Bucket): number => Z_95 * (error ?? 0);
  const inSpan = (time: number): boolean => time >= span.from && time <= span.to;
  const days = daysIn(span);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary(buckets, label)}>
      {[extent.from, (extent.from + extent.to) / 2, extent.to].map((value) => (
        <g class="grid">
          <line x1={LEFT} x2={WIDTH - 8} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
            {value.toFixed(2)}
          </text>
        </g>
      ))}
      {days.map((midnight) => (
        <text class="tick" x={x(midnight)} y={HEIGHT - 6} text-anchor="middle">
          {day(midnight)}
        </text>
      ))}
      {began !== null && inSpan(began.to) && (
        <g class="began">
          <rect
            x={x(Math.max(span.from, began.from))}
            y={8}
            width={Math.max(2, x(began.to) - x(Math.max(span.from, began.from)))}
            height={HEIGHT - BOTTOM - 8}
          />
          <text x={x(Math.max(span.from, began.from)) - 4} y={20} text-anchor="end">
            change began
          </text>
        </g>
      )}
      {runs(buckets).map((run) => (
        <>
          <polygon
            class="band"
            points={[
              ...run.map((bucket) => point(bucket, (bucket.mean ?? 0) + half(bucket))),
              ...[...run].reverse().map((bucket) => point(bucket, (bucket.mean ?? 0) - half(bucket))),
            ].join(' ')}
          />
          <polyline class="line" points={run.map((bucket) => point(bucket, bucket.mean ?? 0)).join(' ')} />
          {run.map((bucket) => (
            <circle class="dot" cx={at(bucket)} cy={y(bucket.mean ?? 0)} r={2.5}>
              <title>{`${time(bucket.from)}: ${score(bucket.mean)} from ${bucket.n}`}</title>
            </circle>
          ))}
        </>
      ))}
      {firedAt !== null && inSpan(firedAt) && (
        <g class="fired">
          <line x1={x(firedAt)} x2={x(firedAt)} y1={8} y2={HEIGHT - BOTTOM} />
          <text x={x(firedAt) - 4} y={HEIGHT - BOTTOM - 6} text-anchor="end">
            fired
          </text>
        </g>
      )}
    </svg>
  );
}

const DAY_MS = 86_400_000;
const MOST_TICKS = 8;

function daysIn({ from, to }: Extent): number[] {
  const step = DAY_MS * Math.max(1, Math.ceil((to - from) / DAY_MS / MOST_TICKS));
  const days: number[] = [];
  for (let at = Math.ceil(from / DAY_MS) * DAY_MS; at <= to; at += step) days.push(at);
  return days;
}

function summary(buckets: readonly Bucket[], label: string): string {
  const known = buckets.filter(({ mean }) => mean !== null);
  const [first, last] = [known[0], known[known.length - 1]];
  if (first === undefined || last === undefined) return `${label}: no values`;
  const means = known.map(({ mean }) => mean ?? 0);
  return `${label} from ${time(first.from)} to ${time(last.to)}: first ${score(first.mean)}, last ${score(last.mean)}, lowest ${score(Math.min(...means))}, highest ${score(Math.max(...means))}`;
}

/** The same in a few pixels; all of a table share one scale. */
export function Sparkline({ buckets, label }: { buckets: readonly Bucket[]; label: string }): JSX.Element {
  const [first, last] = [buckets[0], buckets[buckets.length - 1]];
  if (first === undefined || last === undefined || buckets.every(({ mean }) => mean === null)) {
    return <span class="muted">–</span>;
  }
  const x = (at: number): number => ((at - first.from) / Math.max(1, last.to - first.from)) * 118 + 1;
  const y = (value: number): number => 27 - Math.min(1, Math.max(0, value)) * 26;
  return (
    <svg class="spark" viewBox="0 0 120 28" role="img" aria-label={summary(buckets, label)}>
      <line class="base" x1={0} x2={120} y1={27} y2={27} />
      {runs(buckets).map((run) => (
        <polyline
          class="line"
          points={run
            .map(({ from, to, mean }) => `${x((from + to) / 2).toFixed(1)},${y(mean ?? 0).toFixed(1)}`)
            .join(' ')}
        />
      ))}
    </svg>
  );
}

/** An estimate as a dot in its interval on [0, 1]; `before` is drawn hollow beside it. */
export function IntervalBar({
  mean,
  lower,
  upper,
  before = null,
}: {
  mean: number | null;
  lower: number | null;
  upper: number | null;
  before?: number | null;
}): JSX.Element {
  if (mean === null) return <span class="muted">–</span>;
  const x = (value: number): number => 4 + Math.min(1, Math.max(0, value)) * 112;
  const text = `${score(mean)}, 95 % from ${score(lower)} to ${score(upper)}`;
  return (
    <svg class="interval" viewBox="0 0 120 16" role="img" aria-label={text}>
      <line class="base" x1={4} x2={116} y1={8} y2={8} />
      <line class="range" x1={x(lower ?? mean)} x2={x(upper ?? mean)} y1={8} y2={8} />
      {before !== null && <circle class="hollow" cx={x(before)} cy={8} r={4} />}
      <circle class="dot" cx={x(mean)} cy={8} r={4} />
    </svg>
  );
}

/** A signed part of a whole, from the middle; `limit` is the largest size in the table. */
export function EffectBar({ change, limit }: { change: number; limit: number }): JSX.Element {
  const width = limit === 0 ? 0 : Math.min(1, Math.abs(change) / limit) * 58;
  return (
    <svg class="effect" viewBox="0 0 120 14" aria-hidden="true">
      <rect
        class={change < 0 ? 'down' : 'up'}
        x={change < 0 ? 60 - width : 60}
        y={2}
        width={width}
        height={10}
        rx={2}
      />
      <line class="base" x1={60} x2={60} y1={0} y2={14} />
    </svg>
  );
}

/** How near a series is to alerting: 1 = alerts. */
export function Meter({ value, label }: { value: number | null; label: string }): JSX.Element {
  if (value === null) return <span class="muted">–</span>;
  const width = Math.min(1, Math.max(0, value)) * 60;
  return (
    <svg
      class={`meter ${value >= 0.9 ? 'high' : ''}`}
      viewBox="0 0 62 12"
      role="img"
      aria-label={`${label} ${value.toFixed(2)}`}
    >
      <rect class="frame" x={1} y={1} width={60} height={10} rx={3} />
      <rect class="fill" x={1} y={1} width={width} height={10} rx={3} />
    </svg>
  );
}
