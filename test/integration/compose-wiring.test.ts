import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { eventually } from '../support/eventually';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freeLoopbackPorts } from '../support/kafka/free-ports';
import { freshName } from '../support/kafka/test-kafka';
import { type RunningCli, startCli } from '../support/run-cli';
import { killMonitors, startMonitor } from '../support/running-monitor';

const EXAMPLE = join(resolve(__dirname, '..', '..'), 'examples', 'compose', 'plumbline.yaml');

/** The services `traffic` and `plumbline` of the compose example as processes, on a real broker. */
describeWithKafka('the compose example', (kafka) => {
  let traffic: RunningCli | null = null;
  afterEach(() => {
    killMonitors();
    traffic?.child.kill('SIGKILL');
  });

  it('judges the simulated traffic with the simulated judges, as configured', async () => {
    const [judgesPort = 0] = await freeLoopbackPorts(1);
    const prefix = freshName('compose');
    const text = readFileSync(EXAMPLE, 'utf8').replaceAll('http://traffic:4000', `http://127.0.0.1:${judgesPort}`);
    const shipped = parse(text) as { instance: object; source: { kafka: object }; server?: object };
    delete shipped.server;
    const config = stringify({
      ...shipped,
      instance: { ...shipped.instance, topicPrefix: prefix, groupPrefix: prefix },
      source: { ...shipped.source, kafka: { brokers: kafka().brokers } },
    });
    const monitor = await startMonitor({ config });
    traffic = startCli([
      ...['demo', '--traffic-to', kafka().brokers.join(','), '--judges-port', String(judgesPort), '--rate', '50'],
    ]);
    await eventually(
      async () => {
        const page = await monitor.metrics();
        expect(page).toMatch(/^plumbline_judge_requests_total\{judge="mistral-small",.*outcome="scored"\} [1-9]/m);
        expect(page).toMatch(/^plumbline_records_total\{outcome="judged"\} [1-9]/m);
        expect(page).toMatch(/^plumbline_records_total\{outcome="behaviour"\} [1-9]/m);
        expect(page).toMatch(/^plumbline_consumer_lag\{/m);
      },
      { timeoutMs: 120_000, intervalMs: 500 },
    );
    traffic.child.kill('SIGTERM');
    const { code, stdout } = await traffic.exited;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\d+ records sent/)]);
    expect((await monitor.stop()).code).toBe(0);
  }, 240_000);
});
