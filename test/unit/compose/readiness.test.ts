import { stallReason } from '../../../src/compose/readiness';
import type { PipelineState } from '../../../src/pipeline/deps';

const STALLED: PipelineState = {
  status: 'running',
  reason: '',
  inflightRecords: 3,
  inflightBytes: 300,
  waitingForSchema: [],
  recordsDone: 0,
  redeliveredSkipped: 0,
  writtenSkipped: 0,
  revokedInflight: 0,
  lastProgressAt: null,
  quietMs: 300_000,
};

describe('a stall', () => {
  it('is when nothing was done for long after every deadline', () => {
    expect(stallReason(STALLED, 120_000)).toBe('3 records in flight and none done for 300 s');
    expect(stallReason({ ...STALLED, quietMs: 299_999 }, 120_000)).toBeNull();
  });

  it('waits for items that may take longer', () => {
    expect(stallReason(STALLED, 600_000)).toBeNull();
    expect(stallReason({ ...STALLED, quietMs: 1_200_000 }, 600_000)).not.toBeNull();
  });

  it.each<[string, Partial<PipelineState>]>([
    ['the ledger cannot be written', { reason: 'ledger: KAFKA_UNREACHABLE' }],
    ['a schema cannot be had', { waitingForSchema: ['llm.interactions/0'] }],
    ['it is stopping', { status: 'draining' }],
  ])('is none while %s: a restart would not help', (_what, state) => {
    expect(stallReason({ ...STALLED, ...state }, 120_000)).toBeNull();
  });
});
