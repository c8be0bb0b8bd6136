import type { GoldenAnswer } from '../domain/golden';
import type { CellTraffic, GoldenEntry, SeriesBucket, SessionRow, WindowRequest, WindowValue } from './port-window';
import { isInSegment } from './traffic-cell';
import type { Database, SqlValue } from './sqlite-database';
import type { ReaderParts } from './sqlite-search';
import { HOUR_MS } from './sqlite-hour-sums';

/**
 * Rows as one JSON text: the driver hands over many rows far more slowly than SQLite writes them into one string and
 * JSON.parse reads them (20,000 rows: 110 ms against 8 ms).
 */
function bulk<Row>(parts: ReaderParts, columns: string, rest: string, values: readonly SqlValue[]): Row[] {
  const sql = `SELECT json_group_array(json_array(${columns})) FROM (${rest})`;
  const text = parts.db.prepare(sql).row(...values)?.[0];
  return JSON.parse(String(text ?? '[]')) as Row[];
}

/** Values of a criterion within a window, oldest first. */
export function readValues(parts: ReaderParts, { criterion, from, to, most, keep }: WindowRequest): WindowValue[] {
  const { terms } = parts;
  const id = terms.find('criterion', criterion);
  if (id === null) return [];
  const rows = bulk<(number | null)[]>(
    parts,
    'a, cell, conversation, panel, value, cheap, ensemble, probability, version',
    `SELECT score.at AS a, item.cell AS cell, item.conversation AS conversation, score.panel AS panel, score.value AS value,
            score.cheap AS cheap, score.ensemble AS ensemble, item.probability AS probability, item.version AS version
     FROM score JOIN item ON item.id = score.item
     WHERE score.criterion = ? AND score.value IS NOT NULL AND score.at >= ? AND score.at < ?
     ORDER BY score.at ${keep === 'latest' ? 'DESC' : 'ASC'} LIMIT ?`,
    [id, from, to, most],
  );
  const values = rows.map(([at, cell, conversation, panel, value, cheap, ensemble, probability, version]) => ({
    at: at!,
    cell: terms.cellOf(cell!),
    conversation: conversation!,
    panel: panel === null || panel === undefined ? '' : terms.textOf(panel),
    value: value!,
    cheap: cheap ?? null,
    ensemble: ensemble ?? null,
    probability: probability!,
    version: version === null || version === undefined ? null : terms.versionOf(version),
  }));
  return keep === 'latest' ? values.reverse() : values;
}

/** Whole hours from their sums, what is left of the first and the last from the interactions themselves. */
export function readTraffic({ db, terms }: ReaderParts, from: number, to: number): CellTraffic[] {
  const [first, last] = [Math.ceil(from / HOUR_MS), Math.floor(to / HOUR_MS)];
  const hasHours = last > first;
  const edges = hasHours ? [from, first * HOUR_MS, last * HOUR_MS, to] : [from, to, to, to];
  const hours = hasHours ? [first, last] : [0, 0];
  const failed = new Map<number, Record<string, number>>();
  for (const [cell, check, n] of db.prepare(FAILED_BY_CELL).rows(...hours, ...edges)) {
    const own = failed.get(Number(cell)) ?? {};
    own[terms.textOf(Number(check))] = Number(n);
    failed.set(Number(cell), own);
  }
  const rows = db.prepare(TRAFFIC_BY_CELL).rows(...hours, ...edges);
  return rows.map(([cell, interactions, sampled, population, conversations]) => ({
    cell: terms.cellOf(Number(cell)),
    interactions: Number(interactions),
    population: Number(population),
    conversations: Number(conversations),
    sampled: Number(sampled),
    failedChecks: failed.get(Number(cell)) ?? {},
  }));
}

const AT_EDGES = '((at >= ? AND at < ?) OR (at >= ? AND at < ?))';
const FAILED_BY_CELL = `
  SELECT cell, name, SUM(n) FROM (
    SELECT cell, name, n FROM failed_volume WHERE hour >= ? AND hour < ?
    UNION ALL SELECT cell, name, 1 FROM failed_check WHERE ${AT_EDGES}
  ) GROUP BY cell, name`;
