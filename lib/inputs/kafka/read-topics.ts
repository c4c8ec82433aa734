/** Fetches topics, and gives the values of records, a line each: what the reading thread does. */
import type { BaseOptions } from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import type { BatchMemory } from '../../kafka/batch-memory.ts';
import { explainFailure } from '../../kafka/failures.ts';
import type { KafkaLibrary } from '../../kafka/library.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import type { RecordsModule } from '../../kafka/records-module.ts';
import type { Room } from '../../kafka/room.ts';
import { openDecoding } from '../../kafka/unpack.ts';
import { Chunks } from './chunks.ts';
import { openFetching } from './open-fetching.ts';
import { findPartitions, type ReadPartition } from './partitions.ts';
import { Reach } from './reach.ts';

export interface TopicsOptions {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Whether records are given what Kafka knows of them as a field. */
  readonly annotates: boolean;
  /** Those that somebody has shared out, from their positions on; undefined = all of the topics, also what comes later. */
  readonly partitions?: readonly ReadPartition[] | undefined;
  /** What batches are put in, and what unpacks and joins those in its memory, if rooms are there, too. */
  readonly memory: BatchMemory;
  readonly module?: RecordsModule | undefined;
  /** Where the next chunk is to be put, once what was put there before is used. */
  room(): Promise<Room>;
  account(topic: string, partition: number): KafkaAccount;
}

export interface Topics {
  readonly name: string;
  readonly config: KafkaConfig;
  readonly library: KafkaLibrary;
  readonly client: BaseOptions;
}

/** A chunk: the values of records of one partition. */
export interface Filled {
  readonly topic: string;
  readonly partition: number;
  readonly room: Room;
}

/**
 * Until the signal aborts or, with `end: latest`, to where the topics ended when this began. Behind the bytes of a piece,
 * whose records are whole, there is undefined.
 * @throws {MirrormonError} INPUT_UNREADABLE where the cluster refuses, or cannot be reached at the beginning
 */
export async function* readTopics(
  { name, config, library, client }: Topics,
  { signal, warn, annotates, partitions, memory, module, room, account }: TopicsOptions,
): AsyncGenerator<Filled | undefined> {
  const reach = new Reach(library, client);
  try {
    const [found, decoding] = await Promise.all([
      partitions ?? reach.ask((admin) => allOf(admin, config, name)),
      // while the cluster is waited for
      openDecoding(library, { memory, module }),
    ]);
    if (signal.aborted) return;
    const chunks = new Chunks({
      ...decoding,
      name,
      committedOnly: config.isolation === 'read_committed',
      annotates,
      memory,
      module,
      account,
    });
    const fetching = await openFetching(found, {
      ...{ name, config, library, reach, signal, memory, warn },
      takesNew: partitions === undefined,
      lost: ({ topic, partition }, records) => {
        account(topic, partition).lost += records;
      },
    });
    for await (const piece of fetching.pieces()) {
      const { topic, partition } = piece.partition;
      let into = await room();
      chunks.into(into);
      for (const _ of chunks.of(piece)) {
        yield { topic, partition, room: into };
        into = await room();
        chunks.into(into);
      }
      yield undefined;
      if (signal.aborted) return;
    }
  } catch (error) {
    throw unreadable(error, name);
  } finally {
    reach.close();
  }
}

async function allOf(
  admin: Parameters<typeof findPartitions>[0],
  config: KafkaConfig,
  name: string,
): Promise<readonly ReadPartition[]> {
  return (await findPartitions(admin, config, name, { now: Date.now() })).added;
}

function unreadable(error: unknown, where: string): unknown {
  if (error instanceof MirrormonError) return error;
  const { message, hint, canRetry } = explainFailure(error);
  return new MirrormonError('INPUT_UNREADABLE', `cannot be read: ${message}`, {
    ...{ where, hint, canRetry },
    cause: error,
  });
}
