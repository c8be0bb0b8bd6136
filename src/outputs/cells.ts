/**
 * A counter whose children are plain objects: on the hot path a child is one addition, and the metrics library sees
 * the totals only when a page is rendered.
 */
export class Cell {
  value = 0;

  constructor(readonly labels: Readonly<Record<string, string>>) {}

  add(amount: number): void {
    this.value += amount;
  }
}

/** The children of one metric, found by their label values in the order of `names`. */
export class CellTable {
  private readonly byKey = new Map<string, Cell>();

  constructor(private readonly names: readonly string[]) {}

  /** Do not call per record where the cell can be kept. */
  at(...values: readonly string[]): Cell {
    const key = values.join('\u0000');
    let cell = this.byKey.get(key);
    if (cell === undefined) {
      cell = new Cell(Object.fromEntries(this.names.map((name, index) => [name, values[index] ?? ''])));
      this.byKey.set(key, cell);
    }
    return cell;
  }

  all(): Iterable<Cell> {
    return this.byKey.values();
  }

  clear(): void {
    this.byKey.clear();
  }
}
