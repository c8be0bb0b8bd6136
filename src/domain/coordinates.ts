/** A partition of a source topic. In file mode the topic is the file's base name and the partition is 0. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where a source record lies; the identity of everything that follows from it. */
export interface SourceCoordinates extends TopicPartition {
  /** 0-based. In file mode the 0-based record number. */
  readonly offset: bigint;
}

/** A position to read from next: every offset below it is done. */
export type PartitionPosition = SourceCoordinates;

/** A string key for maps by partition, e.g. `llm.interactions/3`. */
export function partitionKey(at: TopicPartition): string {
  return `${at.topic}/${at.partition}`;
}

/** A string key for one source record, e.g. `llm.interactions/3/1042`. */
export function coordinatesKey(at: SourceCoordinates): string {
  return `${at.topic}/${at.partition}/${at.offset}`;
}
