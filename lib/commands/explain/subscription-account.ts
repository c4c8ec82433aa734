import type { Batch } from '../../batch/batch.ts';
import type { Wants } from '../../batch/wants.ts';
import type { HandlerConfig, SubscriptionConfig } from '../../config.ts';
import { type Criterion, criteriaOf } from '../../filters/evidence/criteria.ts';
import { Tally } from '../../filters/evidence/tally.ts';

/** Metrics that are told apart. */
const MOST_METRICS = 10_000;

/** Why a record or event is left out: a filter as it was written, and what stood in its place. */
export interface Refusal {
  readonly filter: string;
  readonly found: string;
}

/** What one subscription did with the events of one metric. */
export interface MetricVerdict {
  taken: number;
  left: number;
  /** The keys that were passed on; undefined = all. */
  keys: readonly string[] | undefined;
  /** Of the first that was left out; empty if none was. */
  refusals: readonly Refusal[];
}

/** What does not fit a filter. */
export interface LeftOut {
  count: number;
  readonly found: Tally;
  readonly note: string | undefined;
}

/** What one subscription of a handler did with all that it looked at. */
export class SubscriptionAccount {
  readonly handler: HandlerConfig;
  readonly config: SubscriptionConfig;
  /** The handler's name, with the subscription's number where there are several. */
  readonly name: string;
  /** Of its type: records that were read, and events that were made here. */
  readonly read = { looked: 0, taken: 0 };
  readonly made = { looked: 0, taken: 0 };
  readonly left = new Map<string, LeftOut>();
  readonly byMetric = new Map<string, MetricVerdict>();
  private readonly criteria: readonly Criterion[];

  constructor(handler: HandlerConfig, index: number, wants: Wants) {
    this.handler = handler;
    this.config = handler.subscriptions[index]!;
    this.name = handler.subscriptions.length > 1 ? `${handler.name}[${index}]` : handler.name;
    this.criteria = criteriaOf(this.config, wants);
  }

  /** The filters as they were written. */
  get filters(): string[] {
    return this.criteria.map(({ filter }) => filter);
  }

  /** What it takes, in the plural. */
  get takes(): string {
    const { type } = this.config;
    if (type === 'logs') return 'log records';
    return type === 'spans' ? 'sessions' : `${type} events`;
  }

  /**
   * Notes what became of a row of its type.
   * @param metric of an event that has one
   * @param keys of the metric that are passed on; undefined = all
   * @returns why it was left out: every filter that it does not fit
   */
  note(
    { batch, row, isMade }: { batch: Batch; row: number; isMade: boolean },
    isTaken: boolean,
    metric: string | undefined,
    keys: readonly string[] | undefined,
  ): readonly Refusal[] {
    const counts = isMade ? this.made : this.read;
    counts.looked++;
    if (isTaken) counts.taken++;
    const refusals = isTaken ? [] : this.refuse(batch, row);
    if (metric !== undefined) this.noteMetric(metric, refusals, keys);
    return refusals;
  }

  private refuse(batch: Batch, row: number): Refusal[] {
    const failing = this.criteria.filter((one) => !one.fits(batch, row));
    const refusals = failing.map((one) => ({
      filter: one.filter,
      found: one.found(batch, row),
      note: one.note,
    }));
    // a commit goes where its change went
    if (failing.length === 0)
      refusals.push({ filter: 'the change before it', found: 'a commit', note: undefined });
    for (const { filter, found, note } of refusals) {
      let left = this.left.get(filter);
      if (left === undefined) {
        left = { count: 0, found: new Tally(), note };
        this.left.set(filter, left);
      }
      left.count++;
      left.found.add(found);
    }
    return refusals.map(({ filter, found }) => ({ filter, found }));
  }

  private noteMetric(
    metric: string,
    refusals: readonly Refusal[],
    keys: readonly string[] | undefined,
  ): void {
    let verdict = this.byMetric.get(metric);
    if (verdict === undefined) {
      if (this.byMetric.size === MOST_METRICS) return;
      verdict = { taken: 0, left: 0, keys: undefined, refusals };
      this.byMetric.set(metric, verdict);
    }
    if (verdict.refusals.length === 0) verdict.refusals = refusals;
    if (refusals.length > 0) verdict.left++;
    else {
      verdict.taken++;
      verdict.keys = keys;
    }
  }
}
