import type { Column } from '../batch/batch.ts';
import type { KindList } from '../batch/rows-by-kind.ts';
import type { Tuples } from '../batch/symbols.ts';
import type { Field, LabelSet } from '../batch/wants.ts';
import { writtenNumber } from '../batch/written-number.ts';
import type { CompiledCondition } from './conditions.ts';
import type { ElapsedTimes } from './elapsed.ts';
import { type Measurements, roomFor } from './measurements.ts';
import type { KnownSeries, Metric } from './metric.ts';
import { leastOf, type RefusalReason, type Refusals, reasonOf } from './refusals.ts';
import type { Span } from './span.ts';

export interface SourceOptions {
  readonly metric: Metric;
  /** The records that it looks at. */
  readonly list: KindList;
  readonly labels: LabelSet;
  readonly holds?: CompiledCondition['holds'];
  /** undefined = 1 per record, unless one of the next two is given. */
  readonly value?: Field | undefined;
  /** What each record gives. */
  readonly amount?: number | undefined;
  /** Each record gives the time since another one. */
  readonly elapsed?: ElapsedTimes | undefined;
  /** Records without the value are none of its; else they are refused. */
  readonly optional?: boolean | undefined;
  /** Whether a plan has it: then it is measured here only where nobody measures by the plan. */
  readonly isPlanned?: boolean | undefined;
  /** Moves gauges instead of setting them. */
  readonly moves?: boolean | undefined;
  /** Told of values that no series can take. */
  readonly refusals: Refusals;
}

/**
 * One thing that records tell of a metric: under which labels, which value. Columns are read for all its records of a
 * span at once, so that per record nothing is left but to find the series by the id of its labels.
 */
export class Source {
  private readonly options: SourceOptions;
  /** Of this span: the records, their values, and the ids of their labels; the arrays are longer than that. */
  private rows: Uint32Array = new Uint32Array(0);
  private values: Float64Array = new Float64Array(0);
  private column: Column | undefined;
  private ids: Uint32Array = new Uint32Array(0);
  private tuples!: Tuples;
  private known: KnownSeries = [];
  /** Room for rows where they are not all of the list. */
  private ownRows: Uint32Array = new Uint32Array(0);
  private measured: Measurements = roomFor(0);

  private readonly least: number;

  constructor(options: SourceOptions) {
    this.options = options;
    this.least = leastOf(options.metric.definition);
  }

  get isPlanned(): boolean {
    return this.options.isPlanned === true;
  }

  /** Measures what the records of a span tell. */
  measure(span: Span): void {
    const { value, amount, elapsed } = this.options;
    if (this.begin(span) === 0) return;
    if (value === undefined && amount === undefined && elapsed === undefined) this.countAll(span);
    else this.measureAll(span);
  }

  /** Reads what it needs of the records of a span; gives their number. */
  private begin(span: Span): number {
    const { batch } = span;
    const { list, holds, value, amount, elapsed, optional, labels, metric } = this.options;
    this.rows = list.rows;
    // what begins may be of other kinds than what ends
    if (this.rows.length === 0 && elapsed === undefined) return 0;
    if (this.ownRows.length < this.rows.length) this.makeRoom(this.rows.length);
    const column = value && batch.column(value);
    if (optional) this.rows = this.copied(column!.presentAmong(this.rows));
    if (holds !== undefined) this.keep((row) => holds(batch, row));
    const count = this.rows.length;
    elapsed?.measure(span, this.rows, this.values);
    if (count === 0) return 0;
    // the lists that columns give are for one source at a time
    if (column !== undefined) this.values.set(column.numbersOf(this.rows));
    else if (amount !== undefined) this.values.fill(amount, 0, count);
    this.column = column;
    const label = batch.labels(labels);
    this.ids.set(label.idsOf(this.rows));
    this.tuples = label.tuples;
    this.known = metric.known(label.tuples);
    return count;
  }

  /** Each counts once, so no value can be refused and all stand where they are. */
  private countAll(span: Span): void {
    const { metric } = this.options;
    const { rows, ids, known, tuples, measured } = this;
    for (let k = 0; k < rows.length; k++) {
      const id = ids[k]!;
      measured.series[k] = known[id] ?? metric.at(tuples, id);
      measured.times[k] = span.times[rows[k]!]!;
    }
    measured.count = rows.length;
    measured.rows = rows;
    metric.series.countAll(measured, span);
  }

  private measureAll(span: Span): void {
    const { metric, moves, refusals } = this.options;
    const { ids, known, least, rows, tuples, values, measured } = this;
    let count = 0;
    for (let k = 0; k < rows.length; k++) {
      const value = values[k]!;
      // a value that is missing makes no empty series
      if ((value - value !== 0 || value < least) && !this.isMended(k)) continue;
      const id = ids[k]!;
      measured.series[count] = known[id] ?? metric.at(tuples, id);
      measured.values[count] = values[k]!;
      measured.times[count] = span.times[rows[k]!]!;
      measured.rows[count++] = rows[k]!;
    }
    measured.count = count;
    refusals.addMoves(metric.definition.name, metric.series.recordAll(measured, span, moves));
  }

  /** Whether what the column has no fitting number for is one that was written as a text; else it is refused. */
  private isMended(k: number): boolean {
    const { column, values, least } = this;
    const row = this.rows[k]!;
    if (column === undefined) {
      this.refuse(k, Number.isNaN(values[k]!) ? 'missing' : 'negative');
      return false;
    }
    const value = writtenNumber(column, row);
    if (value - value !== 0) this.refuse(k, reasonOf(column, row));
    else if (value < least) this.refuse(k, 'negative');
    else {
      values[k] = value;
      return true;
    }
    return false;
  }

  private refuse(k: number, reason: RefusalReason): void {
    const { metric, refusals, value, elapsed } = this.options;
    const field = value ?? elapsed?.key;
    refusals.add(metric.definition.name, reason, this.rows[k]!, field?.name ?? '');
  }

  private makeRoom(rows: number): void {
    const room = 2 * rows;
    this.ownRows = new Uint32Array(room);
    this.ids = new Uint32Array(room);
    this.values = new Float64Array(room);
    this.measured = roomFor(room);
  }

  private copied(rows: Uint32Array): Uint32Array {
    this.ownRows.set(rows);
    return this.ownRows.subarray(0, rows.length);
  }

  private keep(holds: (row: number) => boolean): void {
    const { rows, ownRows } = this;
    let count = 0;
    for (const row of rows) if (holds(row)) ownRows[count++] = row;
    this.rows = ownRows.subarray(0, count);
  }
}
