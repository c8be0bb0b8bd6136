import type { JudgeAnswer } from '../../../src/domain/verdict';
import { type RouteInput, routeGroup } from '../../../src/judge/route';
import { buildJudgeAnswer } from '../../support/builders/verdict';
import { criterion } from './fake-judge';

const options = { band: { low: 0.25, high: 0.75 }, auditProbability: 0.1 };
const scored = (score: number): JudgeAnswer => buildJudgeAnswer({ score });
const failed = buildJudgeAnswer({ outcome: 'timeout', score: null, confidence: null });
const absent = (confidence: number): JudgeAnswer =>
  buildJudgeAnswer({ outcome: 'not_applicable', score: null, confidence });

function route(cheap: Record<string, JudgeAnswer[]>, change: Partial<RouteInput> = {}) {
  return routeGroup(
    {
      criteria: Object.keys(cheap).map((name) => criterion(name)),
      cheap: new Map(Object.entries(cheap)),
      failedChecks: [],
      bandEnabled: true,
      draw: 0.99,
      ...change,
    },
    options,
  );
}

describe('routeGroup', () => {
  it('leaves a confident verdict to the audit draw', () => {
    expect(route({ a: [scored(0.9)] })).toMatchObject({ escalated: false, reason: null, probability: 0.1 });
    expect(route({ a: [scored(0.9)] }, { draw: 0.0999 })).toMatchObject({
      escalated: true,
      reason: 'audit',
      probability: 0.1,
    });
    expect(route({ a: [scored(0.9)] }, { draw: 0.1 }).escalated).toBe(false);
  });

  it.each([0.25, 0.5, 0.75])('escalates %f, inside the band', (score) => {
    expect(route({ a: [scored(score)] })).toMatchObject({ escalated: true, reason: 'borderline', probability: 1 });
  });

  it.each([0, 0.249, 0.751, 1])('does not escalate %f, outside the band', (score) => {
    expect(route({ a: [scored(score)] }).probability).toBe(0.1);
  });

  it('escalates a confident verdict by its step of the residual spread, never below the audit', () => {
    const spread = [{ criterion: 'a', upTo: [0.1, 0.9, 1], probability: [0.02, 0.2, 0.6] }];
    const routed = (score: number, change: Partial<RouteInput> = {}) =>
      routeGroup(
        {
          criteria: [criterion('a')],
          cheap: new Map([['a', [scored(score)]]]),
          failedChecks: [],
          bandEnabled: true,
          draw: 0.5,
          ...change,
        },
        { ...options, spread },
      );
    expect(routed(0.05)).toMatchObject({ escalated: false, probability: 0.1, why: 'confident' });
    expect(routed(0.95)).toMatchObject({ escalated: true, reason: 'audit', probability: 0.6 });
    expect(routed(0.8)).toMatchObject({ escalated: false, probability: 0.2, why: 'confident, by residual spread' });
    expect(routed(0.5)).toMatchObject({ reason: 'borderline', probability: 1 });
    expect(routed(0.95, { bandEnabled: false }).probability).toBe(0.1);
  });

  it('keeps the audit when the policy switches the band off', () => {
    const off = { bandEnabled: false };
    expect(route({ a: [scored(0.5)] }, off).probability).toBe(0.1);
    expect(route({ a: [scored(0.5)] }, { ...off, draw: 0.05 })).toMatchObject({ escalated: true, reason: 'audit' });
    expect(route({ a: [failed] }, off).probability).toBe(1);
  });

  it('escalates the whole group for one criterion', () => {
    expect(route({ a: [scored(0.9)], b: [scored(0.6)] })).toMatchObject({
      probability: 1,
      reason: 'borderline',
      why: 'b',
    });
  });

  it('escalates without a cheap score, also when one of two readings is missing', () => {
    expect(route({ a: [failed] })).toMatchObject({ probability: 1, reason: 'borderline' });
    expect(route({ a: [scored(0.9), failed] })).toMatchObject({ probability: 1, reason: 'borderline' });
    expect(route({ a: [] }).probability).toBe(1);
  });

  it('escalates when two readings disagree, be it on applicability', () => {
    expect(route({ a: [scored(0.9), scored(0.1)] })).toMatchObject({ probability: 1, reason: 'disagreement' });
    expect(route({ a: [scored(0.9), absent(0.9)] })).toMatchObject({ probability: 1, reason: 'disagreement' });
    expect(route({ a: [scored(0.9), scored(0.8)] }).probability).toBe(0.1);
  });

  it('takes a doubtful "not applicable" for borderline', () => {
    expect(route({ a: [absent(0.95)] }).probability).toBe(0.1);
    expect(route({ a: [absent(0.6)] })).toMatchObject({ probability: 1, reason: 'borderline' });
  });

  it('names the strongest reason', () => {
    const cheap = { a: [scored(0.9), scored(0.1)], b: [scored(0.5)] };
    expect(route(cheap, { failedChecks: ['empty'] })).toMatchObject({ reason: 'check', why: 'empty' });
    expect(route(cheap)).toMatchObject({ reason: 'disagreement' });
    expect(
      route({ a: [scored(1)] }, { criteria: [criterion('a', { safety: true })], failedChecks: ['empty'] }),
    ).toMatchObject({ reason: 'safety', probability: 1, escalated: true });
  });
});
