/**
 * Recorded rows of real judges through the product: files through `replay`, the same rows through a real broker, and
 * every recorded judge and prompt counted. Usage: npm run -s eval:replay -- [--json] [--quick] [--seed N]
 * `--quick` leaves the broker out.
 */
import { kafkaAvailability } from '../test/support/kafka/availability';
import type { RecordedRow } from '../test/support/recorded-judges';
import { evaluateReplay, type ReplayBroker } from './replay/evaluate';
import { dataFile, readRows } from './support/data';
import { finish, runScript, scriptFlags } from './support/script';

const flags = scriptFlags();

runScript(async () => {
  const path = dataFile('realmistake');
  if (path === null) {
    const why = 'no realmistake.jsonl.gz under PLUMBLINE_DATA';
    return finish(flags, `skipped: ${why}`, { rows: null, why });
  }
  const { text, figures } = await evaluateReplay(path, readRows<RecordedRow>(path), chooseBroker());
  finish(flags, text, figures);
});

function chooseBroker(): ReplayBroker {
  if (flags.quick) return { kind: 'none', why: 'left out by --quick' };
  const availability = kafkaAvailability();
  if (availability.kind === 'none') return { kind: 'none', why: availability.why };
  return availability.kind === 'external' ? { kind: 'running', brokers: availability.brokers } : { kind: 'own' };
}
