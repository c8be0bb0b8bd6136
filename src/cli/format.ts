/**
 * Renders rows as aligned text columns; numbers are set flush right.
 * `[['outcome', 'records'], ['judged', '12']]` → two lines, two columns.
 */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const numeric = widths.map((_, i) => rows.slice(1).every((row) => /^[-–—%.,$\d\s]*$/.test(row[i] ?? '')));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (numeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lines[0] ?? '', rule, ...lines.slice(1)].join('\n') + '\n';
}

export function formatPercent(ratio: number | null): string {
  return ratio === null ? '–' : `${(100 * ratio).toFixed(1)}%`;
}

export function formatNumber(value: number | null, digits = 3): string {
  return value === null ? '–' : value.toFixed(digits);
}
