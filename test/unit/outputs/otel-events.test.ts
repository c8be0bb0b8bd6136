import type { logs as sdk } from '@opentelemetry/sdk-node';
import { startEvaluationEvents } from '../../../src/outputs/otel-events';
import { silentLogger } from '../../../src/platform/logger';
import { buildInteraction } from '../../support/builders/interaction';
import { buildCriterionVerdict, buildVerdict } from '../../support/builders/verdict';

const COMMON = { instance: 'test', version: '0.1.0', logger: silentLogger };

/** The SDK's own exporter in memory forgets everything at shutdown. */
function exporterInto(records: sdk.ReadableLogRecord[]): sdk.LogRecordExporter {
  return {
    export: (batch, done) => {
      records.push(...batch);
      done({ code: 0 });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

describe('evaluation events', () => {
  it('say per criterion what the conventions ask for, in the trace of the judged call, without any text', async () => {
    const records: sdk.ReadableLogRecord[] = [];
    const events = await startEvaluationEvents({ ...COMMON, exporter: exporterInto(records) });
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const verdict = buildVerdict({
      interactionId: 'i-1',
      interaction: buildInteraction({ interactionId: 'i-1', trace }),
      criteria: [
        buildCriterionVerdict({ criterion: 'helpful', result: 'scored', score: 0.9, pass: true, unjudgedReason: null }),
        buildCriterionVerdict({
          criterion: 'grounded',
          result: 'unjudged',
          score: null,
          pass: null,
          unjudgedReason: 'timeout',
        }),
        buildCriterionVerdict({ criterion: 'safe', result: 'not_sampled', score: null, pass: null }),
      ],
    });
    events.onVerdict(verdict);
    await Promise.all([events.shutdown(), events.shutdown()]);
    expect(records.map(({ eventName, attributes }) => [eventName, attributes])).toEqual([
      [
        'gen_ai.evaluation.result',
        expect.objectContaining({
          'gen_ai.evaluation.name': 'helpful',
          'gen_ai.evaluation.score.value': 0.9,
          'gen_ai.evaluation.score.label': 'pass',
          'gen_ai.response.id': 'i-1',
        }),
      ],
      [
        'gen_ai.evaluation.result',
        expect.objectContaining({ 'gen_ai.evaluation.name': 'grounded', 'error.type': 'timeout' }),
      ],
    ]);
    expect(records[1]?.attributes).not.toHaveProperty('gen_ai.evaluation.score.value');
    expect(records.map(({ spanContext }) => spanContext?.spanId)).toEqual([trace.spanId, trace.spanId]);
    expect(records.every(({ body }) => body === undefined)).toBe(true);
    const said = Object.keys(records[0]?.attributes ?? {});
    expect(said.filter((name) => /content|message|explanation/.test(name))).toEqual([]);
  });

  it('are nothing without an endpoint', async () => {
    const events = await startEvaluationEvents(COMMON);
    expect(() => events.onVerdict(buildVerdict({}))).not.toThrow();
    await events.shutdown();
  });
});
