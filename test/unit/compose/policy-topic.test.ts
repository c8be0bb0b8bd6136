import { policyMessages } from '../../../src/compose/codecs';
import { publisherTo } from '../../../src/compose/policy-topic';
import { silentLogger } from '../../../src/platform/logger';
import type { PolicyRecord } from '../../../src/policy/policy';
import { eventually } from '../../support/eventually';

function leaseRecord(partition: string, sequence: number): PolicyRecord {
  const lease = { partition, sequence, amountUsd: 1, issuedAt: sequence, validUntil: sequence + 1, spentBefore: 0 };
  return { policy: null, lease };
}

describe('publishing the policy', () => {
  it('holds of each key the latest alone while the topic takes nothing, and then sends that', async () => {
    const tried: number[] = [];
    const written: string[] = [];
    let refuses = true;
    const publish = publisherTo(
      {
        write(records) {
          tried.push(records.length);
          if (refuses) return Promise.reject(new Error('denied'));
          for (const { value } of records) {
            const { lease } = policyMessages.decode(value);
            written.push(`${lease?.partition}@${lease?.sequence}`);
          }
          return Promise.resolve();
        },
      },
      silentLogger,
    );
    for (let sequence = 1; sequence <= 100; sequence++) {
      publish([leaseRecord('a', sequence), leaseRecord('b', sequence)]);
      await eventually(() => tried.length === sequence);
    }
    expect(Math.max(...tried)).toBe(2);
    refuses = false;
    publish([leaseRecord('b', 101)]);
    await eventually(() => written.length === 2);
    expect(written).toEqual(['a@100', 'b@101']);
  });
});