const TRAFFIC_BY_CELL = `
  SELECT cell, SUM(n), SUM(sampled), SUM(population), SUM(conversations) FROM (
    SELECT cell, n, sampled, population, conversations FROM volume WHERE hour >= ? AND hour < ?
    UNION ALL SELECT cell, 1, sampled, 1.0 / upstream, opens / upstream FROM item WHERE ${AT_EDGES}
  ) GROUP BY cell`;

export function readGolden(db: Database, from: number, to: number): GoldenEntry[] {
  const rows = db
    .prepare(`SELECT at, body FROM record WHERE kind = 'golden' AND at >= ? AND at < ? ORDER BY at`)
    .rows(from, to);
  return rows.map(([at, body]) => ({ at: Number(at), answer: JSON.parse(String(body)) as GoldenAnswer }));
}

/** Of more sessions the latest. */
export function readSessionRows(parts: ReaderParts, from: number, to: number, most: number): SessionRow[] {
  const rows = bulk<[string, number, number, string, number, number, number, number]>(
    parts,
    'conversation, closed, segments, ending, turns, bad, recovered, satisfaction',
    `SELECT conversation, closed, segments, ending, turns, bad, recovered, satisfaction FROM session
     WHERE closed >= ? AND closed < ? ORDER BY closed DESC LIMIT ?`,
    [from, to, most],
  );
  const segmentsOf = new Map<number, readonly string[]>();
  return rows.map(([conversationId, closedAt, id, ending, turns, badTurns, recovered, satisfaction]) => {
    let segments = segmentsOf.get(id);
    if (segments === undefined) segmentsOf.set(id, (segments = JSON.parse(parts.terms.textOf(id)) as string[]));
    return { conversationId, closedAt, segments, ending, turns, badTurns, recovered, satisfaction };
  });
}

/** About this many points make a chart. */
const POINTS = 120;

/** Means over whole hours, or several of them, between two times. */
export function readSeries(
  parts: ReaderParts,
  segment: string,
  criterion: string,
  from: number,
  to: number,
): SeriesBucket[] {
  const { db, terms } = parts;
  const id = terms.find('criterion', criterion);
  const cells = terms.all('cell').flatMap(([cell]) => (isInSegment(terms.cellOf(cell), segment) ? [cell] : []));
  const [first, last] = [Math.floor(from / HOUR_MS), Math.ceil(to / HOUR_MS)];
  const step = Math.max(1, Math.ceil((last - first) / POINTS));
  const wanted = JSON.stringify(cells);
  const sums = db
    .prepare(
      `SELECT (hour - ?) / ? AS bucket, SUM(n), SUM(sum), SUM(squares) FROM rollup
       WHERE criterion = ? AND hour >= ? AND hour < ? AND cell IN (SELECT value FROM json_each(?)) GROUP BY bucket`,
    )
    .rows(first, step, id ?? -1, first, last, wanted);
  const volumes = db
    .prepare(
      `SELECT (hour - ?) / ? AS bucket, SUM(n) FROM volume
       WHERE hour >= ? AND hour < ? AND cell IN (SELECT value FROM json_each(?)) GROUP BY bucket`,
    )
    .rows(first, step, first, last, wanted);
  const byBucket = new Map(sums.map(([bucket, n, sum, squares]) => [Number(bucket), [n, sum, squares].map(Number)]));
  return volumes
    .map(([bucket, interactions]) => {
      const [n = 0, sum = 0, squares = 0] = byBucket.get(Number(bucket)) ?? [];
      const mean = n === 0 ? null : sum / n;
      const variance = n < 2 ? null : Math.max(0, (squares - (sum * sum) / n) / (n - 1));
      const start = (first + Number(bucket) * step) * HOUR_MS;
      return {
        from: start,
        to: start + step * HOUR_MS,
        n,
        mean,
        standardError: variance === null ? null : Math.sqrt(variance / n),
        interactions: Number(interactions),
      };
    })
    .sort((a, b) => a.from - b.from);
}
