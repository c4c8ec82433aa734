import { setTimeout as delay } from 'node:timers/promises';
import type { BaseOptions } from '@platformatic/kafka';
import type { Config, KafkaConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import { clientOptions } from '../kafka/connect.ts';
import { explainFailure } from '../kafka/failures.ts';
import { type KafkaLibrary, loadKafka } from '../kafka/library.ts';

/** Largest request with partials or states. Bytes; the topics that are made here take as much. */
export const MOST_BYTES = 1 << 23;
/** Milliseconds between tries. */
export const PAUSE = 500;

/** What the processes of a shared run have in common. */
export interface Cluster {
  readonly config: Config;
  readonly kafka: KafkaConfig;
  readonly library: KafkaLibrary;
  readonly client: BaseOptions;
  readonly topics: RunTopics;
  /** What decides what is measured, in short. */
  readonly measuring: string;
  /** Tells a person what happens; the same may be told again. */
  tell(message: string): void;
}

export interface RunTopics {
  readonly partials: string;
  readonly changelog: string;
  readonly reports: string;
}

export const topicsOf = (group: string): RunTopics => ({
  partials: `${group}-partials`,
  changelog: `${group}-changelog`,
  reports: `${group}-reports`,
});

/**
 * Makes ready what needs no broker.
 * @throws {MirrormonError} USAGE or CONFIG_INVALID
 */
export async function openCluster(
  config: Config,
  measuring: string,
  tell: (message: string) => void,
): Promise<Cluster> {
  const { kafka } = config;
  const client = { ...(await clientOptions(kafka)), retries: 20, retryDelay: 100 };
  const library = await loadKafka('kafka.role');
  return { config, kafka, library, client, topics: topicsOf(kafka.group), measuring, tell };
}

/**
 * Makes those of the run's topics that are not there, once the cluster can be reached.
 * @returns how many shares there are
 * @throws {MirrormonError} HANDLER_OPEN
 */
export async function makeTopics(cluster: Cluster, signal: AbortSignal): Promise<number> {
  const { kafka, tell } = cluster;
  for (let tries = 0; ; tries++) {
    try {
      return await tryToMake(cluster);
    } catch (error) {
      if (error instanceof MirrormonError) throw error;
      const { message, hint, canRetry } = explainFailure(error);
      const where = `kafka://${kafka.brokers.join(',')}`;
      if (!canRetry || signal.aborted) {
        throw new MirrormonError('HANDLER_OPEN', `the topics of the run cannot be made: ${message}`, {
          where,
          hint,
          cause: error,
        });
      }
      if (tries === 0) tell(`${where}: cannot be reached now: ${message}; it is tried again until it can`);
      await delay(PAUSE, undefined, { signal }).catch(() => {});
    }
  }
}

async function tryToMake({ kafka, library, client, topics }: Cluster): Promise<number> {
  const admin = new library.Admin(client);
  try {
    const there = new Set(await admin.listTopics({}));
    const make = async (topic: string, configs: Readonly<Record<string, string>>): Promise<void> => {
      if (there.has(topic)) return;
      const list = Object.entries(configs).map(([name, value]) => ({ name, value }));
      await admin
        .createTopics({ topics: [topic], partitions: kafka.shares, replicas: -1, configs: list })
        .catch((error: unknown) => {
          // another process of the run was quicker
          if (!isThere(error)) throw error;
        });
    };
    const large = { 'max.message.bytes': String(2 * MOST_BYTES) };
    await make(topics.partials, large);
    await make(topics.changelog, { ...large, 'cleanup.policy': 'compact' });
    await make(topics.reports, {});
    const names = [topics.partials, topics.changelog];
    const { topics: found } = await admin.metadata({ topics: names, forceUpdate: true });
    const [shares, kept] = names.map((name) => found.get(name)!.partitionsCount);
    if (shares === kept) return shares!;
    throw new MirrormonError(
      'HANDLER_OPEN',
      `topic ${topics.partials} has ${shares} partitions and ${topics.changelog} ${kept}; they must have as many`,
      { where: 'kafka.group', hint: 'take another kafka.group, or delete both topics' },
    );
  } finally {
    admin.close().catch(() => {});
  }
}

function isThere(error: unknown): boolean {
  const { apiId, errors = [] } = error as { readonly apiId?: string; readonly errors?: readonly unknown[] };
  return apiId === 'TOPIC_ALREADY_EXISTS' || errors.some(isThere);
}
