import type { Batch, Column, LabelColumn } from '../batch.ts';
import type { Field, LabelSet } from '../fields.ts';
import type { CompiledCondition } from './conditions.ts';
import type { Metric } from './metric.ts';
import { finite, type Series } from './series.ts';

/**
 * One measurement that records of a kind give: into which metric, under which labels, which value. Columns are looked
 * up with the first row of a batch, so that per row nothing is but the series, by the id of its labels.
 */
export class Derivation {
  private readonly metric: Metric;
  private readonly labels: LabelSet;
  private readonly holds: CompiledCondition['holds'];
  /** undefined = 1 per record. */
  private readonly value: Field | undefined;
  private batch: Batch | undefined;
  private tuples!: LabelColumn;
  private amounts: Column | undefined;
  /** The metric's series by tuple, as far as they were met. */
  private known!: (Series | undefined)[];

  constructor(metric: Metric, labels: LabelSet, holds: CompiledCondition['holds'], value: Field | undefined) {
    this.metric = metric;
    this.labels = labels;
    this.holds = holds;
    this.value = value;
  }

  private bind(batch: Batch): void {
    this.batch = batch;
    this.tuples = batch.labels(this.labels);
    this.amounts = this.value && batch.column(this.value);
    this.known = this.metric.seriesOf(this.tuples.tuples);
  }

  /**
   * @returns whether a series was touched; false where the condition does not hold
   * @throws MeasurementError for a value that no series can take
   */
  record(batch: Batch, row: number, seconds: number): boolean {
    if (this.holds !== undefined && !this.holds(batch, row)) return false;
    if (batch !== this.batch) this.bind(batch);
    // a value that is missing makes no empty series: the series would refuse it, but only once it is there
    const amount = this.amounts === undefined ? 1 : finite(this.amounts.number(row));
    const id = this.tuples.id(row);
    const series = this.known[id] ?? this.metric.at(this.tuples.tuples, id, seconds);
    series.record(amount, seconds);
    return true;
  }
}
