import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer } from '@platformatic/kafka';
import { explainFailure } from '../kafka/failures.ts';
import { type Cluster, PAUSE } from './cluster.ts';

/** Milliseconds without a sign of life behind which the group goes on without a member. */
const SESSION = 10_000;
const HEARTBEAT = 1000;
/** That members are waited for once a new one has come. */
const REBALANCE = 20_000;
/** Between looks for new partitions. */
const LOOK_EVERY = 5000;

/** What this process has of a group until the group is divided anew. */
export interface Generation {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly coordinatorId: number;
  /** By topic. */
  readonly assigned: ReadonlyMap<string, readonly number[]>;
  /** Aborts when it is over: nothing that was not committed before counts. */
  readonly signal: AbortSignal;
  /** Tells, once, that the group went on without this process: a commit was refused, or it has another member now. */
  tellSilent(): void;
}

interface Joined {
  readonly generationId: number;
  readonly memberId: string;
  readonly isLeader: boolean;
  readonly assignments?: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}

/** A place in a consumer group, of the classic protocol: generations of it are what commits are fenced by. */
export class Membership {
  private readonly cluster: Cluster;
  private readonly groupId: string;
  private readonly topics: readonly string[];
  private consumer: Consumer | undefined;
  private latest: Generation | undefined;
  private over = new AbortController();
  private failure: unknown;
  private wake: () => void = () => {};
  private isLeader = false;
  /** Partitions of the topics when they were looked at. */
  private counted = '';

  constructor(cluster: Cluster, groupId: string, topics: readonly string[]) {
    this.cluster = cluster;
    this.groupId = groupId;
    this.topics = topics;
  }

  /** One generation after the other, each until its signal aborts; ends when the signal that is given does. */
  async *generations(signal: AbortSignal): AsyncGenerator<Generation> {
    const stop = (): void => this.wake();
    signal.addEventListener('abort', stop);
    const looking = setInterval(() => void this.look(), LOOK_EVERY);
    try {
      let given: Generation | undefined;
      while (!signal.aborted) {
        if (this.consumer === undefined) await this.join(signal);
        else if (this.failure !== undefined) await this.drop(signal);
        else if (this.latest !== undefined && this.latest !== given) {
          given = this.latest;
          yield given;
        } else {
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
        }
      }
    } finally {
      clearInterval(looking);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Tells the group, so that others need not wait for it to notice. */
  async leave(): Promise<void> {
    this.over.abort();
    await Promise.race([this.consumer?.close(true).catch(() => {}), delay(5000, undefined, { ref: false })]);
  }

  private async join(signal: AbortSignal): Promise<void> {
    const { library, client } = this.cluster;
    const consumer = new library.Consumer({
      ...client,
      groupId: this.groupId,
      autocommit: false,
      sessionTimeout: SESSION,
      heartbeatInterval: HEARTBEAT,
      rebalanceTimeout: REBALANCE,
    }) as Consumer;
    this.consumer = consumer;
    consumer.on('consumer:group:join', (joined: Joined) => this.begin(consumer, joined));
    consumer.on('consumer:group:rebalance', () => this.end());
    const fail = (error: unknown): void => {
      this.failure = error;
      this.end();
    };
    consumer.on('error', fail);
    consumer.on('consumer:heartbeat:stalled', ({ lastError }: { readonly lastError?: unknown }) =>
      fail(lastError ?? new Error('Heartbeat timed out')),
    );
    try {
      for (const topic of this.topics) consumer.topics.track(topic);
      this.counted = await this.countsOf(consumer);
      await consumer.joinGroup({});
    } catch (error) {
      this.failure = error;
      await this.drop(signal);
    }
  }

  /** Begins anew: what a client remembers of connections that failed is not to be relied on. */
  private async drop(signal: AbortSignal): Promise<void> {
    const { message, hint } = explainFailure(this.failure);
    this.cluster.tell(
      `group ${this.groupId} cannot be joined now: ${message}${hint === undefined ? '' : `; ${hint}`}; it is tried again`,
    );
    this.end();
    this.failure = undefined;
    this.consumer?.close(true).catch(() => {});
    this.consumer = undefined;
    await delay(PAUSE, undefined, { signal }).catch(() => {});
  }

  private begin(consumer: Consumer, { generationId, memberId, isLeader, assignments = [] }: Joined): void {
    if (consumer !== this.consumer) return;
    // the client joins again by itself, as another member
    if (this.latest !== undefined && this.latest.memberId !== memberId) this.latest.tellSilent();
    this.end();
    this.over = new AbortController();
    this.isLeader = isLeader;
    this.latest = {
      ...{ groupId: this.groupId, generationId, memberId },
      // it may move
      get coordinatorId() {
        return consumer.coordinatorId!;
      },
      assigned: new Map(assignments.map(({ topic, partitions }) => [topic, partitions])),
      signal: this.over.signal,
      tellSilent: once(() =>
        this.cluster.tell(
          `group ${this.groupId} went on without this process, which was silent for too long; whoever has its partitions now does again what it had not committed`,
        ),
      ),
    };
    this.wake();
  }

  private end(): void {
    this.latest = undefined;
    this.over.abort();
    this.wake();
  }

  /** Whoever divides the partitions sees whether there are new ones, and has the group divided anew. */
  private async look(): Promise<void> {
    const { consumer, latest } = this;
    if (!this.isLeader || consumer === undefined || latest === undefined) return;
    try {
      const counted = await this.countsOf(consumer);
      if (counted === this.counted || this.latest !== latest) return;
      this.counted = counted;
      this.end();
      await consumer.joinGroup({});
    } catch (error) {
      // what keeps the group from going on is told by its heartbeat
      if (this.consumer === consumer && this.latest === undefined) this.failure = error;
      this.wake();
    }
  }

  private async countsOf(consumer: Consumer): Promise<string> {
    const { topics } = await consumer.metadata({ topics: [...this.topics], forceUpdate: true });
    return this.topics.map((topic) => topics.get(topic)?.partitionsCount).join();
  }
}

function once(tell: () => void): () => void {
  let isTold = false;
  return () => {
    if (!isTold) tell();
    isTold = true;
  };
}
