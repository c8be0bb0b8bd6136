/** Positions of the values in ascending order, equal values in their order of arrival: `[3, 1, 3]` -> `[1, 0, 2]`. */
export function ascendingOrder(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((i, j) => values[i]! - values[j]! || i - j);
}

/** As `ascendingOrder`, from the largest down, equal values still in their order of arrival: `[3, 1, 3]` -> `[0, 2, 1]`. */
export function descendingOrder(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((i, j) => values[j]! - values[i]! || i - j);
}

/** Ranks from 1, equal values sharing the mean of their ranks: `[3, 1, 3]` -> `[2.5, 1, 2.5]`. */
export function averageRanks(values: readonly number[]): number[] {
  const order = ascendingOrder(values);
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}
