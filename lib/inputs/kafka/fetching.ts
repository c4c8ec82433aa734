import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@platformatic/kafka';
import type { FetchedPartition, FetchFrom } from '../../kafka/fetch.ts';
import { offsetBehind } from '../../kafka/record-batches.ts';
import { Answered, type Arrival } from './answered.ts';
import { inTime } from './in-time.ts';
import type { PartitionChanges, ReadPartition } from './partitions.ts';

/** Bytes of record batches that brokers are asked for at once, all together, and of one partition. */
const BUDGET = 8 << 20;
const PARTITION_BYTES = 1 << 20;
/** The budget of the first requests: who parses waits for no more than a few records, and then is never without. */
const FIRST_BUDGET = 1 << 20;
/** Milliseconds that a broker waits for records. */
const MAX_WAIT = 500;
/**
 * Milliseconds after which an answer is not waited for: a connection whose broker has died may never say so. Slow ones
 * have the time for a whole budget at 2 Mbit/s.
 */
const PATIENCE = 40_000;
/** Milliseconds between looks for new partitions and leaders. */
const REFRESH_EVERY = 30_000;
/** Milliseconds before another try, growing with each that fails. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/** Kafka's numbers. */
const OUT_OF_RANGE = 1;
/** The partition has moved, moves, or is not ready: another look at the cluster helps. */
const moving = new Set([3, 5, 6, 7, 8, 9, 13, 56, 74, 75, 76, 78, 100, 103]);

/** What a fetch gave of one partition, to be used before the next one is asked for. */
export interface Piece {
  readonly partition: ReadPartition;
  readonly fetched: FetchedPartition;
  /** Offset that was asked for. */
  readonly from: number;
}

export interface FetchingOptions {
  readonly signal: AbortSignal;
  readonly committedOnly: boolean;
  readonly fetch: FetchFrom;
  /** A connection to the broker of this number. */
  connect(broker: number): Promise<Connection>;
  /** Looks at the cluster anew, and sets leaders. */
  refresh(known: readonly ReadPartition[]): Promise<PartitionChanges>;
  /** The cluster cannot be reached; and can be again. */
  down(error: unknown): void;
  up(): void;
  /** Nobody looks into what was fetched: its memory may be used again. */
  drop(records: Buffer): void;
  /** Records were removed before they were read. */
  lost(partition: ReadPartition, records: number): void;
  /** @throws {MirrormonError} for an error that no patience mends */
  refuse(errorCode: number, partition: ReadPartition): never;
  readonly now?: (() => number) | undefined;
  /** Milliseconds that an answer is waited for, if not the usual ones. */
  readonly patience?: number | undefined;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/**
 * Fetches from all leaders at once, one request each: while one answer is used the next one comes, and no third is asked
 * for, which bounds memory and is how a full pipeline slows brokers. Ends when every partition is at its end, or the
 * signal aborts.
 */
export class Fetching {
  private readonly options: FetchingOptions;
  private partitions: ReadPartition[];
  private readonly busy = new Set<number>();
  private readonly answered: Answered;
  private failures = 0;
  /** Twice as much with each answer. */
  private budget = FIRST_BUDGET;
  private refreshed: number;
  private readonly now: () => number;

  constructor(partitions: readonly ReadPartition[], options: FetchingOptions) {
    this.partitions = [...partitions];
    this.options = options;
    this.answered = new Answered((records) => options.drop(records));
    this.now = options.now ?? (() => performance.now());
    this.refreshed = this.now();
  }

  async *pieces(): AsyncGenerator<Piece> {
    const { answered } = this;
    const { signal } = this.options;
    signal.addEventListener('abort', answered.stir);
    try {
      while (!signal.aborted) {
        this.partitions = this.partitions.filter(({ position, end }) => position < end);
        if (this.partitions.length === 0 && answered.isEmpty) return;
        this.ask();
        const arrival = answered.take();
        if (arrival === undefined) await this.something();
        else yield* this.take(arrival);
        if (this.now() - this.refreshed > REFRESH_EVERY) await this.refresh();
      }
    } finally {
      signal.removeEventListener('abort', answered.stir);
      answered.close();
    }
  }

  /** Sends a request to every leader that has none under way. */
  private ask(): void {
    const byLeader = new Map<number, ReadPartition[]>();
    for (const partition of this.partitions) {
      const { leader, position, end } = partition;
      if (leader === undefined || this.busy.has(leader) || position >= end) continue;
      const led = byLeader.get(leader) ?? [];
      led.push(partition);
      byLeader.set(leader, led);
    }
    const share = Math.max(this.budget / Math.max(this.busy.size + byLeader.size, 1), PARTITION_BYTES);
    for (const [broker, led] of byLeader) this.send(broker, led, share);
  }

