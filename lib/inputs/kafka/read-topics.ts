/** Fetches topics, and gives the values of records, a line each: what the reading thread does. */
import type { BaseOptions } from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { explainFailure } from '../../kafka/failures.ts';
import type { FetchFrom } from '../../kafka/fetch.ts';
import type { KafkaLibrary } from '../../kafka/library.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import { openUnpack } from '../../kafka/unpack.ts';
import { thousands } from '../../text/thousands.ts';
import { Chunks } from './chunks.ts';
import { Fetching } from './fetching.ts';
import { findPartitions, type ReadPartition } from './partitions.ts';
import type { Places } from './places.ts';
import { Reach } from './reach.ts';

export interface TopicsOptions {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Whether records are given what Kafka knows of them as a field. */
  readonly annotates: boolean;
  readonly places: Pick<Places, 'add'>;
  account(topic: string, partition: number): KafkaAccount;
}

export interface Topics {
  readonly name: string;
  readonly config: KafkaConfig;
  readonly library: KafkaLibrary;
  readonly client: BaseOptions;
}

/**
 * Until the signal aborts or, with `end: latest`, to where the topics ended when this began. Bytes are the consumer's
 * until it asks for more; behind those of a piece there is undefined.
 * @throws {MirrormonError} INPUT_UNREADABLE where the cluster refuses, or cannot be reached at the beginning
 */
export async function* readTopics(
  topics: Topics,
  options: TopicsOptions,
): AsyncGenerator<Uint8Array | undefined> {
  const { name, config, library, client } = topics;
  const { signal, annotates, places } = options;
  const reach = new Reach(library, client);
  try {
    const fetch = await reach.fetch(name);
    const { added } = await reach.ask((admin) => findPartitions(admin, config, name, { now: Date.now() }));
    if (signal.aborted) return;
    const chunks = new Chunks({
      name,
      places,
      unpack: await openUnpack(library),
      checksum: (bytes) => library.crc32c(library.Reader.from(bytes).buffer),
      committedOnly: config.isolation === 'read_committed',
      annotates,
      account: (topic, partition) => options.account(topic, partition),
    });
    for await (const piece of fetchingOf(topics, { reach, fetch }, added, options).pieces()) {
      for (const bytes of chunks.of(piece)) {
        yield bytes;
        if (signal.aborted) return;
      }
      yield undefined;
    }
  } catch (error) {
    throw unreadable(error, name);
  } finally {
    reach.close();
  }
}

function fetchingOf(
  { name, config, library }: Topics,
  { reach, fetch }: { readonly reach: Reach; readonly fetch: FetchFrom },
  partitions: readonly ReadPartition[],
  { signal, warn, account }: TopicsOptions,
): Fetching {
  let isDown = false;
  return new Fetching(partitions, {
    signal,
    fetch,
    committedOnly: config.isolation === 'read_committed',
    connect: (broker) => reach.connect(broker),
    async refresh(known) {
      if (isDown) reach.renew();
      const changes = await reach.ask((admin) =>
        findPartitions(admin, config, name, { now: Date.now(), known }),
      );
      for (const { topic, partition } of changes.gone)
        warn(`${name}: ${topic}/${partition} was deleted, and is read no more`);
      for (const { topic, partition } of changes.added)
        warn(`${name}: ${topic}/${partition} is new, and is read, too`);
      return changes;
    },
    down(error) {
      if (isDown || signal.aborted) return;
      isDown = true;
      const { message } = error instanceof MirrormonError ? error : explainFailure(error);
      warn(`${name}: cannot be read now: ${message}; it is tried again until it can`);
    },
    up() {
      if (isDown) warn(`${name}: can be read again`);
      isDown = false;
    },
    lost({ topic, partition, position }, records) {
      account(topic, partition).lost += records;
      const from = `${topic}/${partition} from offset ${thousands(position)} on`;
      warn(`${name}: ${thousands(records)} records of ${from} had been removed before they were read`);
    },
    refuse(errorCode, { topic, partition }) {
      const { message, hint } = explainFailure(new library.ProtocolError(errorCode));
      throw new MirrormonError('INPUT_UNREADABLE', `${topic}/${partition} cannot be read: ${message}`, {
        where: name,
        hint,
      });
    },
  });
}

function unreadable(error: unknown, where: string): unknown {
  if (error instanceof MirrormonError) return error;
  const { message, hint } = explainFailure(error);
  return new MirrormonError('INPUT_UNREADABLE', `cannot be read: ${message}`, { where, hint, cause: error });
}
