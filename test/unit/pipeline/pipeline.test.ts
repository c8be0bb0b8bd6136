import { heldJudge, P0, P1, skippedTurn, summary, turn } from './rig';
import { rigsOfTests } from './rigs-of-tests';

const rigOf = rigsOfTests();

describe('what becomes of a record', () => {
  it('ends every kind of record as exactly one line with its outcome', async () => {
    const rig = rigOf();
    rig.put(turn('i-1'));
    rig.put(skippedTurn('i-2'));
    rig.put({ kind: 'filtered' });
    rig.put({ kind: 'behaviour' });
    rig.put({ kind: 'fault' });
    await rig.pipeline.start();
    await rig.time.settle();
    // Durable, and so remembered: the second copy is recognised without a judge.
    rig.put(turn('i-1'));
    await rig.time.settle();
    expect(summary(rig).sort()).toEqual([
      'p0@0=judged',
      'p0@1=checked_only',
      'p0@2=filtered',
      'p0@3=behaviour',
      'p0@4=dead_lettered',
      'p0@5=duplicate',
    ]);
    expect(rig.verdicts.all.map(({ interactionId }) => interactionId).sort()).toEqual(['i-1', 'i-2']);
    expect(rig.judged).toHaveLength(1);
    expect(rig.done).toHaveLength(6);
  });

  it('names the published verdict in the ledger line', async () => {
    const rig = rigOf();
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.settle();
    const [line] = rig.lines();
    expect(line?.kind === 'outcome' ? line.item?.verdictId : null).toBe(rig.verdicts.all[0]?.verdictId);
  });

  it('keeps coordinates, reason, hash and size of a dead letter, and none of its text', async () => {
    const rig = rigOf();
    rig.put({ kind: 'decoder_bug' });
    rig.put({ kind: 'check_bug', interaction: { interactionId: 'i-1' } });
    rig.put({ kind: 'fault' });
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.deadLetters.all.map(({ reason, detail }) => ({ reason, detail }))).toEqual([
      { reason: 'handler_error', detail: 'failed 3 times with RangeError' },
      { reason: 'handler_error', detail: 'failed 3 times with TypeError' },
      { reason: 'undecodable', detail: 'wanted magic byte 0' },
    ]);
    expect(JSON.stringify(rig.deadLetters.all, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))).not.toMatch(
      /secret/,
    );
    expect(rig.deadLetters.all[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('dead-letters what is too large without decoding it', async () => {
    let decoded = 0;
    const rig = rigOf({
      options: { maxRecordBytes: 50 },
      deps: { decoder: { decode: () => Promise.reject(new Error(`decoded ${++decoded}`)) } },
    });
    rig.broker.append(P0, { value: 'x'.repeat(51) });
    await rig.pipeline.start();
    await rig.time.settle();
    expect(decoded).toBe(0);
    expect(rig.deadLetters.all).toMatchObject([{ reason: 'too_large', sizeBytes: 51 }]);
  });

  it.each([
    ['upstream sampling', { upstreamSampling: { probability: 0, scheme: null } }],
    ['id', { interactionId: '' }],
    ['time', { occurredAt: -1 }],
  ])('turns away an interaction with an impossible %s', async (_, overrides) => {
    const rig = rigOf();
    rig.put(turn('i-1', overrides));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.deadLetters.all).toMatchObject([{ reason: 'invalid' }]);
  });

  it('dead-letters a record on which the cascade fails three times, and goes on with the next', async () => {
    let calls = 0;
    const rig = rigOf({
      judge: ({ interaction }) => {
        if (interaction.interactionId !== 'poison') return Promise.resolve([]);
        calls += 1;
        return Promise.reject(new TypeError('secret'));
      },
    });
    rig.put(turn('poison'));
    rig.put(turn('fine'));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(calls).toBe(3);
    expect(summary(rig).sort()).toEqual(['p0@0=dead_lettered', 'p0@1=checked_only']);
  });

  it('leaves what has no score by the deadline unjudged, also when the cascade ignores its signal', async () => {
    const rig = rigOf({ judge: () => new Promise(() => {}) });
    rig.put(turn('i-1'));
    await rig.pipeline.start();
    await rig.time.advance(5500);
    expect(rig.lines()).toHaveLength(0);
    await rig.time.advance(600);
    expect(summary(rig)).toEqual(['p0@0=judged']);
    expect(rig.verdicts.all[0]?.criteria).toMatchObject([{ result: 'unjudged', unjudgedReason: 'deadline' }]);
  });

  it('passes the names of failed checks that escalate', async () => {
    const rig = rigOf();
    rig.put(turn('i-1', { output: { text: '', finishReason: 'stop', refusal: null, toolCalls: [], chunks: [] } }));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.judged[0]?.failedChecks).toEqual(['non_empty']);
  });
});

describe('order and copies', () => {
  it('keeps the turns of a conversation in order and judges conversations side by side', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('a1', { conversationId: 'a' }));
    rig.put(turn('a2', { conversationId: 'a' }));
    rig.put(turn('b1', { conversationId: 'b' }));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(held.waiting()).toEqual(['a1', 'b1']);
    held.release('b1');
    await rig.time.settle();
    held.release('a1');
    await rig.time.settle();
    held.release('a2');
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@2=judged', 'p0@0=judged', 'p0@1=judged']);
  });

  it('lets no partition wait behind the backlog of another', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge, options: { concurrency: 2 } });
    for (let n = 0; n < 40; n++) rig.put(turn(`backlog-${n}`));
    rig.put(turn('other'), P1);
    await rig.pipeline.start();
    await rig.time.settle();
    expect(held.waiting()).toEqual(['backlog-0', 'other']);
    held.releaseAll();
    await rig.time.settle();
  });

  it('queues an unsampled turn behind a judged one of the same conversation', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('a1', { conversationId: 'a' }));
    rig.put(skippedTurn('a2', { conversationId: 'a' }));
    rig.put(skippedTurn('b1'));
    await rig.pipeline.start();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@2=checked_only']);
    held.releaseAll();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@2=checked_only', 'p0@0=judged', 'p0@1=checked_only']);
  });

  it('calls a copy a duplicate only once the line of the first is durable', async () => {
    const rig = rigOf();
    const release = rig.ledger.hold();
    rig.put(turn('i-1'));
    rig.put(turn('i-1'), P1);
    await rig.pipeline.start();
    await rig.time.settle();
    expect(rig.lines()).toHaveLength(0);
    release();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p0@0=judged', 'p1@0=duplicate']);
    expect(rig.judged).toHaveLength(1);
  });

  it('scores the copy when the first was revoked before its line was written', async () => {
    const held = heldJudge();
    const rig = rigOf({ judge: held.judge });
    rig.put(turn('i-1'));
    rig.put(turn('i-1'), P1);
    await rig.pipeline.start();
    await rig.time.settle();
    rig.source.assign([P1]);
    await rig.time.settle();
    held.releaseAll();
    await rig.time.settle();
    expect(summary(rig)).toEqual(['p1@0=judged']);
    expect(rig.pipeline.state()).toMatchObject({ revokedInflight: 1, inflightRecords: 0 });
  });
});
