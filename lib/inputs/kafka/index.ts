/** Topics of Kafka as an input: the values of records, a line each. */
import type { BaseOptions } from '@platformatic/kafka';
import type { Input, SourcePlace } from '../../batch/batch.ts';
import type { KafkaConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { clientOptions } from '../../kafka/connect.ts';
import { explainFailure } from '../../kafka/failures.ts';
import type { FetchFrom } from '../../kafka/fetch.ts';
import { type KafkaLibrary, loadKafka } from '../../kafka/library.ts';
import { openUnpack } from '../../kafka/unpack.ts';
import type { KafkaAccount } from '../../ledger.ts';
import { thousands } from '../../text/thousands.ts';
import { Chunks } from './chunks.ts';
import { Fetching } from './fetching.ts';
import { findPartitions, type ReadPartition } from './partitions.ts';
import { Places } from './places.ts';
import { Reach } from './reach.ts';

export interface KafkaOptions {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Whether somebody asks for what Kafka knows of a record: then it becomes its field `kafka`. */
  readonly annotates: boolean;
  account(topic: string, partition: number): KafkaAccount;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

/** Topics that may be read: the client is there, and its files were. */
export interface KafkaSource {
  readonly name: string;
  readonly config: KafkaConfig;
  readonly library: KafkaLibrary;
  readonly client: BaseOptions;
}

/**
 * Makes ready what needs no broker.
 * @throws {MirrormonError} USAGE or CONFIG_INVALID
 */
export async function kafkaSource(config: KafkaConfig): Promise<KafkaSource> {
  const name = nameOf(config);
  return { name, config, client: await clientOptions(config), library: await loadKafka(name) };
}

/** What messages call the topics that a configuration names. */
function nameOf({ brokers, topics }: Pick<KafkaConfig, 'brokers' | 'topics'>): string {
  return `kafka://${brokers.join(',')}/${topics.join(',')}`;
}

/** All that is read of Kafka is one input; it knows which record each of its bytes is of. */
class KafkaInput implements Input {
  readonly name: string;
  framing = '';
  readonly pauses: boolean;
  readonly places = new Places();

  constructor(name: string, pauses: boolean) {
    this.name = name;
    this.pauses = pauses;
  }

  placeOf = (offset: number): SourcePlace | undefined => {
    const place = this.places.at(offset);
    return place && { name: `${place.topic}/${place.partition}`, offset: place.offset };
  };

  timeOf = (offset: number): number => this.places.at(offset)?.time ?? Number.NaN;
}

/**
 * The records of topics, until the signal aborts or, with `end: latest`, to where they ended when this began. Every chunk
 * is the consumer's until it asks for the next one.
 * @throws {MirrormonError} INPUT_UNREADABLE where the cluster refuses, or cannot be reached at the beginning
 */
export async function* readKafka(
  source: KafkaSource,
  options: KafkaOptions,
): AsyncGenerator<{ readonly input: Input; readonly bytes: Uint8Array }> {
  const { name, config, library, client } = source;
  const input = new KafkaInput(name, config.end === 'never');
  const { now = Date.now, signal } = options;
  const reach = new Reach(library, client);
  try {
    const fetch = await reach.fetch(name);
    const { added } = await reach.ask((admin) => findPartitions(admin, config, name, { now: now() }));
    if (signal.aborted) return;
    const chunks = new Chunks({
      input,
      places: input.places,
      unpack: await openUnpack(library),
      checksum: (bytes) => library.crc32c(library.Reader.from(bytes).buffer),
      committedOnly: config.isolation === 'read_committed',
      annotates: options.annotates,
      account: (topic, partition) => options.account(topic, partition),
    });
    const fetching = fetchingOf(source, { reach, fetch }, added, options);
    for await (const piece of fetching.pieces()) {
      for (const bytes of chunks.of(piece)) {
        yield { input, bytes };
        if (signal.aborted) return;
      }
    }
  } catch (error) {
    throw unreadable(error, name);
  } finally {
    reach.close();
  }
}

function fetchingOf(
  { name, config, library }: KafkaSource,
  { reach, fetch }: { readonly reach: Reach; readonly fetch: FetchFrom },
  partitions: readonly ReadPartition[],
  { signal, warn, account, now = Date.now }: KafkaOptions,
): Fetching {
  let isDown = false;
  return new Fetching(partitions, {
    signal,
    fetch,
    committedOnly: config.isolation === 'read_committed',
    connect: (broker) => reach.connect(broker),
    async refresh(known) {
      if (isDown) reach.renew();
      const changes = await reach.ask((admin) => findPartitions(admin, config, name, { now: now(), known }));
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
