import { setTimeout as delay } from 'node:timers/promises';
import type { MessageToProduce, Producer } from '@platformatic/kafka';
import type { RoleAccount } from '../kafka/role-account.ts';
import { type Cluster, MOST_BYTES } from './cluster.ts';
import type { Generation } from './membership.ts';

/** Milliseconds behind which a transaction of a process that died is given up, so that others can read on. */
const TIMEOUT = 10_000;
/** Milliseconds that giving one up may take. */
const PATIENCE = 2000;
/** Every replica that is in sync has it. */
const ALL = -1;

type Transactor = Producer<Buffer, Buffer, Buffer, Buffer>;
type Transaction = Awaited<ReturnType<Transactor['beginTransaction']>>;

export type Message = MessageToProduce<Buffer, Buffer, Buffer, Buffer>;

/** How far a partition was read: the offset of the first record that was not. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

export interface Commit {
  readonly messages: readonly Message[];
  readonly positions: readonly Position[];
  /** Whose positions these are: a later one of the same group fences the commit. */
  readonly generation: Generation;
}

/** Messages and positions, all of them or none. */
export class Transactions {
  private readonly cluster: Cluster;
  private readonly id: string;
  private readonly account: RoleAccount;
  private opened = 0;
  private producer: Transactor | undefined;
  /** Partitions that the producer knows of. */
  private readonly known = new Set<string>();

  /** @param id of this process alone: whoever has the same puts it out */
  constructor(cluster: Cluster, id: string, account: RoleAccount) {
    this.cluster = cluster;
    this.id = id;
    this.account = account;
  }

  /**
   * @throws where it was not committed, or nobody can say whether it was: what the group's positions are then tells,
   * once no transaction holds them
   */
  async commit({ messages, positions, generation }: Commit): Promise<void> {
    const began = performance.now();
    let transaction: Transaction | undefined;
    try {
      this.producer ??= this.open();
      transaction = await this.producer.beginTransaction();
      for (const some of slices(messages)) {
        await transaction.send({ messages: some, acks: ALL, compression: 'lz4' });
      }
      await transaction.addConsumer(generation as never);
      await this.learn(this.producer, positions);
      // one after the other: side by side, some are lost
      for (const { topic, partition, next } of positions) {
        const offset = BigInt(next - 1);
        await transaction.addOffset({
          topic,
          partition,
          offset,
          metadata: { consumer: generation },
        } as never);
      }
      await transaction.commit();
      this.account.commits++;
      this.account.commitSeconds += (performance.now() - began) / 1000;
    } catch (error) {
      // others need not wait until the coordinator does it; what has been committed meanwhile stays so
      await Promise.race([transaction?.abort().catch(() => {}), delay(PATIENCE, undefined, { ref: false })]);
      this.close();
      throw error;
    }
  }

  /** The client fails over a partition that has come since it looked at the topic. */
  private async learn(producer: Transactor, positions: readonly Position[]): Promise<void> {
    const unknown = positions.filter(({ topic, partition }) => !this.known.has(`${topic}/${partition}`));
    if (unknown.length === 0) return;
    const topics = [...new Set(unknown.map(({ topic }) => topic))];
    await producer.metadata({ topics, forceUpdate: true });
    for (const { topic, partition } of unknown) this.known.add(`${topic}/${partition}`);
  }

  close(): void {
    this.known.clear();
    this.producer?.close(true).catch(() => {});
    this.producer = undefined;
  }

  private open(): Transactor {
    const { library, client } = this.cluster;
    return new library.Producer<Buffer, Buffer, Buffer, Buffer>({
      ...client,
      // the coordinator is asked again and again while it ends the transaction before: the pause is the commit's time
      retries: 500,
      retryDelay: 10,
      timeout: TIMEOUT,
      idempotent: true,
      // the client cannot begin anew with an id that it had before: it would be taken for one that was put out
      transactionalId: `${this.id}-${this.opened++}`,
      autocreateTopics: false,
      partitioner: (message, key) => library.compatibilityPartitioner(message, key),
    });
  }
}

/** Requests of no more bytes than topics take, but for a message that is larger by itself. */
function* slices(messages: readonly Message[]): Generator<Message[]> {
  let some: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    if (some.length > 0 && bytes + size > MOST_BYTES) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(message);
    bytes += size;
  }
  if (some.length > 0) yield some;
}
