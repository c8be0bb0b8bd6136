import { Partitioners, type PartitionMetadata } from 'kafkajs';
import { murmur2, partitionOf } from '../../../src/outputs/kafka-murmur2';

describe('the partition of a key', () => {
  /** From Kafka's own `UtilsTest.testMurmur2`. */
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('comes from the hash of %s as Kafka computes it', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('is the one that kafkajs chooses', () => {
    const choose = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 7 }, (_, partitionId): PartitionMetadata => {
      return { partitionId, leader: 1, partitionErrorCode: 0, replicas: [1], isr: [1] };
    });
    for (let index = 0; index < 500; index++) {
      const key = `${'ü'.repeat(index % 9)}${index}`;
      expect(partitionOf(key, 7)).toBe(choose({ topic: 't', partitionMetadata, message: { key, value: null } }));
    }
  });
});
