/** A cluster of a test: topics with partitions on brokers, as the client tells them. */
import type { Admin, ClusterMetadata } from '@platformatic/kafka';
import type { KafkaConfig } from '../../../lib/config.ts';

export const kafkaDefaults: KafkaConfig = {
  brokers: [],
  topics: [],
  pattern: undefined,
  partitions: undefined,
  start: 'earliest',
  end: 'never',
  isolation: 'read_committed',
  role: undefined,
  group: 'mirrormon',
  shares: 8,
  commitEvery: 1000,
  commitmb: 64,
  idleAfter: 60_000,
  tls: { enabled: undefined, ca: undefined, cert: undefined, key: undefined, minVersion: 'TLSv1.2' },
  sasl: { mechanism: undefined, username: undefined, passwordFile: undefined, tokenFile: undefined },
};

export interface TestTopic {
  readonly id: string;
  /** Of each partition its leader's number, -1 if there is none. */
  leaders: number[];
  readonly earliest: number;
  readonly latest: number;
  /** The first offset at or behind a time; -1 for none. */
  readonly at?: (time: number) => number;
}

type Client = Pick<Admin, 'metadata' | 'listOffsets' | 'listTopics'>;

export function testCluster(topics: Map<string, TestTopic>): Client {
  const client = {
    async metadata({ topics: names }: { topics: string[] }): Promise<ClusterMetadata> {
      const missing = names.find((name) => !topics.has(name));
      if (missing !== undefined) throw new Error(`Unknown topic ${missing}.`);
      const told = names.map((name) => {
        const { id, leaders } = topics.get(name)!;
        const partitions = leaders.map((leader) => ({
          leader,
          leaderEpoch: 0,
          replicas: [],
          isr: [],
          offlineReplicas: [],
        }));
        return [name, { id, partitions, partitionsCount: leaders.length, lastUpdate: 0 }] as const;
      });
      return { id: 'test', brokers: new Map(), controllerId: 0, topics: new Map(told), lastUpdate: 0 };
    },
    async listOffsets({ topics: asked }: Parameters<Admin['listOffsets']>[0]) {
      return asked.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const { earliest, latest, at } = topics.get(name)!;
          const offset =
            timestamp === -1n ? latest : timestamp === -2n ? earliest : (at?.(Number(timestamp)) ?? -1);
          return { partitionIndex, timestamp: -1n, offset: BigInt(offset), leaderEpoch: 0 };
        }),
      }));
    },
    async listTopics() {
      return [...topics.keys()];
    },
  };
  return client as unknown as Client;
}
