import { systemClock } from '../../../src/platform/clock';
import { silentLogger } from '../../../src/platform/logger';
import { silentObserver } from '../../../src/platform/observer';

describe('the system clock', () => {
  it('tells wall time for stamps and a time that never goes back for durations', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
    const times = Array.from({ length: 1000 }, () => systemClock.monotonicMs());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('the silent observer', () => {
  it('runs the work, hands its result on and knows no trace', () => {
    const result = silentObserver.inSpan('x', { a: 1 }, (span) => {
      span.set({ b: 2 });
      span.fail('x');
      span.end();
      return span.traceId;
    });
    expect(result).toBeNull();
  });
});

describe('the silent logger', () => {
  it('takes every level and writes nothing', () => {
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      expect(() => silentLogger[level]({ a: 1 }, 'x')).not.toThrow();
    }
  });
});
