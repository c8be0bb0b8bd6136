import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Bucket, ChangeInterval } from '../answers';
import { day, hour, score, time } from './format';

const Z_95 = 1.96;

interface Extent {
  readonly from: number;
  readonly to: number;
}

/** Scores are shown on the part of [0, 1] that they use, never less than a tenth of it; those of a few values do not widen it. */
function scoreExtent(buckets: readonly Bucket[]): Extent {
  const firm = buckets.filter(({ n }) => n >= FEWEST);
  const means = (firm.length > 0 ? firm : buckets).flatMap(({ mean }) => (mean === null ? [] : [mean]));
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

const HEIGHT = 220;
const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 22;
/** Of fewer values no interval is drawn: it would be narrow by chance. */
const FEWEST = 5;

/** Pixels that a chart has, so that its text is as large on a phone as anywhere. */
function useWidth(): readonly [(element: SVGSVGElement | null) => void, number] {
  const element = useRef<SVGSVGElement | null>(null);
  const [width, setWidth] = useState(720);
  useLayoutEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => entry !== undefined && setWidth(entry.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [(found) => (element.current = found), width];
}

/** A score over time with its 95 % band, when the change began (an interval) and when the alert fired. */
export function SeriesChart({ buckets, label, began = null, firedAt = null }: SeriesChartProps): JSX.Element {
  const [first, last] = [buckets[0], buckets[buckets.length - 1]];
  if (first === undefined || last === undefined || buckets.every(({ mean }) => mean === null)) {
    return <p class="muted">No values over time are kept of this series.</p>;
  }
  return <Series {...{ buckets, label, began, firedAt }} span={{ from: first.from, to: last.to }} />;
}

function Series({ buckets, label, began, firedAt, span }: Required<SeriesChartProps> & { span: Extent }): JSX.Element {
  const [svg, width] = useWidth();
  const extent = scoreExtent(buckets);
  const x = (at: number): number =>
    LEFT + ((at - span.from) / Math.max(1, span.to - span.from)) * (width - LEFT - RIGHT);
  const y = (value: number): number => {
    const inside = Math.min(extent.to, Math.max(extent.from, value));
    return TOP + (1 - (inside - extent.from) / (extent.to - extent.from)) * (HEIGHT - BOTTOM - TOP);
  };
  const at = ({ from, to }: Bucket): number => x((from + to) / 2);
  const point = (bucket: Bucket, value: number): string => `${at(bucket).toFixed(1)},${y(value).toFixed(1)}`;
  const half = ({ standard_error: error }: Bucket): number => Z_95 * (error ?? 0);
  const inSpan = (time: number): boolean => time >= span.from && time <= span.to;
  const beganAt = began === null ? 0 : x(Math.max(span.from, began.from));
  return (
    <svg
      ref={svg}
      class="chart"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      height={HEIGHT}
      role="img"
      aria-label={summary(buckets, label)}
    >
      {[extent.from, (extent.from + extent.to) / 2, extent.to].map((value) => (
        <g class="grid">
          <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
            {value.toFixed(2)}
          </text>
        </g>
      ))}
      {ticksIn(span, width).map((at) => (
        <text class="tick" x={x(at)} y={HEIGHT - 6} text-anchor="middle">
          {at % DAY_MS === 0 ? day(at) : hour(at)}
        </text>
      ))}
      {began !== null && inSpan(began.to) && (
        <g class="began">
          <rect x={beganAt} y={TOP} width={Math.max(2, x(began.to) - beganAt)} height={HEIGHT - BOTTOM - TOP} />
          <text {...beside(beganAt, width)} y={HEIGHT - BOTTOM - 22}>
            change began
          </text>
        </g>
      )}
      {runs(buckets).map((run) => (
        <>
          {runs(run.map((one) => (one.n < FEWEST ? { ...one, mean: null } : one))).map((known) => (
            <polygon
              class="band"
              points={[
                ...known.map((bucket) => point(bucket, (bucket.mean ?? 0) + half(bucket))),
                ...[...known].reverse().map((bucket) => point(bucket, (bucket.mean ?? 0) - half(bucket))),
              ].join(' ')}
            />
          ))}
          <polyline class="line" points={run.map((bucket) => point(bucket, bucket.mean ?? 0)).join(' ')} />
          {run.map((bucket) => (
            <circle
              class={bucket.n < FEWEST ? 'few' : 'dot'}
              cx={at(bucket)}
              cy={y(bucket.mean ?? 0)}
              r={bucket.n < FEWEST ? 3 : 2.5}
            >
              <title>{`${time(bucket.from)}: ${score(bucket.mean)} from ${bucket.n}`}</title>
            </circle>
          ))}
        </>
      ))}
      {firedAt !== null && inSpan(firedAt) && (
        <g class="fired">
          <line x1={x(firedAt)} x2={x(firedAt)} y1={TOP} y2={HEIGHT - BOTTOM} />
          <text {...beside(x(firedAt), width)} y={HEIGHT - BOTTOM - 6}>
            fired
          </text>
        </g>
      )}
    </svg>
  );
}

/** A label at one side of a line: the one with room. */
function beside(x: number, width: number): { readonly x: number; readonly 'text-anchor': 'start' | 'end' } {
  return x > width / 2 ? { x: x - 4, 'text-anchor': 'end' } : { x: x + 4, 'text-anchor': 'start' };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Pixels that a tick needs. */
const TICK = 70;

/** Round hours or days, as many as there is room for. */
function ticksIn({ from, to }: Extent, width: number): number[] {
  const most = Math.max(2, Math.floor((width - LEFT - RIGHT) / TICK));
  const steps = [1, 2, 3, 6, 12, 24, 48, 96, 168].map((hours) => hours * HOUR_MS);
  const step = steps.find((one) => (to - from) / one <= most) ?? Math.ceil((to - from) / most / DAY_MS) * DAY_MS;
  const ticks: number[] = [];
  // The last one would be cut at the edge.
  for (let at = Math.ceil(from / step) * step; at <= to - step / 4; at += step) ticks.push(at);
  return ticks;
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
