import type { Batch } from '../batch/batch.ts';
import type {
  MeasurePlan,
  PartialSink,
  PlannedHistogram,
  PlannedLabel,
  PlannedMeasurement,
  PlannedNotes,
  PlannedSession,
  PlannedTable,
  SeriesPartial,
} from '../batch/measure-plan.ts';
import type { SessionNotes } from '../batch/session-notes.ts';
import type { Field, Wants } from '../batch/wants.ts';
import { writtenNumber } from '../batch/written-number.ts';
import type { MetricsConfig } from '../config.ts';
import type { LabelDefinition } from '../systems/definition.ts';
import type { PlannedSessions } from '../systems/system.ts';
import { logField } from '../tracing/record-fields.ts';
import type { CompiledCondition } from './conditions.ts';
import { Counters } from './counters.ts';
import type { HeldTicks } from './held-ticks.ts';
import { Histograms } from './histograms.ts';
import type { Metric } from './metric.ts';
import { leastOf, type Refusals, reasonOf } from './refusals.ts';
import type { SeriesTable } from './series-table.ts';

interface PlannedMetric {
  readonly metric: Metric;
  /** Its series, and those with what came since the last report, where reports are of that. */
  readonly tables: readonly PlannedSeries[];
}

type PlannedSeries = Counters | Histograms;

const isPlannedSeries = (table: SeriesTable | undefined): table is PlannedSeries =>
  table instanceof Counters || table instanceof Histograms;

/** Who is given what records say of sessions in place of their rows. */
export interface Noting {
  readonly notes: PlannedNotes;
  takeNotes(notes: SessionNotes): void;
}

/**
 * What of the metrics can be measured where records are read, as a plan for those who read them; and who takes what they
 * measured. A plan has records that count, values of histograms, and sessions. Where an expression must hold, records
 * are to be looked at one by one, and of gauges there are too few to be worth it.
 */
export class Planned implements PartialSink {
  private readonly config: MetricsConfig;
  private readonly wants: Wants;
  private readonly refusals: Refusals;
  readonly metrics: PlannedMetric[] = [];
  /** Where ticks are held until they are folded; undefined = they are folded as they come. */
  held: HeldTicks | undefined;
  private readonly tables: PlannedTable[] = [];
  private readonly measurements: PlannedMeasurement[] = [];
  private sessions: PlannedSessions | undefined;
  /** Who asks for what records say of sessions. */
  noting: Noting | undefined;

  constructor(config: MetricsConfig, wants: Wants, refusals: Refusals) {
    this.config = config;
    this.refusals = refusals;
    this.wants = wants;
  }

  /** Takes on what the catalogue derives for a metric; false if it cannot. */
  add(metric: Metric, { kinds, holds }: CompiledCondition, value: Field | undefined): boolean {
    const { definition, series } = metric;
    const { amount, elapsed } = definition;
    const counts =
      series instanceof Counters && value === undefined && amount === undefined && elapsed === undefined;
    const samples = series instanceof Histograms && value !== undefined;
    if (holds !== undefined || !(counts || samples)) return false;
    this.measurements.push({ kinds, table: this.tables.length, value, least: leastOf(definition) });
    this.tables.push({
      metric: definition.name,
      labels: definition.labels.map((label) => this.labelOf(label)),
      histogram: samples ? this.histogramOf(metric) : undefined,
    });
    this.metrics.push({ metric, tables: [series, series.recent].filter(isPlannedSeries) });
    return true;
  }

  /**
   * The number of a measurement that its reader could not judge; NaN if no series can take it, which is counted.
   * @param table of the metric
   */
  number(batch: Batch, row: number, table: number): number {
    const { value: field, least } = this.measurements[table]!;
    const column = batch.column(field!);
    const value = writtenNumber(column, row);
    const fits = value - value === 0;
    if (fits && value >= least) return value;
    const { name } = this.metrics[table]!.metric.definition;
    this.refusals.add(name, fits ? 'negative' : reasonOf(column, row), row, field!.name);
    return Number.NaN;
  }

  addSessions(sessions: PlannedSessions): void {
    this.sessions = sessions;
  }

  /** @param wanted kinds whose records somebody wants beside what is measured of them */
  plan(seed: number, wanted: readonly number[]): MeasurePlan {
    const { tables, measurements, sessions } = this;
    const ends = (kinds: readonly number[], by: 1 | -1): PlannedSession[] =>
      kinds.map((kind) => ({ kind, by, id: sessions!.id }));
    return {
      seed,
      tables,
      measurements,
      sessions: sessions === undefined ? [] : [...ends(sessions.starts, 1), ...ends(sessions.ends, -1)],
      wanted,
      notes: this.noting?.notes,
    };
  }

  private labelOf({ name, field, otherwise, collapse }: LabelDefinition): PlannedLabel {
    return {
      name,
      field: logField(this.wants, field),
      otherwise: otherwise && { field: logField(this.wants, otherwise.field), segment: otherwise.segment },
      collapse,
    };
  }

  private histogramOf({ buckets, eventType }: Metric): PlannedHistogram {
    const { size, timerSize, alpha, admission } = this.config.reservoir;
    const isTimer = eventType === 'timer';
    return { bounds: buckets, isTimer, size: isTimer ? timerSize : size, alpha, admission };
  }

  seriesAt(table: number, labels: readonly string[]): number {
    return this.metrics[table]!.metric.labelled(labels);
  }

  takeTicks(table: number, series: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    if (this.held !== undefined) this.held.add(table, series, ticks, marks, count);
    else this.fold(table, series, ticks, marks, count);
  }

  /** Gives the series what is held of their ticks. */
  foldTicks(): void {
    if (this.held === undefined) return;
    for (const { table, series, ticks, marks } of this.held.each()) {
      this.fold(table, series, ticks, marks, ticks.length);
    }
    this.held.clear();
  }

  private fold(table: number, series: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    for (const of of this.metrics[table]!.tables) of.takeTicks(series, ticks, marks, count);
  }

  take(table: number, series: number, partial: SeriesPartial): void {
    for (const of of this.metrics[table]!.tables) of.takePartial(series, partial);
  }

  seeSessions(): void {
    this.sessions?.see();
  }

  takeSession(low: number, high: number, net: number, since: number): void {
    this.sessions?.take(low, high, net, since);
  }

  takeNotes(notes: SessionNotes): void {
    this.noting?.takeNotes(notes);
  }
}
