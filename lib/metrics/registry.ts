import type { Kinds } from '../batch/kinds.ts';
import { type KindList, KindLists } from '../batch/rows-by-kind.ts';
import type { KeyFamily, Wants } from '../batch/wants.ts';
import { eventTypeOf, fieldsOfLabels, type MetricDefinition } from '../systems/definition.ts';
import type { ComputedGauge, OpenSystem, System } from '../systems/system.ts';
import type { MeasuredRecords } from '../tracing/metric-fields.ts';
import { logField } from '../tracing/record-fields.ts';
import type { OnBounded } from './bounds.ts';
import { compileCondition } from './conditions.ts';
import type { IsRead } from './demand.ts';
import { ElapsedTimes, elapsedOptions } from './elapsed.ts';
import type { MetricFamily } from './family.ts';
import { byName, joined } from './joined-families.ts';
import { instrumentsOf, MeasuredMetrics } from './measured.ts';
import { Metric, type MetricOptions } from './metric.ts';
import { type Noting, Planned } from './planned.ts';
import { type OnRefused, Refusals } from './refusals.ts';
import { LabelTexts } from './series-labels.ts';
import { Source } from './source.ts';
import type { Span } from './span.ts';

/** So that the log stays short; by rows, so that it is done at the same ones however they came. */
const ROWS_BETWEEN_TICK_DRAINS = 1 << 17;

export interface RegistryOptions extends MetricOptions {
  readonly wants: Wants;
  readonly kinds: Kinds;
  readonly systems: readonly { readonly system: System; readonly open: OpenSystem }[];
  readonly isRead: IsRead;
  /** Told of values that no series can take. */
  readonly onRefused: OnRefused;
  /** Told of what records name beyond the bounds. */
  readonly onBounded?: OnBounded | undefined;
}

/** Records of a kind that may name metrics of their own. */
interface Named {
  readonly list: KindList;
  readonly records: MeasuredRecords;
  readonly others: KeyFamily;
}

/** All metrics of a run: the catalogues of the systems, the user's rules, and what records name themselves. */
export class Registry {
  /** Rows of the span at hand. */
  readonly lists = new KindLists();
  readonly catalogue = new Map<string, Metric>();
  /** Whether what came since the last report is kept apart. */
  readonly reportsIntervals: boolean;
  private readonly sources: Source[] = [];
  private readonly named: readonly Named[];
  readonly measured: MeasuredMetrics;
  private readonly gauges: readonly ComputedGauge[];
  readonly refusals: Refusals;
  private readonly wants: Wants;
  readonly planned: Planned;
  /** Measured by plan since the ticks were taken. */
  private rows = 0;
  /** Kinds whose records are measured here even where a plan measures the others. */
  private readonly lookedAt = new Set<number>();

  constructor(given: RegistryOptions) {
    const options = { ...given, labelTexts: new LabelTexts() };
    const { systems, config, wants } = options;
    this.refusals = new Refusals(options.onRefused);
    this.wants = wants;
    this.reportsIntervals = config.report === 'interval';
    this.planned = new Planned(config, wants, this.refusals);
    const definitions = [...systems.flatMap(({ system }) => system.catalogue), ...config.rules];
    const isRead = (definition: MetricDefinition) => options.isRead(definition.name, eventTypeOf(definition));
    const opened = systems.map(({ open }) => open);
    const measured = opened.flatMap((open) => open.measured ?? []);
    for (const definition of definitions.filter(isRead)) {
      const metric = new Metric(definition, options);
      this.catalogue.set(definition.name, metric);
      this.derive(metric, options);
      for (const records of measured) this.nameable(metric, records, wants);
    }
    const types = new Map(definitions.map(({ name, type }) => [name, type]));
    this.measured = new MeasuredMetrics({ ...options, catalogue: types, refusals: this.refusals });
    this.named = measured.map((records) => ({
      records,
      list: this.lists.of([records.kind]),
      others: records.others(definitions.flatMap((definition) => keysOf(definition, records))),
    }));
    for (const { kind } of measured) this.lookedAt.add(kind);
    this.gauges = opened.flatMap(({ gauges }) => gauges).filter(({ definition }) => isRead(definition));
  }

  /** What the catalogue's condition derives from records. */
  private derive(metric: Metric, { wants, kinds }: RegistryOptions): void {
    const { when, labels, value, amount, elapsed } = metric.definition;
    if (when === undefined) return;
    const condition = compileCondition(when, kinds, wants);
    const { kinds: over, holds } = condition;
    const field = value === undefined ? undefined : logField(wants, value);
    const isPlanned = this.planned.add(metric, condition, field);
    const since = elapsed && elapsedOptions(elapsed, this.lists, kinds, wants);
    metric.elapsed = since && new ElapsedTimes(since);
    for (const kind of since?.list.kinds ?? []) this.lookedAt.add(kind);
    if (!isPlanned) for (const kind of over) this.lookedAt.add(kind);
    this.sources.push(
      new Source({
        metric,
        list: this.lists.of(over),
        labels: wants.labels(fieldsOfLabels(labels).map((field) => logField(wants, field))),
        holds,
        value: field,
        amount,
        elapsed: metric.elapsed,
        isPlanned,
        refusals: this.refusals,
      }),
    );
  }

