import type { Flow, Picks } from './batch.ts';
import type { Config, HandlerConfig } from './config.ts';

/** What a sink may need of the run it belongs to. */
export interface HandlerContext {
  readonly config: Config;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A warning for standard error, said once per distinct text. */
  warn(message: string): void;
  /** source_event_id of a report's events for the subscription; the same for the whole report (one time). */
  eventId(handler: string, subscription: number, time: number): string;
  /** The figures measured so far, for handlers that are read (prometheus). */
  readonly figures: () => Iterable<MetricFamily>;
}

/**
 * A sink. It is called by its own bounded queue, one call at a time, never concurrently.
 * What was taken by `write` is delivered: the promise resolves only when the sink has it for good (file: in the file;
 * otlp: acknowledged). A rejected write with `canRetry` is called again with the same flow and picks, and must go on
 * where it stopped: nothing is lost, nothing doubled.
 */
export interface Handler {
  readonly name: string;
  readonly type: string;
  /** Fails with HANDLER_OPEN if it could never write; called before any input is read. */
  open(): Promise<void>;
  /** Gives the number of bytes delivered; sync where nothing has to be waited for. */
  write(flow: Flow, picks: Picks): Promise<number> | number;
  /** Everything was written: flush and let go. */
  close(): Promise<void>;
}

export type OpenHandler = (config: HandlerConfig, context: HandlerContext) => Handler;

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One metric with its series at this moment, in the exposition's terms. */
export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly buckets?: readonly number[] | undefined;
  readonly series: Iterable<SeriesFigures>;
}

export interface SeriesFigures {
  /** One value per label of the family. */
  readonly labels: readonly string[];
  /** A counter's total or a gauge's value. */
  readonly value: number;
  /** Of a histogram: number and sum of observations, and how many fell into each bucket alone (+Inf last). */
  readonly count?: number | undefined;
  readonly sum?: number | undefined;
  readonly bucketCounts?: ArrayLike<number> | undefined;
}

/** A handler's output was closed by its reader (`| head`): no failure, but it takes no more. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}