  private send(broker: number, led: readonly ReadPartition[], maxBytes: number): void {
    const { fetch, connect, committedOnly, signal, patience = PATIENCE } = this.options;
    const asked = new Map(
      led.map((partition) => [keyOf(partition), { partition, from: partition.position }]),
    );
    const topics = [...new Set(led.map(({ topicId }) => topicId))].map((topicId) => ({
      topicId,
      partitions: led
        .filter((one) => one.topicId === topicId)
        .map(({ partition, position }) => ({ partition, offset: position })),
    }));
    const request = { maxWait: MAX_WAIT, maxBytes, partitionBytes: PARTITION_BYTES, committedOnly, topics };
    this.busy.add(broker);
    const answer = connect(broker).then((connection) => fetch(connection, request));
    const { answered } = this;
    inTime(answer, patience, signal).then(
      (fetched) => answered.add({ broker, asked, fetched }),
      (error: unknown) => {
        answered.add({ broker, asked, error });
        answer.then(({ partitions }) => answered.leave(partitions)).catch(() => {});
      },
    );
  }

  private something(): Promise<void> {
    return this.busy.size === 0 ? this.heal() : this.answered.something();
  }

  private async *take({ broker, asked, fetched, error }: Arrival): AsyncGenerator<Piece> {
    this.busy.delete(broker);
    if (fetched === undefined) {
      this.options.down(error);
      await this.heal();
      return;
    }
    this.failures = 0;
    this.budget = Math.min(2 * this.budget, BUDGET);
    this.options.up();
    const pieces: Piece[] = [];
    let moves = false;
    for (const one of fetched.partitions) {
      const piece = this.pieceOf(one, asked);
      if (piece === 'moves') moves = true;
      else if (piece !== undefined) pieces.push(piece);
      if (piece === 'moves' || piece === undefined) this.answered.leave([one]);
    }
    this.rotate(pieces);
    // the next answer comes while these are used
    if (!moves) this.ask();
    yield* this.answered.each(pieces);
    if (moves) await this.heal();
  }

  /** What is to be read of it, if anything is. */
  private pieceOf(one: FetchedPartition, asked: Arrival['asked']): Piece | 'moves' | undefined {
    const { partition, from } = asked.get(keyOf(one)) ?? {};
    // it was asked of another leader meanwhile, whose answer was here before
    if (partition === undefined || partition.position !== from) return undefined;
    if (one.errorCode === OUT_OF_RANGE) this.reposition(partition, one);
    else if (moving.has(one.errorCode)) return 'moves';
    else if (one.errorCode !== 0) this.options.refuse(one.errorCode, partition);
    if (one.errorCode !== 0) return undefined;
    partition.position = offsetBehind(one.records) ?? partition.position;
    return { partition, fetched: one, from };
  }

  /** Those that were answered come last in the next request: brokers fill an answer from its beginning. */
  private rotate(pieces: readonly Piece[]): void {
    const served = new Set(
      pieces.filter(({ fetched }) => fetched.records.length > 0).map(({ partition }) => partition),
    );
    this.partitions = [
      ...this.partitions.filter((partition) => !served.has(partition)),
      ...this.partitions.filter((partition) => served.has(partition)),
    ];
  }

  private reposition(partition: ReadPartition, { logStartOffset, highWatermark }: FetchedPartition): void {
    if (partition.position < logStartOffset) {
      this.options.lost(partition, logStartOffset - partition.position);
      partition.position = logStartOffset;
    } else if (highWatermark >= 0) partition.position = highWatermark;
  }

  /** Looks at the cluster anew, after a pause that grows. */
  private async heal(): Promise<void> {
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(this.failures++, 10), LONGEST_PAUSE);
    const { signal, sleep = sleepUntilAborted } = this.options;
    await sleep(pause, signal);
    if (!signal.aborted) await this.refresh();
  }

  private async refresh(): Promise<void> {
    this.refreshed = this.now();
    try {
      const { added, gone } = await this.options.refresh(this.partitions);
      this.partitions = [...this.partitions.filter((one) => !gone.includes(one)), ...added];
    } catch (error) {
      this.options.down(error);
    }
  }
}

function keyOf({ topicId, partition }: { readonly topicId: string; readonly partition: number }): string {
  return `${topicId}/${partition}`;
}

async function sleepUntilAborted(ms: number, signal: AbortSignal): Promise<void> {
  // an abort ends the wait like its end does
  await delay(ms, undefined, { signal }).catch(() => {});
}
