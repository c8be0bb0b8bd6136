/**
 * OpenMetrics text as the older text format, for readers that do not ask for OpenMetrics: names of counters end in
 * `_total` in the heads too, exemplars and the end mark are left out.
 */
export function toClassicText(openMetrics: string): string {
  const lines = openMetrics.split('\n');
  const out: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '# EOF') continue;
    if (line.startsWith('# HELP ') && isCounterHead(lines[index + 1])) {
      out.push(withTotal(line), withTotal(lines[index + 1] ?? ''));
      index += 1;
    } else if (line.startsWith('#')) out.push(line);
    else {
      const exemplar = line.lastIndexOf(' # {');
      out.push(exemplar < 0 ? line : line.slice(0, exemplar));
    }
  }
  return out.join('\n');
}

function isCounterHead(line: string | undefined): boolean {
  return line !== undefined && line.startsWith('# TYPE ') && line.endsWith(' counter');
}

/** `# HELP name text` to `# HELP name_total text`. */
function withTotal(head: string): string {
  return head.replace(/^(# (?:HELP|TYPE) )(\S+)/, '$1$2_total');
}
