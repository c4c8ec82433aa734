import type { Batch } from '../batch/batch.ts';
import { PerTable, type Symbols } from '../batch/symbols.ts';
import type { ReadColumn, Wants } from '../batch/wants.ts';
import { type EventFields, eventFields } from '../events/event-fields.ts';
import { Shapes } from './metric-shapes.ts';
import type { Candidates } from './selector.ts';

/** Of the metrics events of a batch what filters look at, read once for all subscriptions. */
export class MetricColumns {
  private static readonly shared = new WeakMap<Wants, MetricColumns>();
  private readonly fields: EventFields;
  private readonly tables = new PerTable<Symbols, Shapes>((symbols) => new Shapes(symbols));
  private shapeNumbers = new Uint32Array(0);
  private typeIds = new Uint32Array(0);
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

  /** What is read for shapes, and for sources. */
  get reads(): Readonly<Record<'shapes' | 'sources', readonly ReadColumn[]>> {
    const { metric, metricType, metrics, sourceId } = this.fields;
    return {
      shapes: [
        { what: 'ids', field: metric },
        { what: 'ids', field: metricType },
        { what: 'keys', field: metrics },
      ],
      sources: [{ what: 'ids', field: sourceId }],
    };
  }

  tableOf({ symbols }: Batch): Shapes {
    return this.tables.of(symbols);
  }

  /** The shape of each candidate, by its place. */
  shapes(candidates: Candidates): Uint32Array {
    if (candidates.rows === this.shapesOf) return this.shapeNumbers;
    const { batch, rows } = candidates;
    if (this.shapeNumbers.length < rows.length) {
      this.shapeNumbers = new Uint32Array(rows.length);
      this.typeIds = new Uint32Array(rows.length);
    }
    const { shapeNumbers, typeIds } = this;
    shapeNumbers.set(batch.column(this.fields.metric).idsOf(rows));
    typeIds.set(batch.column(this.fields.metricType).idsOf(rows));
    const lists = batch.column(this.fields.metrics).keysOf(rows);
    const table = this.tableOf(batch);
    for (let k = 0; k < rows.length; k++) {
      shapeNumbers[k] = table.of(shapeNumbers[k]!, typeIds[k]!, lists[k]!);
    }
    this.shapesOf = rows;
    return this.shapeNumbers;
  }

  /** The id of each candidate's source, by its place. */
  sources(candidates: Candidates): Uint32Array {
    if (candidates.rows === this.sourcesOf) return this.sourceIds;
    const { batch, rows } = candidates;
    if (this.sourceIds.length < rows.length) this.sourceIds = new Uint32Array(rows.length);
    this.sourceIds.set(batch.column(this.fields.sourceId).idsOf(rows));
    this.sourcesOf = rows;
    return this.sourceIds;
  }
}
