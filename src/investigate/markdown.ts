import type { InteractionRow } from '../store/port-search';
import type { Level, Report } from './report';
import { isoTime, percent, signed } from './words';

/** The report to be pasted into an incident. Text from producers and people is shown as code, so that it stays text. */
export function reportMarkdown(report: Report): string {
  const { subject, alert, estimate, decomposition, causes } = report;
  const title = [subject.kind ?? 'investigation', subject.criterion, subject.segment].filter((part) => part !== '');
  const lines = [`# ${title.map(plain).join(' · ')}`, '', plain(report.headline), ''];
  if (alert !== null)
    lines.push(`Alert ${code(alert.id)}, ${alert.severity}, ${alert.state}, owner ${plain(alert.owner)}.`, '');
  lines.push('## What moved', '');
  lines.push(`- Before: ${levelText(estimate.before)}`, `- Since: ${levelText(estimate.after)}`);
  if (estimate.change !== null) lines.push(`- Change: ${signed(estimate.change)} (95 % interval)`);
  const { began } = report;
  if (began !== null) {
    lines.push(`- Began about ${isoTime(began.at)}, between ${isoTime(began.from)} and ${isoTime(began.to)}`);
  }
  if (decomposition !== null) {
    const { sampling, mix, within, judge } = decomposition;
    lines.push('', '| part | change |', '| --- | --- |');
    lines.push(`| which traffic is judged | ${signed(sampling)} |`, `| which traffic there is | ${signed(mix)} |`);
    lines.push(`| within the slices | ${signed(within)} |`);
    lines.push(`| of it, judges on the frozen set | ${judge === null ? 'not re-run' : signed(judge)} |`);
  }
  lines.push('', '## Causes', '');
  causes.forEach((one, i) => {
    const sure = one.certainty === 'shown' ? '' : ' (likely)';
    lines.push(
      `${i + 1}. **${one.kind.replaceAll('_', ' ')}**${sure}: ${plain(one.what)}. ${signed(one.effect)}; ${plain(one.because)}.`,
    );
  });
  lines.push('', '## Looked at', '', '| what | verdict | test | figures |', '| --- | --- | --- | --- |');
  for (const one of report.findings) {
    lines.push(`| ${plain(one.what)} | ${one.verdict} | ${plain(one.test)} | ${plain(one.figures)} |`);
  }
  if (report.carriers.length > 0) {
    lines.push(
      '',
      '## Which slices carry it',
      '',
      '| slice | contribution | mean | share |',
      '| --- | --- | --- | --- |',
    );
    for (const { what, contribution, before, after, shareBefore, shareAfter } of report.carriers) {
      lines.push(
        `| ${plain(what)} | ${signed(contribution)} | ${arrow(before, after)} | ${percent(shareBefore)} → ${percent(shareAfter)} |`,
      );
    }
  }
  if (report.otherCriteria.length > 0) {
    lines.push('', '## Other criteria', '');
    for (const { criterion, before, after, change } of report.otherCriteria) {
      lines.push(`- ${plain(criterion)}: ${arrow(before, after)}${change === null ? '' : ` (${signed(change)})`}`);
    }
  }
  lines.push('', '## Users', '');
  for (const { name, before, after, moved, sessionsBefore, sessionsAfter } of report.users) {
    lines.push(
      `- ${name}: ${arrow(before, after)}, ${moved === 'no' ? 'not moved' : moved} (${sessionsBefore} and ${sessionsAfter} sessions)`,
    );
  }
  for (const { check, before, after } of report.checks) {
    lines.push(`- check ${plain(check)} fails on ${percent(before)} → ${percent(after)}`);
  }
  lines.push('', '## Timeline', '');
  for (const { at, kind, text } of report.timeline) lines.push(`- ${isoTime(at)} ${plain(kind)}: ${plain(text)}`);
  lines.push('', '## Examples', '');
  for (const [name, rows] of Object.entries(report.examples)) lines.push(...exampleLines(name, rows));
  lines.push('## Again', '', ...report.commands.map((command) => `    ${command}`), '');
  lines.push('## Next', '', ...report.nextSteps.map((step) => `- ${plain(step)}`), '');
  return lines.join('\n');
}

function exampleLines(name: string, rows: readonly InteractionRow[]): string[] {
  if (rows.length === 0) return [];
  const items = rows.map(({ interactionId, worstScore, failedChecks }) => {
    const checks = failedChecks.length === 0 ? '' : `, checks: ${failedChecks.join(', ')}`;
    return `- ${code(interactionId)} score ${worstScore?.toFixed(2) ?? '–'}${plain(checks)}`;
  });
  return [`${name}:`, ...items, ''];
}

function levelText(level: Level | null): string {
  if (level === null) return 'not measured';
  return `${level.mean.toFixed(3)} (${level.lower.toFixed(3)} to ${level.upper.toFixed(3)}, ${level.units} conversations)`;
}

function arrow(before: number | null, after: number | null): string {
  return `${before?.toFixed(3) ?? '–'} → ${after?.toFixed(3) ?? '–'}`;
}

/** Nothing in it is taken for markup, a mention, a link or a table cell. */
export function plain(text: string): string {
  return withoutControls(text)
    .replace(/[\\`*_{}[\]<>#|!~]/g, (character) => `\\${character}`)
    .replace(/@/g, '@\u200b')
    .replace(/\b(https?|javascript|data):/gi, (scheme) => `${scheme.slice(0, -1)}\u200b:`);
}

function code(text: string): string {
  return `\`${withoutControls(text).replaceAll('`', "'")}\``;
}

/** Control and direction characters do not leave: a terminal or a reader could be misled by them. */
export function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
