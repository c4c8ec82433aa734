/** What was read of one partition of a Kafka topic. */
export interface KafkaAccount {
  /** Records with a value, and the bytes of these. */
  records: number;
  bytes: number;
  /** Offset of the next record. */
  next: number;
  /** Records of transactions that were aborted, and those without a value (deletions), which are left out. */
  aborted: number;
  tombstones: number;
  /** Records that the topic's retention had removed before they were read. */
  lost: number;
  /** Records that are there and were not read yet, when the partition was last asked. */
  lag: number;
}

export function emptyKafkaAccount(): KafkaAccount {
  return { records: 0, bytes: 0, next: 0, aborted: 0, tombstones: 0, lost: 0, lag: 0 };
}
