import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes } from '../../../src/domain/attributes';
import type { Observer } from '../../../src/platform/observer';
import type { SpanOrigin } from '../../../src/platform/trace-parent';
import { buildCriterionVerdict } from '../../support/builders/verdict';
import { createRig, P0, turn } from './rig';

interface Recorded {
  readonly name: string;
  readonly parent: string | null;
  readonly attributes: Record<string, string | number | boolean>;
  readonly origin: SpanOrigin | null;
  readonly links: string[];
  failed: string | null;
  ended: number;
}

function recordingObserver(): {
  readonly observer: Observer;
  readonly spans: Recorded[];
  readonly current: () => string | null;
} {
  const spans: Recorded[] = [];
  const context = new AsyncLocalStorage<string>();
  return {
    spans,
    current: () => context.getStore() ?? null,
    observer: {
      inSpan<T>(name: string, attributes: Attributes, work: (span: never) => T, origin: SpanOrigin | null = null): T {
        const span: Recorded = {
          name,
          parent: context.getStore() ?? null,
          attributes: { ...attributes },
          origin,
          links: [],
          failed: null,
          ended: 0,
        };
        const id = `${name}#${spans.length}`;
        spans.push(span);
        const active = {
          set: (more: Attributes) => void Object.assign(span.attributes, more),
          fail: (reason: string) => void (span.failed = reason),
          link: ({ traceId }: { readonly traceId: string }) => void span.links.push(traceId),
          end: () => void (span.ended += 1),
          traceId: `trace-${spans.length}`,
          spanId: `span-${spans.length}`,
        };
        return context.run(id, () => (work as (span: unknown) => T)(active));
      },
    },
  };
}

const PUBLISH = 'plumbline.publish';

describe('spans', () => {
  it('cover each record once, with messaging attributes, its stages below it and the judged call linked', async () => {
    const { observer, spans } = recordingObserver();
    const rig = createRig({ deps: { observer } });
    rig.put(turn('i-1', { trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) } }));
    rig.put({ kind: 'fault' });
    await rig.pipeline.start();
    await rig.time.settle();
    await rig.pipeline.stop();
    const ofRecords = spans.filter(({ name }) => name !== PUBLISH);
    expect(ofRecords.map(({ name, parent, ended, failed }) => ({ name, parent, ended, failed }))).toEqual([
      { name: 'process llm.interactions', parent: null, ended: 1, failed: null },
      { name: 'plumbline.redact', parent: 'process llm.interactions#0', ended: 1, failed: null },
      { name: 'plumbline.checks', parent: 'process llm.interactions#0', ended: 1, failed: null },
      { name: 'plumbline.judge', parent: 'process llm.interactions#0', ended: 1, failed: null },
      { name: 'process llm.interactions', parent: null, ended: 1, failed: 'undecodable' },
    ]);
    expect(spans[0]?.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.destination.name': 'llm.interactions',
      'messaging.destination.partition.id': '0',
      'messaging.kafka.offset': 0,
      'plumbline.outcome': 'judged',
    });
    expect(spans[0]?.links).toEqual(['a'.repeat(32)]);
    expect(spans[3]?.attributes).toMatchObject({ 'plumbline.criteria.scored': 1, 'plumbline.criteria.unjudged': 0 });
  });

  it('of publishing are of no trace, and link every record of their batch', async () => {
    const { observer, spans } = recordingObserver();
    const rig = createRig({ deps: { observer } });
    rig.put(turn('i-1'));
    rig.put(turn('i-2'));
    await rig.pipeline.start();
    await rig.time.settle();
    await rig.pipeline.stop();
    const publishing = spans.filter(({ name }) => name === PUBLISH);
    expect(publishing.map(({ parent, ended }) => [parent, ended])).toEqual(publishing.map(() => [null, 1]));
    const traces = spans.flatMap(({ name }, index) => (name.startsWith('process') ? [`trace-${index + 1}`] : []));
    expect(publishing.flatMap(({ links }) => links).sort()).toEqual(traces.sort());
    const counts = publishing.map(({ attributes }) => Number(attributes['messaging.batch.message_count']));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  it('go on with the trace that the record’s headers name', async () => {
    const { observer, spans } = recordingObserver();
    const rig = createRig({ deps: { observer } });
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    rig.put(turn('i-1'), P0, { traceparent });
    rig.put(turn('i-2'), P0, { traceparent: 'nonsense' });
    await rig.pipeline.start();
    await rig.time.settle();
    await rig.pipeline.stop();
    expect(spans.filter(({ name }) => name.startsWith('process')).map(({ origin }) => origin?.traceId ?? null)).toEqual(
      ['1'.repeat(32), null],
    );
  });

  it('are the parents of judge calls, also of those that waited behind another conversation', async () => {
    const { observer, spans, current } = recordingObserver();
    const parents: (string | null)[] = [];
    const rig = createRig({
      deps: { observer },
      options: { concurrency: 1 },
      judge: async () => {
        await Promise.resolve();
        parents.push(current());
        return [buildCriterionVerdict()];
      },
    });
    rig.put(turn('i-1'));
    rig.put(turn('i-2'));
    await rig.pipeline.start();
    await rig.time.settle();
    await rig.pipeline.stop();
    const below = parents.map((id) => spans[Number(id?.split('#')[1])]);
    expect(below.map((span) => [span?.name, span?.parent])).toEqual([
      ['plumbline.judge', expect.stringMatching(/^process llm.interactions#/)],
      ['plumbline.judge', expect.stringMatching(/^process llm.interactions#/)],
    ]);
    expect(new Set(below.map((span) => span?.parent)).size).toBe(2);
    expect(spans.every(({ ended }) => ended === 1)).toBe(true);
  });

  it('end when their record is given up', async () => {
    const { observer, spans } = recordingObserver();
    const rig = createRig({ deps: { observer }, judge: () => new Promise(() => {}) });
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    await rig.pipeline.stop();
    expect(spans[0]).toMatchObject({ failed: 'abandoned', ended: 1 });
  });
});
