import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CompressionAlgorithmValue } from '@platformatic/kafka';
import { loadKafka } from '../../lib/kafka/library.ts';
import type { Broker } from './broker.ts';

const { Admin, Producer } = await loadKafka('this test');
/** Milliseconds without a record behind which a topic has been read. */
const QUIET = 10_000;
/** A broker that is started anew has two minutes, as a busy machine needs. */
const patient = { clientId: 'test', retries: 600, retryDelay: 200 };

/** What a test does with a cluster beside the program, by the client alone. */
export class TestCluster {
  private readonly broker: Pick<Broker, 'address'>;
  private readonly jars: string;

  constructor(broker: Pick<Broker, 'address'>, jars: string) {
    this.broker = broker;
    this.jars = jars;
  }

  private get options() {
    return { ...patient, bootstrapBrokers: [this.broker.address] };
  }

  async createTopic(topic: string, partitions: number): Promise<void> {
    const admin = new Admin(this.options);
    await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
    await admin.close();
  }

  async addPartitions(topic: string, count: number): Promise<void> {
    const admin = new Admin(this.options);
    await admin.createPartitions({ topics: [{ name: topic, count }], validateOnly: false });
    await admin.close();
  }

  /** Lines to the partitions in turn. */
  async produce(
    topic: string,
    lines: readonly string[],
    partitions: number,
    compression = 'lz4',
  ): Promise<void> {
    const producer = new Producer({ ...this.options, idempotent: true });
    for (let from = 0; from < lines.length; from += 4000) {
      const messages = lines.slice(from, from + 4000).map((line, k) => ({
        topic,
        partition: (from + k) % partitions,
        value: Buffer.from(line),
      }));
      await producer.send({ messages, compression: compression as CompressionAlgorithmValue });
    }
    await producer.close();
  }

  /** How many records of topics a group has not committed yet. */
  async lag(groupId: string, topic: string): Promise<number> {
    const admin = new Admin(this.options);
    try {
      const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
      const partitions = topics.get(topic)!.partitions.map((_, partition) => partition);
      const ends = await admin.listOffsets({
        topics: [
          {
            name: topic,
            partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp: -1n })),
          },
        ],
        isolationLevel: 1,
      });
      const [group] = await admin.listConsumerGroupOffsets({
        groups: [{ groupId, topics: [{ name: topic, partitionIndexes: partitions }] }],
        requireStable: true,
      });
      const committed = new Map(
        group?.topics[0]?.partitions.map((one) => [one.partitionIndex, Number(one.committedOffset)]),
      );
      let lag = 0;
      for (const { partitionIndex, offset } of ends[0]!.partitions) {
        lag += Number(offset) - Math.max(committed.get(partitionIndex) ?? 0, 0);
      }
      return lag;
    } finally {
      await admin.close();
    }
  }

  /** Messages that are never committed. */
  async abort(topic: string, values: readonly string[]): Promise<void> {
    const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({
      ...this.options,
      idempotent: true,
      transactionalId: `aborts-${topic}`,
    });
    const transaction = await producer.beginTransaction();
    await transaction.send({ messages: values.map((value) => ({ topic, value: Buffer.from(value) })) });
    await transaction.abort();
    await producer.close();
  }

  /**
   * All that is committed in a topic, by the consumer that comes with the broker: that of the client gives aborted
   * messages, too.
   */
  async consumed(topic: string): Promise<string[]> {
    for (let before = 0; ; ) {
      const found = await this.consume(topic);
      // a busy machine may have given it no time
      if (found.length > 0 && found.length === before) return found;
      before = found.length;
    }
  }

  private async consume(topic: string): Promise<string[]> {
    const consumer = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
    const of = ['--bootstrap-server', this.broker.address, '--topic', topic, '--from-beginning'];
    const until = ['--isolation-level', 'read_committed', '--timeout-ms', String(QUIET)];
    const child = spawn('java', ['-cp', join(this.jars, '*'), consumer, ...of, ...until], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const found: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) found.push(line);
    return found;
  }
}
