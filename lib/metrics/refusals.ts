import { type Batch, type Column, ValueType } from '../batch/batch.ts';
import { writtenNumber } from '../batch/written-number.ts';
import type { MetricDefinition } from '../systems/definition.ts';

/**
 * Why a series cannot take a value: nothing stands there, no number, none that is finite, one below zero, or the metric
 * is of another kind.
 */
export const refusalReasons = ['missing', 'not-a-number', 'not-finite', 'negative', 'other-kind'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/**
 * A value may be meant for several metrics: `again` says that one before has refused it.
 * @param row of the record in its batch; undefined where nobody knows it any more
 */
export type OnRefused = (
  metric: string,
  reason: RefusalReason,
  again: boolean,
  batch?: Batch,
  row?: number,
) => void;

/** What is measured or added up cannot be less. */
export function leastOf({ type, unit }: Pick<MetricDefinition, 'type' | 'unit'>): number {
  return type === 'counter' || (type === 'histogram' && unit === 'seconds') ? 0 : Number.NEGATIVE_INFINITY;
}

/** What is wrong with a value of a column that is no finite number. */
export function reasonOf(column: Column, row: number): RefusalReason {
  const type = column.type(row);
  if (type === ValueType.absent || type === ValueType.null) return 'missing';
  return Number.isNaN(writtenNumber(column, row)) ? 'not-a-number' : 'not-finite';
}

/** Values that were refused: each is told once for every metric that it was meant for. */
export class Refusals {
  private readonly onRefused: OnRefused;
  /** Of the span at hand, row and field. */
  private readonly seen = new Set<string>();
  private batch: Batch | undefined;

  constructor(onRefused: OnRefused) {
    this.onRefused = onRefused;
  }

  /** Other rows come. */
  begin(batch?: Batch): void {
    this.batch = batch;
    if (this.seen.size > 0) this.seen.clear();
  }

  /** Moves of a gauge that is set, some of which may have come before anyone knew that. */
  addMoves(metric: string, count: number): void {
    for (let k = 0; k < count; k++) this.onRefused(metric, 'other-kind', false);
  }

  /** A series of a state whose metric is of another kind here. */
  addKind(metric: string): void {
    this.onRefused(metric, 'other-kind', false);
  }

  /** @param field that the value stands in */
  add(metric: string, reason: RefusalReason, row: number, field: string): void {
    const value = `${row} ${field}`;
    this.onRefused(metric, reason, this.seen.has(value), this.batch, row);
    this.seen.add(value);
  }
}
