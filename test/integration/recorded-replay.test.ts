import { evaluateReplay, type ReplayFigures } from '../../bench/replay/evaluate';
import { dataFile, readRows } from '../../bench/support/data';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import type { RecordedRow } from '../support/recorded-judges';

const path = dataFile('realmistake');
if (path === null) {
  const what =
    'recorded judges are not replayed: no realmistake.jsonl.gz under PLUMBLINE_DATA (default ../shared/data)';
  if (process.env['PLUMBLINE_REQUIRE_ALL'] === '1') throw new Error(what);
  process.stderr.write(`SKIPPED: ${what}\n`);
}

describeWithKafka('recorded rows of real judges', (kafka) => {
  const itWithData = path === null ? it.skip : it;
  let figures: ReplayFigures;
  beforeAll(async () => {
    if (path === null) return;
    const broker = { kind: 'running', brokers: kafka().brokers } as const;
    figures = (await evaluateReplay(path, readRows<RecordedRow>(path), broker)).figures;
  }, 300_000);

  itWithData('lose no row on their way through the files', () => {
    expect(figures.lost).toBe(0);
    expect(figures.unknown_requests).toBe(0);
    expect(figures.records.in).toBe(figures.rows);
  });

  itWithData('are unreadable exactly where the recorded judge gave no verdict, and never scored there', () => {
    expect(figures.null_recorded).toBeGreaterThan(0);
    expect(figures.unreadable_equals_null_for_every_judge).toBe(true);
    expect(figures.null_scored).toBe(0);
  });

  itWithData('get the same verdicts from a topic as from a file, record for record', () => {
    expect(figures.kafka_equal).toBe(true);
    expect(figures.kafka_lag).toBe(0);
    expect(figures.kafka_exit).toBe(0);
  });
});
