import { paceTraffic } from '../../../src/simulate/paced';
import { SCENARIOS } from '../../../src/simulate/scenario';
import { simulateTraffic, type SimulatedRecord } from '../../../src/simulate/traffic';

const START = Date.UTC(2026, 0, 1);
const traffic = (): Generator<SimulatedRecord> =>
  simulateTraffic({ seed: 1, scenario: SCENARIOS.steady, interactions: 400, startAt: START, gapMs: 2_000 });

describe('paced traffic', () => {
  it('hands out every record once, in event-time order, and none before its time', () => {
    const paced = paceTraffic(traffic());
    const seen: SimulatedRecord[] = [];
    for (let now = START; !paced.isOver(); now += 1_000) {
      const due = paced.due(now);
      for (const { at } of due) expect(at).toBeLessThanOrEqual(now);
      seen.push(...due);
    }
    const times = seen.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const keys = (records: readonly SimulatedRecord[]): string[] => records.map(({ value }) => value.toString()).sort();
    expect(keys(seen)).toEqual(keys([...traffic()]));
  });

  it('lets conversations overlap', () => {
    const paced = paceTraffic(traffic());
    const due = paced.due(START + 600_000).filter(({ topic }) => topic === 'interactions');
    const switches = due.filter(({ key }, i) => i > 0 && key !== due[i - 1]?.key).length;
    expect(switches).toBeGreaterThan(new Set(due.map(({ key }) => key)).size);
  });
});