  /** What records give to a metric of the catalogue by its name. */
  private nameable(metric: Metric, records: MeasuredRecords, wants: Wants): void {
    const { name, type, labels } = metric.definition;
    for (const instrument of instrumentsOf[type]) {
      this.sources.push(
        new Source({
          metric,
          list: this.lists.of([records.kind]),
          labels: wants.labels(labels.map((label) => records.attribute(label.name))),
          value: records.value(records.key(name, instrument)),
          optional: true,
          moves: type === 'gauge' && instrument === 'counter',
          refusals: this.refusals,
        }),
      );
    }
  }

  /**
   * Has whoever reads records measure what can be measured there.
   * @param following whose sessions are counted
   * @param wanted kinds whose records somebody wants beside what is measured of them
   * @param noting who asks for what others say of sessions
   */
  plan(seed: number, following: readonly OpenSystem[], wanted: Iterable<number>, noting?: Noting): void {
    for (const { sessions } of following) if (sessions !== undefined) this.planned.addSessions(sessions);
    this.planned.noting = noting;
    this.wants.plan = this.planned.plan(seed, [...new Set([...wanted, ...this.lookedAt])]);
    this.wants.sink = this.planned;
  }

  /** Takes what was measured where records are read, so that everything measured so far is here. */
  takePartials(foldsTicks = true, what: 'all' | 'ticks' = 'all'): void {
    for (const source of this.wants.partials) source.drain(what);
    if (foldsTicks) this.planned.foldTicks();
  }

  /** Measures the records of a span. */
  measure(span: Span): void {
    const { batch, from, to, times, touched } = span;
    this.refusals.begin(batch);
    if (batch.measurer !== undefined) {
      batch.measurer.measure(from, to, times, touched, (row, which) =>
        this.planned.number(batch, row, which),
      );
      // whoever measures while it scans takes ticks at places of the input
      if (batch.dismissed === undefined) this.countRows(to - from);
    }
    if (batch.measurer === undefined || this.looksAt(batch.kind, from, to)) this.lookAt(span);
  }

  private looksAt(kind: Uint8Array, from: number, to: number): boolean {
    for (let row = from; row < to; row++) if (this.lookedAt.has(kind[row]!)) return true;
    return false;
  }

  /** Ticks are logged for so many rows at most. */
  private countRows(rows: number): void {
    this.rows += rows;
    if (this.rows < ROWS_BETWEEN_TICK_DRAINS) return;
    this.rows = 0;
    this.takePartials(false, 'ticks');
  }

  /** Measures what is not measured where records are read. */
  private lookAt(span: Span): void {
    const { batch } = span;
    this.lists.select(span);
    for (const source of this.sources) {
      if (batch.measurer === undefined || !source.isPlanned) source.measure(span);
    }
    for (const { list, records, others } of this.named) {
      for (const row of list.rows) {
        if (batch.has(others, row)) this.measured.measure(records.read(batch, row), row, span);
      }
    }
  }

  /** Every metric that has series, the catalogue's first. */
  *metrics(): Generator<Metric> {
    for (const metric of this.catalogue.values()) if (metric.series.length > 0) yield metric;
    yield* this.measured.all;
  }

  /** How many series there are. */
  get seriesCount(): number {
    let count = 0;
    for (const { series } of this.metrics()) count += series.length;
    for (const _ of this.computed()) count++;
    return count;
  }

  /** Gauges that are computed when they are read, with their values. */
  *computed(): Generator<{ gauge: ComputedGauge; value: number }> {
    for (const gauge of this.gauges) {
      const value = gauge.read();
      if (value !== undefined) yield { gauge, value };
    }
  }

  /** Everything measured so far, one family per name. */
  *families(time: number): Generator<MetricFamily> {
    this.takePartials();
    for (const metric of this.catalogue.values()) if (metric.series.length > 0) yield metric.family(time);
    for (const metrics of byName(this.measured.all)) yield joined(metrics, time);
    for (const { gauge, value } of this.computed()) {
      const { name, type, help } = gauge.definition;
      yield { name, type, help, labels: [], series: [{ labels: [], value }] };
    }
  }
}

/** The keys by which records name a metric of the catalogue. */
function keysOf({ name, type }: MetricDefinition, records: MeasuredRecords): string[] {
  return instrumentsOf[type].map((instrument) => records.key(name, instrument));
}
