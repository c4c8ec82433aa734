import { TopicThread } from '../inputs/kafka/topic-thread.ts';
import { emptyRoleAccount, type RoleAccount } from '../kafka/role-account.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { isEmptyPart, splitState } from '../state/split-state.ts';
import { splitSections } from '../state/state-parts.ts';
import { AssignedPartitions } from './assigned.ts';
import { type Cluster, MOST_BYTES } from './cluster.ts';
import { aborted, loop } from './loop.ts';
import type { Generation } from './membership.ts';
import { encodePart } from './part.ts';
import { Passage, type Reading } from './passage.ts';
import { type Message, Transactions } from './transactions.ts';

const MIB = 1 << 20;

export interface MapperOptions {
  readonly cluster: Cluster;
  readonly shares: number;
  /** Of this process alone. */
  readonly id: string;
  /** How records are read. */
  readonly reading: Pick<
    PipelineOptions,
    'inputFormat' | 'records' | 'deadLetters' | 'warn' | 'note' | 'tell'
  >;
  /** What the process does is entered here by its role. */
  readonly roles: Map<string, RoleAccount>;
  /** The run is to end: what was read is committed. */
  readonly signal: AbortSignal;
  /** So many records were committed. */
  onCommit?(records: number): void;
}

/** What is to be committed. */
interface Taken {
  readonly records: number;
  readonly messages: readonly Message[];
  readonly moved: readonly { readonly reading: Reading; readonly next: number }[];
}

/** Reads, measures and hands on: one generation of a group. */
export class Mapper {
  private readonly options: MapperOptions;
  private readonly transactions: Transactions;
  private readonly account = emptyRoleAccount();
  /** Reads one generation's partitions after the other's. */
  private readonly thread: TopicThread;

  constructor(options: MapperOptions) {
    this.options = options;
    const { cluster, id, roles } = options;
    this.thread = new TopicThread();
    roles.set('map', this.account);
    this.transactions = new Transactions(cluster, `${cluster.kafka.group}-map-${id}`, this.account);
  }

  /**
   * Until the run's signal aborts.
   * @throws {MirrormonError} what no patience mends
   */
  async run(): Promise<void> {
    const { cluster, signal } = this.options;
    const { account } = this;
    const work = (generation: Generation): Promise<void> => this.work(generation);
    // what it did not commit is read again
    const { group: name, topics } = cluster.kafka;
    const group = { id: `${name}-map`, topics, account, work, patience: 0 };
    try {
      await loop(cluster, group, signal);
    } finally {
      this.thread.close();
      this.transactions.close();
    }
  }

  private async work(generation: Generation): Promise<void> {
    const partitions = new AssignedPartitions(this.options.cluster);
    let passage: Passage | undefined;
    try {
      const readings = await this.readingsOf(partitions, generation);
      if (readings.length === 0)
        return await aborted(AbortSignal.any([generation.signal, this.options.signal]));
      passage = await Passage.open(this.options);
      await this.follow(passage, readings, generation);
    } finally {
      await passage?.hand.close();
      partitions.close();
    }
  }

  private async follow(
    passage: Passage,
    readings: readonly Reading[],
    generation: Generation,
  ): Promise<void> {
    const { cluster, signal } = this.options;
    const { commitEvery, commitmb } = cluster.kafka;
    let taken = performance.now();
    let committing: Promise<void> | undefined;
    const ends = { signal: generation.signal, finish: signal };
    try {
      for await (const _ of passage.measure(this.thread, readings, ends)) {
        if (generation.signal.aborted) return;
        const isDue = performance.now() - taken >= commitEvery || passage.bytes >= commitmb * MIB;
        if (!isDue) continue;
        await committing;
        taken = performance.now();
        // what comes next is measured meanwhile
        committing = this.commit(await this.take(passage, readings), generation);
        committing.catch(() => {});
      }
      await committing;
      if (!generation.signal.aborted) await this.commit(await this.take(passage, readings), generation);
    } finally {
      // a transaction is ended before another generation begins one
      await committing?.catch(() => {});
    }
  }

  /** What was measured since the last call, and where in the partitions that ends. */
  private async take(passage: Passage, readings: readonly Reading[]): Promise<Taken | undefined> {
    const moved = readings
      .filter(({ next, committed }) => next !== committed)
      .map((reading) => ({ reading, next: reading.next }));
    if (moved.length === 0) return undefined;
    const { records } = passage;
    return { records, messages: this.messagesOf(await passage.take(), readings), moved };
  }

  private async commit(taken: Taken | undefined, generation: Generation): Promise<void> {
    if (taken === undefined) return;
    const { records, messages, moved } = taken;
    const positions = moved.map(({ reading: { partition: read }, next }) => {
      const { topic, partition } = read;
      return { topic, partition, next };
    });
    await this.transactions.commit({ messages, positions, generation });
    for (const { reading, next } of moved) reading.committed = next;
    this.options.onCommit?.(records);
  }

  /** A part of the state for every share, as small as topics take it; each says how far the partitions were read. */
  private messagesOf(state: Buffer, readings: readonly Reading[]): Message[] {
    const { cluster, shares } = this.options;
    const pieces = Math.max(1, Math.ceil(state.length / shares / (MOST_BYTES / 8)));
    const marks = Object.fromEntries(
      readings.map(({ partition: { topic, partition }, newest }) => [`${topic}/${partition}`, newest]),
    );
    const about = { measuring: cluster.measuring, shares, marks };
    const topic = cluster.topics.partials;
    return splitState(splitSections(state), { shares, pieces }).flatMap((sections, part): Message[] => {
      if (part >= shares && isEmptyPart(sections)) return [];
      return [{ topic, partition: part % shares, value: encodePart({ about, sections }) }];
    });
  }

  /** The partitions that were assigned, each where the group is to go on. */
  private async readingsOf(
    partitions: AssignedPartitions,
    { groupId, assigned, signal }: Generation,
  ): Promise<Reading[]> {
    const { kafka } = this.options.cluster;
    const found = await partitions.find(kafka);
    const all = new Map<string, number[]>();
    for (const { topic, partition } of found) all.set(topic, [...(all.get(topic) ?? []), partition]);
    const committed = await partitions.committed(groupId, all, signal);
    const isNew = found.every(({ topic, partition }) => committed(topic, partition) === undefined);
    // what comes into being while others are read is read from its first record on
    const begins = isNew ? found : await partitions.find({ ...kafka, start: 'earliest' });
    return begins
      .filter(({ topic, partition }) => assigned.get(topic)?.includes(partition))
      .map((partition) => {
        const next = committed(partition.topic, partition.partition);
        partition.position = next ?? partition.position;
        return { partition, next: partition.position, committed: next, newest: null };
      });
  }
}
