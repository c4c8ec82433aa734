import type { HandlerConfig, KafkaConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import type { HandlerContext } from '../handlers/handler.ts';
import type { Piece } from '../inputs/kafka/fetching.ts';
import { offsetBehind } from '../kafka/record-batches.ts';
import { emptyRoleAccount, type RoleAccount } from '../kafka/role-account.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { DamagedBytes } from '../state/byte-reader.ts';
import { AssignedPartitions } from './assigned.ts';
import { ByHand } from './by-hand.ts';
import type { Cluster } from './cluster.ts';
import { CommittedReports } from './committed-reports.ts';
import { aborted, loop } from './loop.ts';
import type { Generation } from './membership.ts';
import { decodePart } from './part.ts';
import { refuseOthers, type Share, ShareStates } from './share-state.ts';
import { type Message, Transactions } from './transactions.ts';
import { dueReport } from './watermark.ts';

/** Milliseconds, where `metrics.reportInterval` is not set. */
const INTERVAL = 60_000;
/** A commit takes no more of the time than one part of so many. */
const COMMIT_SHARE = 33;

export interface ReducerOptions {
  readonly cluster: Cluster;
  readonly shares: number;
  /** Of this process alone. */
  readonly id: string;
  /** Milliseconds behind which an input partition is not waited for; 0 = never. */
  readonly idleAfter: number;
  /** What the process does is entered here by its role. */
  readonly roles: Map<string, RoleAccount>;
  readonly writing: Pick<PipelineOptions, 'stdout' | 'warn' | 'note' | 'tell' | 'onOver'>;
  /** The run is to end: what was read is reported and committed. */
  readonly signal: AbortSignal;
}

/** Adds up, reports and keeps: one generation of a group. */
export class Reducer {
  private readonly options: ReducerOptions;
  private readonly transactions: Transactions;
  private readonly account = emptyRoleAccount();

  constructor(options: ReducerOptions) {
    this.options = options;
    const { cluster, id, roles } = options;
    roles.set('reduce', this.account);
    this.transactions = new Transactions(cluster, `${cluster.kafka.group}-reduce-${id}`, this.account);
  }

  /**
   * Until the run's signal aborts.
   * @throws {MirrormonError} what no patience mends
   */
  async run(): Promise<void> {
    const { cluster, signal } = this.options;
    const { account } = this;
    const group = { id: `${cluster.kafka.group}-reduce`, topics: [cluster.topics.partials], account };
    try {
      await loop(cluster, group, (generation) => this.work(generation), signal);
    } finally {
      this.transactions.close();
    }
  }

  private async work(generation: Generation): Promise<void> {
    const { cluster, signal, shares: of, idleAfter, writing } = this.options;
    const over = AbortSignal.any([generation.signal, signal]);
    if ((generation.assigned.get(cluster.topics.partials) ?? []).length === 0) return await aborted(over);
    const partitions = new AssignedPartitions(cluster);
    const reports: Message[] = [];
    let hand: ByHand | undefined;
    try {
      hand = await ByHand.open(cluster.config, {
        ...writing,
        openHandler: (config: HandlerConfig, context: HandlerContext) =>
          config.type === 'kafka'
            ? new CommittedReports(config, context, (message) => reports.push(message))
            : undefined,
      });
      hand.pipeline.ledger.roles = this.options.roles;
      const states = new ShareStates(cluster, of, this.account);
      const shares = await states.restore(partitions, generation, hand.pipeline.state, idleAfter);
      await new Reducing(
        this.options,
        { hand, partitions, states, shares, reports, generation },
        this.transactions,
      ).follow(over);
    } finally {
      await hand?.close();
      partitions.close();
    }
  }
}

interface Held {
  readonly hand: ByHand;
  readonly partitions: AssignedPartitions;
  readonly states: ShareStates;
  readonly shares: readonly Share[];
  /** What was reported since the last commit. */
  readonly reports: Message[];
  readonly generation: Generation;
}

/** The shares of one generation. */
class Reducing {
  private readonly options: ReducerOptions;
  private readonly held: Held;
  private readonly transactions: Transactions;
  /** On the clock that only goes forward, and how long it took. */
  private committed = performance.now();
  private took = 0;
  private hasNews = false;

  constructor(options: ReducerOptions, held: Held, transactions: Transactions) {
    this.options = options;
    this.held = held;
    this.transactions = transactions;
  }

  async follow(over: AbortSignal): Promise<void> {
    const { partitions, generation, hand, shares } = this.held;
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
    }
    if (generation.signal.aborted) return;
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
    const { shares } = this.held;
    const now = performance.now();
    const interval = this.options.cluster.config.metrics.reportInterval ?? INTERVAL;
    const watermark = Math.min(...shares.map((share) => share.watermark.at(now)));
    const due = dueReport(watermark, reportedOf(shares), interval);
    if (due !== undefined) await this.report(due);
    else if (this.hasNews) await this.commit();
  }

  /** To all handlers; what goes to topics is committed with the state that it is of. */
  private async report(time: number): Promise<void> {
    const { shares, hand } = this.held;
    await hand.report(time);
    for (const share of shares) share.reported = time;
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

const reportedOf = (shares: readonly Share[]): number => Math.max(...shares.map(({ reported }) => reported));
