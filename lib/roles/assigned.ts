import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from '@platformatic/kafka';
import type { KafkaConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import { Fetching, type Piece } from '../inputs/kafka/fetching.ts';
import { findPartitions, type ReadPartition } from '../inputs/kafka/partitions.ts';
import { Reach } from '../inputs/kafka/reach.ts';
import { explainFailure } from '../kafka/failures.ts';
import { type BatchOptions, type RecordBatch, recordBatches } from '../kafka/record-batches.ts';
import { type KafkaRecord, recordValues } from '../kafka/record-values.ts';
import { openUnpack } from '../kafka/unpack.ts';
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
      findPartitions(admin, config, this.where(config), { now: Date.now() }),
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
    const where = this.where(config);
    this.decoding ??= await this.openDecoding();
    let isDown = false;
    const fetching = new Fetching(partitions, {
      signal,
      fetch: await this.reach.fetch(where),
      committedOnly: config.isolation === 'read_committed',
      connect: (broker) => this.reach.connect(broker),
      refresh: async (known) => {
        if (isDown) this.reach.renew();
        const { gone } = await this.reach.ask((admin) =>
          findPartitions(admin, config, where, { now: Date.now(), known }),
        );
        // what is new is shared out by the group
        return { added: [], gone };
      },
      down(error) {
        if (isDown || signal.aborted) return;
        isDown = true;
        const { message } = error instanceof MirrormonError ? error : explainFailure(error);
        tell(`${where}: cannot be read now: ${message}; it is tried again until it can`);
      },
      up() {
        if (isDown) tell(`${where}: can be read again`);
        isDown = false;
      },
      lost: ({ topic, partition }, records) =>
        tell(`${where}: ${records} records of ${topic}/${partition} had been removed before they were read`),
      refuse(errorCode, { topic, partition }) {
        const { message, hint } = explainFailure(new library.ProtocolError(errorCode));
        throw new MirrormonError('INPUT_UNREADABLE', `${topic}/${partition} cannot be read: ${message}`, {
          where,
          hint,
        });
      },
    });
    yield* fetching.pieces();
  }

  /** The records of a piece, committed ones alone. */
  *records({ fetched, from }: Piece): Generator<KafkaRecord> {
    for (const batch of this.batches(fetched)) {
      if (batch.skipped === undefined) yield* recordValues(batch, from);
    }
  }

  /** How batches are unpacked and checked. */
  async openDecoding(): Promise<Pick<BatchOptions, 'unpack' | 'checksum'>> {
    const { library } = this.cluster;
    const checksum = (bytes: Buffer): number => library.crc32c(library.Reader.from(bytes).buffer);
    return { unpack: await openUnpack(library), checksum };
  }

  close(): void {
    this.reach.close();
  }

  private batches({ records, aborted }: Piece['fetched']): Generator<RecordBatch> {
    return recordBatches(records, { aborted, ...this.decoding! });
  }

  private where({ brokers, topics }: KafkaConfig): string {
    return `kafka://${brokers.join(',')}/${topics.join(',')}`;
  }
}

function isUnstable(error: unknown): boolean {
  const { apiId, errors = [] } = error as { readonly apiId?: string; readonly errors?: readonly unknown[] };
  return apiId === UNSTABLE || errors.some(isUnstable);
}
