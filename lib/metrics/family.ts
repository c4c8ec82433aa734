import type { MetricType } from '../systems/definition.ts';

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
