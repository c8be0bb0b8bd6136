import { AssignerProtocol, type PartitionAssigner, PartitionAssigners } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../domain/coordinates';
import { assignSticky } from './assignment';

const NAME = 'plumbline-sticky';
const VERSION = 0;

/**
 * For `partitionAssigners` of a consumer: sticky, or round robin where a member of the group knows only that. kafkajs
 * itself has no assigner that keeps anything where it is. `held` is asked at each join.
 */
export function stickyAssigners(held: () => readonly TopicPartition[]): PartitionAssigner[] {
  const sticky: PartitionAssigner = ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    assign({ members, topics }) {
      const partitions = topics.flatMap((topic) =>
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ topic, partition: partitionId })),
      );
      const group = members.map(({ memberId, memberMetadata }) => ({ id: memberId, held: heldOf(memberMetadata) }));
      return Promise.resolve(
        [...assignSticky(partitions, group)].map(([memberId, own]) => ({
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({
            version: VERSION,
            assignment: toAssignment(own),
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(held().map(partitionKey))),
      }),
    }),
  });
  return [sticky, PartitionAssigners.roundRobin];
}

/** What is not ours to read is nothing held. */
function heldOf(metadata: Buffer): string[] {
  try {
    const { userData } = AssignerProtocol.MemberMetadata.decode(metadata) ?? {};
    const keys: unknown = JSON.parse(userData?.toString('utf8') ?? '[]');
    return Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string') : [];
  } catch {
    return [];
  }
}

function toAssignment(own: readonly TopicPartition[]): Record<string, number[]> {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of own) (assignment[topic] ??= []).push(partition);
  return assignment;
}
