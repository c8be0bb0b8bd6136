import { existsSync } from 'node:fs';
import { toolPath } from '../../support/tools';
import { runLive } from './run-live';

/** `npm run -s test:dashboards -- --json`: boards and alerts against the real demo, Prometheus and Alertmanager. */
async function main(args: readonly string[]): Promise<number> {
  const missing = (['prometheus', 'alertmanager', 'promtool'] as const).filter((tool) => !existsSync(toolPath(tool)));
  if (missing.length > 0) {
    const why = `${missing.join(', ')} not installed; run scripts/install-tools.sh`;
    console.log(`SKIPPED: ${why}`);
    if (args.includes('--json')) {
      const unknown = {
        panels: null,
        with_data: null,
        empty_listed: null,
        kinds: null,
        fired: null,
        resolved: null,
        inhibited: null,
      };
      console.log(JSON.stringify({ ...unknown, why }));
    }
    return process.env['PLUMBLINE_REQUIRE_ALL'] === '1' ? 1 : 0;
  }
  const report = await runLive();
  console.log(`panels               ${report.panels}`);
  console.log(`  with data          ${report.with_data}`);
  for (const [panel, why] of Object.entries(report.empty_listed)) console.log(`  empty, as listed   ${panel} (${why})`);
  for (const panel of report.empty_unlisted) console.log(`  EMPTY, NOT LISTED  ${panel}`);
  console.log(`kinds                ${report.kinds}`);
  console.log(`  fired              ${report.fired.length}: ${report.fired.join(', ')}`);
  console.log(`  resolved           ${report.resolved.length}: ${report.resolved.join(', ')}`);
  console.log(`  inhibited          ${report.inhibited.length}: ${report.inhibited.join(', ')}`);
  const { program, incident } = report;
  console.log('the program itself, on a release that is rolled back and on an outage');
  for (const [what, kinds] of Object.entries(program) as [string, readonly string[]][])
    console.log(`  ${what.padEnd(16)} ${kinds.length}: ${kinds.join(', ')}`);
  for (const [name, text] of Object.entries(incident)) console.log(`its incident tells, ${name}: ${text}`);
  for (const [name, text] of Object.entries(report.story)) console.log(`a message tells, ${name}: ${text}`);
  console.log(
    `notifications of one alert through a rolling update, a second WATCH and a handover: ${report.notifications_through_handover}`,
  );
  for (const name of report.metrics_missing) console.log(`METRIC NEVER EXPORTED ${name}`);
  for (const fault of [...report.misrouted, ...report.runbook_failures]) console.log(`FAULT ${fault}`);
  console.log(`${report.seconds} s`);
  if (args.includes('--json')) {
    const { fired, resolved, inhibited, empty_listed } = report;
    const counts = {
      fired: fired.length,
      resolved: resolved.length,
      inhibited: inhibited.length,
      empty_listed: Object.keys(empty_listed).length,
    };
    console.log(JSON.stringify({ ...report, ...counts, names: { fired, resolved, inhibited, empty_listed } }));
  }
  return report.empty_unlisted.length + report.misrouted.length + report.runbook_failures.length === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
