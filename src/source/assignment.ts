import { partitionKey, type TopicPartition } from '../domain/coordinates';

export interface GroupMember {
  readonly id: string;
  /** Keys of the partitions that it had before. */
  readonly held: readonly string[];
}

/**
 * Spreads partitions evenly (by at most one) and moves as few as that allows: what moves is in flight at its old owner,
 * and is paid for twice. Every process of the group comes to the same result from the same input, whatever its order.
 */
export function assignSticky(
  partitions: readonly TopicPartition[],
  members: readonly GroupMember[],
): Map<string, TopicPartition[]> {
  const open = new Map(partitions.map((at) => [partitionKey(at), at]));
  const byId = [...members].sort((a, b) => compare(a.id, b.id));
  const claims = byId.map(({ id, held }) => {
    const claimed = [...new Set(held)].sort(compare).flatMap((key) => {
      const at = open.get(key);
      // Whoever was evicted without noticing still thinks that it holds what is another's now: one of them has it.
      open.delete(key);
      return at ?? [];
    });
    return { id, claimed };
  });

  // Those who hold most keep the larger parts.
  const byClaims = [...claims].sort((a, b) => b.claimed.length - a.claimed.length);
  const least = Math.floor(partitions.length / members.length);
  const larger = partitions.length % members.length;
  const quotas = new Map(byClaims.map(({ id }, i) => [id, least + (i < larger ? 1 : 0)]));

  const assigned = new Map<string, TopicPartition[]>();
  const free: TopicPartition[] = [...open.values()];
  for (const { id, claimed } of claims) {
    const quota = quotas.get(id) ?? 0;
    assigned.set(id, claimed.slice(0, quota));
    free.push(...claimed.slice(quota));
  }
  free.sort((a, b) => compare(partitionKey(a), partitionKey(b)));
  for (const [id, own] of assigned) own.push(...free.splice(0, (quotas.get(id) ?? 0) - own.length));
  return assigned;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
