import type { KafkaConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import type { Piece } from '../inputs/kafka/fetching.ts';
import { offsetBehind } from '../kafka/record-batches.ts';
import { DamagedBytes } from '../state/byte-reader.ts';
import type { AssignedPartitions } from './assigned.ts';
import type { ByHand } from './by-hand.ts';
import type { Cluster } from './cluster.ts';
import type { Generation } from './membership.ts';
import { decodePart } from './part.ts';
import { refuseOthers, type Share, type ShareStates } from './share-state.ts';
import type { Message, Transactions } from './transactions.ts';

/** Milliseconds, where `metrics.reportInterval` is not set. */
const INTERVAL = 60_000;
/** A commit takes no more of the time than one part of so many. */
const COMMIT_SHARE = 33;

/** The run, and into how many shares it is cut. */
export interface ReducingOptions {
  readonly cluster: Cluster;
  readonly shares: number;
}

/** What the shares of one generation stand on. */
export interface Held {
  readonly hand: ByHand;
  readonly partitions: AssignedPartitions;
  readonly states: ShareStates;
  readonly shares: readonly Share[];
  /** What was reported since the last commit. */
  readonly reports: Message[];
  readonly generation: Generation;
  /** A report after which others are to be followed, too; undefined where all are. Milliseconds since the epoch. */
  readonly until: number | undefined;
}

/** The shares of one generation, from what was committed on. */
export class Reducing {
  private readonly options: ReducingOptions;
  private readonly held: Held;
  private readonly transactions: Transactions;
  /** On the clock that only goes forward, and how long it took. */
  private committed = performance.now();
  private took = 0;
  private hasNews = false;

  constructor(options: ReducingOptions, held: Held, transactions: Transactions) {
    this.options = options;
    this.held = held;
    this.transactions = transactions;
  }

  /** Adds up and reports until the signal aborts, or those that were behind are as far as others. */
  async follow(over: AbortSignal): Promise<void> {
    const { partitions, generation, hand, shares, until } = this.held;
    const config = this.partialsConfig();
    const found = await partitions.find(config);
    for (const partition of found) {
      const share = this.shareOf(partition.partition);
      partition.position = share.next ?? partition.position;
      share.next = partition.position;
    }
    for await (const piece of partitions.pieces(config, found, over)) {
      this.merge(piece);
      if (generation.signal.aborted) return;
      const pause = Math.max(this.options.cluster.kafka.commitEvery, COMMIT_SHARE * this.took);
      if (performance.now() - this.committed >= pause) await this.commitOrReport();
      if (until !== undefined && reportedOf(shares) >= until) return;
    }
    if (generation.signal.aborted) return;
    // others may have reported these already
    await this.commitOrReport();
    if (until !== undefined || generation.signal.aborted) return;
    const { clock } = hand.pipeline.steps.aggregate;
    // the last one comes at the end, as of one process
    if (clock.started && clock.time > reportedOf(shares)) await this.report(clock.time);
    else if (this.hasNews) await this.commit();
  }

  private merge(piece: Piece): void {
    const { partitions, hand } = this.held;
    const { cluster, shares } = this.options;
    const { topic, partition } = piece.partition;
    const share = this.shareOf(partition);
    const account = hand.pipeline.ledger.partition(topic, partition);
    for (const { offset, value } of partitions.records(piece)) {
      if (value === undefined) continue;
      const where = `${topic}/${partition}, offset ${offset}`;
      try {
        const { about, sections } = decodePart(value);
        refuseOthers(about, cluster, shares, where);
        hand.pipeline.state.mergeSections(sections, false);
        share.watermark.take(about.marks, performance.now());
        share.due.take(about.marks);
      } catch (error) {
        if (!(error instanceof DamagedBytes)) throw error;
        throw new MirrormonError('STATE_UNUSABLE', `it is no partial: ${error.message}`, {
          where,
          cause: error,
        });
      }
      account.records++;
    }
    const next = offsetBehind(piece.fetched.records);
    if (next !== undefined && next > share.next!) {
      share.next = next;
      this.hasNews = true;
    }
    account.next = share.next!;
    account.lag = Math.max(piece.fetched.lastStableOffset - share.next!, 0);
  }

  /** What is due is reported with the commit, as it is one transaction. */
  private async commitOrReport(): Promise<void> {
    const { generation } = this.held;
    let due = this.due();
    if (due === undefined && this.hasNews) await this.commit();
    while (due !== undefined && !generation.signal.aborted) {
      await this.report(due);
      due = this.due();
    }
  }

  /** The first report that all shares are ready for. */
  private due(): number | undefined {
    const { shares, until = Number.POSITIVE_INFINITY } = this.held;
    const now = performance.now();
    const watermark = Math.min(until, ...shares.map((share) => share.watermark.at(now)));
    const times = shares.flatMap(({ due }) => due.next(watermark) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** To all handlers; what goes to topics is committed with the state that it is of. */
  private async report(time: number): Promise<void> {
    const { shares, hand } = this.held;
    await hand.report(time);
    for (const { due } of shares) due.report(time);
    await this.commit();
  }

  private async commit(): Promise<void> {
    const { states, hand, shares, reports, generation } = this.held;
    const began = performance.now();
    const { messages, keep } = states.changes(hand.pipeline.state, shares);
    const topic = this.options.cluster.topics.partials;
    await this.transactions.commit({
      messages: [...reports, ...messages],
      positions: shares.map(({ number, next }) => ({ topic, partition: number, next: next! })),
      generation,
    });
    keep();
    reports.length = 0;
    this.hasNews = false;
    this.committed = performance.now();
    this.took = this.committed - began;
  }

  private shareOf(number: number): Share {
    return this.held.shares.find((share) => share.number === number)!;
  }

  private partialsConfig(): KafkaConfig {
    const { kafka, topics } = this.options.cluster;
    return {
      ...kafka,
      topics: [topics.partials],
      partitions: this.held.shares.map(({ number }) => number),
      start: 'earliest',
      end: 'never',
      isolation: 'read_committed',
    };
  }
}

/** Milliseconds between two reports. */
export const intervalOf = ({ config }: Cluster): number => config.metrics.reportInterval ?? INTERVAL;
const reportedOf = (shares: readonly Share[]): number => Math.max(...shares.map(({ due }) => due.reported));
