import type { HandlerConfig } from '../config.ts';
import type { HandlerContext } from '../handlers/handler.ts';
import { emptyRoleAccount, type RoleAccount } from '../kafka/role-account.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { AssignedPartitions } from './assigned.ts';
import { ByHand } from './by-hand.ts';
import type { Cluster } from './cluster.ts';
import { CommittedReports } from './committed-reports.ts';
import { behind, least } from './due-reports.ts';
import { aborted, loop } from './loop.ts';
import type { Generation } from './membership.ts';
import { intervalOf, Reducing } from './reducing.ts';
import { ShareStates } from './share-state.ts';
import { type Message, Transactions } from './transactions.ts';

/** Milliseconds for the last report, where others that end have the group divided anew meanwhile. */
const PATIENCE = 10_000;

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
    const { kafka, topics } = cluster;
    const work = (generation: Generation): Promise<void> => this.work(generation);
    const group = {
      id: `${kafka.group}-reduce`,
      topics: [topics.partials],
      account,
      work,
      patience: PATIENCE,
    };
    try {
      await loop(cluster, group, signal);
    } finally {
      this.transactions.close();
    }
  }

  private async work(generation: Generation): Promise<void> {
    const { cluster, signal } = this.options;
    const over = AbortSignal.any([generation.signal, signal]);
    if ((generation.assigned.get(cluster.topics.partials) ?? []).length === 0) return await aborted(over);
    const partitions = new AssignedPartitions(cluster);
    /** Numbers of the shares whose last report was looked after. */
    const ended = new Set<number>();
    try {
      while (await this.follow(generation, partitions, ended, over));
    } finally {
      partitions.close();
    }
  }

  /**
   * Follows the shares of a generation, those that were not reported as far as the others first and alone.
   * @returns whether there are others to be followed now
   */
  private async follow(
    generation: Generation,
    partitions: AssignedPartitions,
    ended: Set<number>,
    over: AbortSignal,
  ): Promise<boolean> {
    const { cluster, signal, shares: of, idleAfter, writing } = this.options;
    const interval = intervalOf(cluster);
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
      const found = (await states.find(partitions, generation)).filter(({ number }) => !ended.has(number));
      const reported = found.map(({ about }) => about?.reported ?? Number.NEGATIVE_INFINITY);
      const isEnding = signal.aborted;
      // at the end others may have been reported to the end already
      const late = isEnding ? least(reported) : behind(reported, interval);
      const { state } = hand.pipeline;
      const shares = (late?.places.map((place) => found[place]!) ?? found).map((one) =>
        states.restore(one, state, { idleAfter, interval }),
      );
      // what the others have reported is due, whether or not a mark lies behind it
      if (late !== undefined) for (const { due } of shares) due.add(late.until);
      const until = isEnding ? undefined : late?.until;
      const held = { hand, partitions, states, shares, reports, generation, until };
      await new Reducing(this.options, held, this.transactions).follow(over);
      if (isEnding) for (const { number } of shares) ended.add(number);
      return late !== undefined && !generation.signal.aborted;
    } finally {
      await hand?.close();
    }
  }
}
