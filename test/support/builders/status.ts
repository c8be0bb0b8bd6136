import type { StatusFigures } from '../../../src/console/answers';

/** What a monitor says of itself before anything has come. */
export function buildStatus(overrides: Partial<StatusFigures> = {}): StatusFigures {
  return { instance: 'test', version: '0.0.0', ready: true, reasons: [], lag: [], report: null, ...overrides };
}
