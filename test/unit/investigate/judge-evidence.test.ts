import { goldenShift, judgeMoved } from '../../../src/investigate/judge-evidence';
import { buildRun } from '../../support/builders/evidence';

describe('judges on the frozen set', () => {
  it('are held against what was sealed by their latest answer to each item', () => {
    const runs = [...buildRun({ judge: 'a', run: '1' }), ...buildRun({ judge: 'a', run: '2', stricter: 1 })];
    expect(goldenShift(runs, 'correct', null)).toMatchObject({ items: 400, verdict: 'moved', shift: { change: -0.9 } });
    expect(goldenShift([...runs].reverse(), 'correct', null)).toMatchObject({ verdict: 'same', shift: { change: 0 } });
  });

  it('are told apart, furthest first, and averaged over judges together', () => {
    const runs = [...buildRun({ judge: 'a' }), ...buildRun({ judge: 'b', stricter: 1, version: 'b-2' })];
    const shift = goldenShift(runs, 'correct', null);
    expect(shift?.judges.map(({ judge, verdict, version }) => [judge, verdict, version])).toEqual([
      ['b', 'moved', 'b-2'],
      ['a', 'same', null],
    ]);
    expect(shift?.shift.change).toBeCloseTo(-0.45, 10);
  });

  it('count only where they are asked about, by whole names', () => {
    const runs = [...buildRun({ judge: 'mini' }), ...buildRun({ judge: 'gemini', stricter: 1 })];
    expect(goldenShift(runs, 'correct', ['mini'])?.verdict).toBe('same');
    expect(goldenShift(runs, 'grounded', null)).toBeNull();
    expect(goldenShift([], 'correct', null)).toBeNull();
  });

  it('are not judged by control items, which belong to no set', () => {
    const controls = buildRun({ judge: 'a', run: 'control', items: 20, stricter: 1, version: 'a-1' }).map((entry) => ({
      ...entry,
      answer: { ...entry.answer, trigger: 'control' as const, item: `control-${entry.answer.item}` },
    }));
    const runs = [...controls, ...buildRun({ judge: 'a', version: 'a-2' })];
    expect(goldenShift(runs, 'correct', null)).toMatchObject({
      items: 400,
      verdict: 'same',
      judges: [{ version: 'a-2' }],
    });
    expect(judgeMoved(runs, 'correct', 'a')).toBeNull();
  });

  it('moved between the last run that was as sealed and the first of those since that are not', () => {
    const runs = [
      ...buildRun({ judge: 'a', run: '1', at: 10 }),
      ...buildRun({ judge: 'a', run: '2', at: 20 }),
      ...buildRun({ judge: 'a', run: '3', at: 30, stricter: 0.5 }),
      ...buildRun({ judge: 'b', run: '3', at: 30 }),
      ...buildRun({ judge: 'a', run: '4', at: 40, stricter: 0.5 }),
    ];
    expect(judgeMoved(runs, 'correct', 'a')).toEqual({ from: 20, at: 30 });
    expect(judgeMoved(runs, 'correct', 'b')).toBeNull();
    expect(judgeMoved(runs.slice(800), 'correct', 'a')).toEqual({ from: null, at: 30 });
  });

  it('that came back have not moved', () => {
    const runs = [...buildRun({ judge: 'a', run: '1', stricter: 0.5 }), ...buildRun({ judge: 'a', run: '2' })];
    expect(judgeMoved(runs, 'correct', 'a')).toBeNull();
  });
});
