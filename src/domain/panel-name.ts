/**
 * The judges behind the values of a panel: `mini>gemini+qwen/mean` → gemini, qwen, since a corrected value estimates what
 * the ensemble would have said; a panel without an ensemble is its one judge.
 */
export function membersOf(panel: string): string[] {
  const ensemble = panel.slice(panel.indexOf('>') + 1).replace(/[/~?].*$/, '');
  return ensemble === '' ? [] : ensemble.split('+');
}
