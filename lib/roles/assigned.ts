import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from '@platformatic/kafka';
import type { KafkaConfig } from '../config.ts';
import type { Piece } from '../inputs/kafka/fetching.ts';
import { kafkaName } from '../inputs/kafka/kafka-url.ts';
import { openFetching } from '../inputs/kafka/open-fetching.ts';
import { findPartitions, type ReadPartition } from '../inputs/kafka/partitions.ts';
import { Reach } from '../inputs/kafka/reach.ts';
import { BatchMemory } from '../kafka/batch-memory.ts';
import { type BatchOptions, type RecordBatch, recordBatches } from '../kafka/record-batches.ts';
import { type KafkaRecord, recordValues } from '../kafka/record-values.ts';
import { openDecoding } from '../kafka/unpack.ts';
import type { Cluster } from './cluster.ts';
import type { Generation } from './membership.ts';

/** Milliseconds between questions for what a transaction still holds. */
const UNSTABLE_PAUSE = 50;
/** Kafka's number: of these partitions a transaction is still being ended. */
const UNSTABLE = 'UNSTABLE_OFFSET_COMMIT';

/** Reads partitions that this process was given. */
export class AssignedPartitions {
  private readonly cluster: Cluster;
  private readonly reach: Reach;
  private decoding: Pick<BatchOptions, 'unpack' | 'checksum'> | undefined;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.reach = new Reach(cluster.library, cluster.client);
  }

  /** Where a generation of the group goes on; undefined for partitions that it has not committed yet. */
  async committed(
    groupId: string,
    assigned: Generation['assigned'],
    signal: AbortSignal,
  ): Promise<(topic: string, partition: number) => number | undefined> {
    const topics = Array.from(assigned, ([name, partitions]) => ({
      name,
      partitionIndexes: [...partitions],
    }));
    for (;;) {
      try {
        const [group] = await this.reach.ask((admin: Admin) =>
          admin.listConsumerGroupOffsets({ groups: [{ groupId, topics }], requireStable: true }),
        );
        return (topic, partition) => {
          const found = group?.topics
            .find(({ name }) => name === topic)
            ?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
          return found === undefined || found.committedOffset < 0n
            ? undefined
            : Number(found.committedOffset);
        };
      } catch (error) {
        if (signal.aborted || !isUnstable(error)) throw error;
        await delay(UNSTABLE_PAUSE, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** The partitions as a configuration finds them. */
  async find(config: KafkaConfig): Promise<readonly ReadPartition[]> {
    const { added } = await this.reach.ask((admin) =>
      findPartitions(admin, config, kafkaName(config), { now: Date.now() }),
    );
    return added;
  }

  /** What is in the partitions from their positions on, to their ends or until the signal aborts. */
  async *pieces(
    config: KafkaConfig,
    partitions: readonly ReadPartition[],
    signal: AbortSignal,
  ): AsyncGenerator<Piece> {
    const { library, tell } = this.cluster;
    this.decoding ??= await openDecoding(library);
    const fetching = await openFetching(partitions, {
      ...{ config, library, signal },
      name: kafkaName(config),
      reach: this.reach,
      memory: new BatchMemory(),
      // what is new is shared out by the group
      takesNew: false,
      warn: tell,
    });
    yield* fetching.pieces();
  }

  /** The records of a piece, committed ones alone. */
  *records({ fetched, from }: Piece): Generator<KafkaRecord> {
    for (const batch of this.batches(fetched)) {
      if (batch.skipped === undefined) yield* recordValues(batch, from);
    }
  }

  close(): void {
    this.reach.close();
  }

  private batches({ records, aborted }: Piece['fetched']): Generator<RecordBatch> {
    return recordBatches(records, { aborted, ...this.decoding! });
  }
}

function isUnstable(error: unknown): boolean {
  const { apiId, errors = [] } = error as { readonly apiId?: string; readonly errors?: readonly unknown[] };
  return apiId === UNSTABLE || errors.some(isUnstable);
}
