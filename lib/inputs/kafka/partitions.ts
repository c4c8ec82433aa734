/** Which partitions are read, from where to where. */
import type { Admin, ClusterMetadata } from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { Expression } from '../../filters/expression.ts';
import { parseMoment } from '../../text/moment.ts';
import { nearest } from '../../text/nearest.ts';

const LATEST = -1n;
const EARLIEST = -2n;
const COMMITTED = 1;
const UNCOMMITTED = 0;

export interface ReadPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** The broker that has it; undefined while none does. */
  leader: number | undefined;
  /** Offset of the next record to fetch. */
  position: number;
  /** Offset at which reading ends. */
  readonly end: number;
}

/** How the partitions differ from those that are read. */
export interface PartitionChanges {
  readonly added: readonly ReadPartition[];
  /** Of topics that were deleted, maybe made anew. */
  readonly gone: readonly ReadPartition[];
}

type Client = Pick<Admin, 'metadata' | 'listOffsets' | 'listTopics'>;

/**
 * All partitions that a configuration asks for, each where its reading begins, as far as they are not read already.
 * @throws {MirrormonError} INPUT_UNREADABLE for a topic or partition that does not exist
 */
export async function findPartitions(
  client: Client,
  config: KafkaConfig,
  where: string,
  { now, known = [] }: { readonly now: number; readonly known?: readonly ReadPartition[] },
): Promise<PartitionChanges> {
  const topics = config.pattern === undefined ? config.topics : await matching(client, config.pattern, where);
  const cluster = await metadataOf(client, topics, where);
  const found = topics.flatMap((topic) => partitionsOf(topic, cluster, config, where));
  const isIn = (one: Found, some: readonly Found[]): boolean =>
    some.some(({ topicId, partition }) => topicId === one.topicId && partition === one.partition);
  for (const one of known) one.leader = leaderOf(cluster, one);
  const fresh = found.filter((one) => !isIn(one, known));
  // what comes into being while others are read is read from its first record on
  const start = known.length === 0 ? startOf(config.start, now) : EARLIEST;
  const added = fresh.length === 0 ? [] : await placed(client, fresh, config, start);
  return { added, gone: known.filter((one) => !isIn(one, found)) };
}

/**
 * Topics whose whole names match, in the order of their names.
 * @throws {MirrormonError} INPUT_UNREADABLE where there is none
 */
async function matching(client: Client, pattern: string, where: string): Promise<readonly string[]> {
  const expression = new Expression(`^(?:${pattern})$`);
  // what brokers keep for themselves is no record of anybody's
  const names = (await client.listTopics({})).filter((name) => !name.startsWith('__')).sort();
  const found = names.filter((name) => expression.test(name));
  if (found.length > 0) return found;
  throw new MirrormonError('INPUT_UNREADABLE', `no topic matches ${pattern}`, { where, hint: listed(names) });
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? `topics here: ${names.slice(0, 8).join(', ')}` : 'this user sees no topics';
}

async function placed(
  client: Client,
  fresh: readonly Found[],
  { end, isolation }: KafkaConfig,
  start: bigint,
): Promise<ReadPartition[]> {
  const level = isolation === 'read_committed' ? COMMITTED : UNCOMMITTED;
  const latest = await offsetsAt(client, fresh, LATEST, level);
  const begins = start === LATEST ? latest : await offsetsAt(client, fresh, start, level);
  return fresh.map((one, k) => ({
    ...one,
    // no record is as young as the time that was asked for
    position: begins[k]! < 0 ? latest[k]! : begins[k]!,
    end: end === 'latest' ? latest[k]! : Number.POSITIVE_INFINITY,
  }));
}

/** Kafka's number for where reading begins: a time, or one of its words. */
function startOf(start: string, now: number): bigint {
  if (start === 'earliest') return EARLIEST;
  if (start === 'latest') return LATEST;
  const moment = parseMoment(start, now)!;
  return BigInt(Math.max(0, Math.round('at' in moment ? moment.at : now - moment.before)));
}

async function metadataOf(
  client: Client,
  topics: readonly string[],
  where: string,
): Promise<ClusterMetadata> {
  try {
    return await client.metadata({ topics: [...topics], forceUpdate: true, autocreateTopics: false });
  } catch (error) {
    const [, missing] = /^Unknown topic (.*)\.$/.exec(rootOf(error)) ?? [];
    if (missing === undefined) throw error;
    const names = await client.listTopics({}).catch(() => []);
    const meant = nearest(missing, names);
    throw new MirrormonError(
      'INPUT_UNREADABLE',
      `there is no topic ${missing}, or this user may not see it`,
      {
        where,
        hint: meant === undefined ? listed(names) : `did you mean ${meant}?`,
        cause: error,
      },
    );
  }
}

function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { errors } = error as { readonly errors?: readonly unknown[] };
  return errors === undefined || errors.length === 0 ? error.message : rootOf(errors.at(-1));
}

type Found = Omit<ReadPartition, 'position' | 'end'>;

function partitionsOf(topic: string, cluster: ClusterMetadata, config: KafkaConfig, where: string): Found[] {
  const { id, partitions } = cluster.topics.get(topic)!;
  const wanted = config.partitions ?? partitions.map((_, partition) => partition);
  return wanted.map((partition) => {
    if (partitions[partition] === undefined) {
      throw new MirrormonError('INPUT_UNREADABLE', `topic ${topic} has no partition ${partition}`, {
        where,
        hint: `it has ${partitions.length}, from 0 to ${partitions.length - 1}`,
      });
    }
    const found = { topic, topicId: id, partition };
    return { ...found, leader: leaderOf(cluster, found) };
  });
}

function leaderOf(cluster: ClusterMetadata, { topic, partition }: Pick<Found, 'topic' | 'partition'>) {
  const leader = cluster.topics.get(topic)?.partitions[partition]?.leader;
  return leader === undefined || leader < 0 ? undefined : leader;
}

/** The first offset at or behind a time, or what a word stands for; -1 if there is none. In the order of the partitions. */
async function offsetsAt(
  client: Client,
  partitions: readonly Found[],
  timestamp: bigint,
  isolationLevel: 0 | 1,
): Promise<number[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))].map((name) => ({
    name,
    partitions: partitions
      .filter(({ topic }) => topic === name)
      .map(({ partition }) => ({ partitionIndex: partition, timestamp })),
  }));
  const listed = await client.listOffsets({ topics, isolationLevel });
  return partitions.map(({ topic, partition }) => {
    const found = listed
      .find(({ name }) => name === topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
    return Number(found?.offset ?? -1n);
  });
}
