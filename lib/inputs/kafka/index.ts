/** Topics of Kafka as an input: the values of records, a line each. A thread beside fetches them. */
import type { Input, SourcePlace } from '../../batch/batch.ts';
import type { KafkaConfig } from '../../config.ts';
import { clientOptions } from '../../kafka/connect.ts';
import { findKafka } from '../../kafka/library.ts';
import type { KafkaAccount } from '../../kafka/partition-account.ts';
import type { BegunReader } from './begun-reader.ts';
import { kafkaName } from './kafka-url.ts';
import { Places } from './places.ts';
import { TopicThread } from './topic-thread.ts';

export interface KafkaOptions {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Whether somebody asks for what Kafka knows of a record: then it becomes its field `kafka`. */
  readonly annotates: boolean;
  account(topic: string, partition: number): KafkaAccount;
}

/** Topics that may be read: the client is there, its files are, and it is being loaded. */
export interface KafkaSource {
  readonly name: string;
  readonly config: KafkaConfig;
  readonly thread: TopicThread;
}

/**
 * Makes ready what needs no broker.
 * @param begun a thread that nobody else uses
 * @throws {MirrormonError} USAGE or CONFIG_INVALID
 */
export async function kafkaSource(config: KafkaConfig, begun?: BegunReader): Promise<KafkaSource> {
  const name = kafkaName(config);
  // the thread reads them, too, when it is too late to refuse a configuration
  await clientOptions(config);
  findKafka(name);
  return { name, config, thread: new TopicThread(begun) };
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
  { name, config, thread }: KafkaSource,
  { signal, warn, annotates, account }: KafkaOptions,
): AsyncGenerator<{ readonly input: Input; readonly bytes: Uint8Array }> {
  const input = new KafkaInput(name, config.end === 'never');
  const { places } = input;
  try {
    for await (const bytes of thread.read({ config, name, annotates }, { signal, warn, account, places })) {
      if (bytes !== undefined) yield { input, bytes };
      if (signal.aborted) return;
    }
  } finally {
    thread.close();
  }
}
