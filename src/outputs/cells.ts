import { METRIC_CATALOGUE, type MetricKey } from './metric-catalogue';

/**
 * One child of a counter or gauge: on the hot path an addition, on the page a line whose labels were written out once.
 * The metrics library hashes a label object per operation, which at 20,000 children is 200 ms per page.
 */
export class Cell {
  value = 0;

  /** `labels` as they stand on the page, e.g. `{outcome="judged"}`; empty without labels. */
  constructor(readonly labels: string) {}

  add(amount: number): void {
    this.value += amount;
  }
}

/** The children of one metric, found by their label values in the order of the catalogue. */
export class CellTable<C = Cell> {
  private readonly byKey = new Map<string, C>();

  constructor(
    private readonly names: readonly string[],
    private readonly create: (labels: string) => C,
  ) {}

  /** Do not call per record where the cell can be kept. */
  at(...values: readonly string[]): C {
    const key = values.join('\u0000');
    let cell = this.byKey.get(key);
    if (cell === undefined) {
      cell = this.create(labelText(this.names, values));
      this.byKey.set(key, cell);
    }
    return cell;
  }

  all(): Iterable<C> {
    return this.byKey.values();
  }

  clear(): void {
    this.byKey.clear();
  }
}

/** A table for each of some metrics, by its name in the catalogue. */
export type TablesOf<K extends MetricKey> = Readonly<Record<K, CellTable>>;

export function createTables<K extends MetricKey>(keys: readonly K[]): TablesOf<K> {
  const entries = keys.map((key) => [key, new CellTable(METRIC_CATALOGUE[key].labels, (labels) => new Cell(labels))]);
  return Object.fromEntries(entries) as TablesOf<K>;
}

export function clearTables(tables: Partial<TablesOf<MetricKey>>): void {
  for (const table of Object.values(tables)) table.clear();
}

function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return '';
  return `{${names.map((name, index) => `${name}="${escapeValue(values[index] ?? '')}"`).join(',')}}`;
}

/** Values are sanitised before; this keeps the page whole even if one is not. */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
