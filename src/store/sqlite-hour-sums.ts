import type { Database } from './sqlite-database';

export const HOUR_MS = 3_600_000;

/**
 * Sums over one batch by hour and cell, so that each is written once. They outlive what they count: an erasure or the end
 * of its retention takes nothing from an hour, since a sum over many users is nobody's data.
 */
export interface HourSums {
  value(at: number, cell: number, criterion: number, x: number): void;
  /** `opens`: the first of its conversation to come. */
  interaction(
    at: number,
    cell: number,
    item: { readonly sampled: boolean; readonly upstreamProbability: number },
    opens: boolean,
  ): void;
  failed(at: number, cell: number, check: number): void;
  /** Keys and sums of each table, keys first. */
  readonly tables: Readonly<Record<SumTable, ReadonlyMap<string, readonly number[]>>>;
}

const COLUMNS = {
  rollup: { keys: ['hour', 'cell', 'criterion'], sums: ['n', 'sum', 'squares'] },
  volume: { keys: ['hour', 'cell'], sums: ['n', 'sampled', 'population', 'conversations'] },
  failed_volume: { keys: ['hour', 'cell', 'name'], sums: ['n'] },
} as const;
type SumTable = keyof typeof COLUMNS;

export function createHourSums(): HourSums {
  const tables = {
    rollup: new Map<string, number[]>(),
    volume: new Map<string, number[]>(),
    failed_volume: new Map<string, number[]>(),
  };
  const add = (table: SumTable, keys: readonly number[], terms: readonly number[]): void => {
    const key = keys.join('/');
    const row = tables[table].get(key);
    if (row === undefined) tables[table].set(key, [...keys, ...terms]);
    else for (const [i, term] of terms.entries()) row[keys.length + i]! += term;
  };
  return {
    value: (at, cell, criterion, x) => add('rollup', [hourOf(at), cell, criterion], [1, x, x * x]),
    interaction(at, cell, { sampled, upstreamProbability }, opens) {
      const population = 1 / upstreamProbability;
      add('volume', [hourOf(at), cell], [1, sampled ? 1 : 0, population, opens ? population : 0]);
    },
    failed: (at, cell, check) => add('failed_volume', [hourOf(at), cell, check], [1]),
    tables,
  };
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS);
}

/** Adds them to what is stored; to be called within a transaction. */
export function createHourSumsWriter(db: Database): (sums: HourSums) => void {
  const names = Object.keys(COLUMNS) as SumTable[];
  const statements = names.map((name) => {
    const { keys, sums } = COLUMNS[name];
    const columns = [...keys, ...sums];
    return db.prepare(
      `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${sums.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`,
    );
  });
  return ({ tables }) => {
    for (const [i, name] of names.entries()) {
      for (const row of tables[name].values()) statements[i]!.run(...row);
    }
  };
}

/** The sums of hours that ended before; to be called within a transaction. */
export function dropHourSums(db: Database, before: number): void {
  const hour = hourOf(before);
  // The key of `rollup` begins with the criterion: without the names of all it would be read from end to end.
  db.prepare(`DELETE FROM rollup WHERE criterion IN (SELECT id FROM term WHERE kind = 'criterion') AND hour < ?`).run(
    hour,
  );
  for (const table of ['volume', 'failed_volume']) db.prepare(`DELETE FROM ${table} WHERE hour < ?`).run(hour);
}
