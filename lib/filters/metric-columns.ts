import type { Batch } from '../batch/batch.ts';
import { PerTable, type Symbols } from '../batch/symbols.ts';
import type { Wants } from '../batch/wants.ts';
import { type EventFields, eventFields } from '../events/event-fields.ts';
import { Shapes } from './metric-shapes.ts';
import type { Candidates } from './selector.ts';

/** Of the metrics events of a batch what filters look at, read once for all subscriptions. */
export class MetricColumns {
  private static readonly shared = new WeakMap<Wants, MetricColumns>();
  private readonly fields: EventFields;
  private readonly tables = new PerTable<Symbols, Shapes>((symbols) => new Shapes(symbols));
  private shapeNumbers = new Uint32Array(0);
  private sourceIds = new Uint32Array(0);
  /** The rows that were read last: every list of rows is a new object. */
  private shapesOf: Uint32Array | undefined;
  private sourcesOf: Uint32Array | undefined;

  private constructor(wants: Wants) {
    this.fields = eventFields(wants);
  }

  /** The ones of a pipeline. */
  static of(wants: Wants): MetricColumns {
    let columns = MetricColumns.shared.get(wants);
    if (columns === undefined) {
      columns = new MetricColumns(wants);
      MetricColumns.shared.set(wants, columns);
    }
    return columns;
  }

  tableOf({ symbols }: Batch): Shapes {
    return this.tables.of(symbols);
  }

  /** The shape of each candidate, by its place. */
  shapes(candidates: Candidates): Uint32Array {
    if (candidates.rows === this.shapesOf) return this.shapeNumbers;
    const { batch, rows } = candidates;
    if (this.shapeNumbers.length < rows.length) this.shapeNumbers = new Uint32Array(rows.length);
    const names = batch.column(this.fields.metric);
    const types = batch.column(this.fields.metricType);
    const values = batch.column(this.fields.metrics);
    const table = this.tableOf(batch);
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      this.shapeNumbers[k] = table.of(names.id(row), types.id(row), values.keys(row));
    }
    this.shapesOf = rows;
    return this.shapeNumbers;
  }

  /** The id of each candidate's source, by its place. */
  sources(candidates: Candidates): Uint32Array {
    if (candidates.rows === this.sourcesOf) return this.sourceIds;
    const { batch, rows } = candidates;
    if (this.sourceIds.length < rows.length) this.sourceIds = new Uint32Array(rows.length);
    const sources = batch.column(this.fields.sourceId);
    for (let k = 0; k < rows.length; k++) this.sourceIds[k] = sources.id(rows[k]!);
    this.sourcesOf = rows;
    return this.sourceIds;
  }
}
