import type { Batch } from '../batch.ts';
import { fieldsOfLabels } from '../catalogue.ts';
import type { Wants } from '../fields.ts';
import type { MetricFamily, SeriesFigures } from '../handler.ts';
import type { Kinds } from '../kinds.ts';
import { MeasurementError } from '../math/index.ts';
import { logField } from '../mirrord/fields.ts';
import type { ComputedGauge, OpenSystem, System } from '../system.ts';
import { compileCondition } from './conditions.ts';
import { Derivation } from './derivation.ts';
import { MeasuredMetrics } from './measured.ts';
import { Metric, type MetricOptions } from './metric.ts';

export interface RegistryOptions extends MetricOptions {
  readonly wants: Wants;
  readonly kinds: Kinds;
  readonly systems: readonly { readonly system: System; readonly open: OpenSystem }[];
  /** Called for every value that no series can take. */
  readonly onRejected: () => void;
}

/** All metrics of a run: the catalogues of the systems, the user's rules, and what records name themselves. */
export class Registry {
  private readonly catalogue = new Map<string, Metric>();
  private readonly measured: MeasuredMetrics;
  /** By kind. */
  private readonly derivations: Derivation[][];
  private readonly measuredBy: (OpenSystem | undefined)[];
  private readonly observedBy: (OpenSystem | undefined)[];
  private readonly gauges: readonly ComputedGauge[];
  private readonly onRejected: () => void;

  constructor(options: RegistryOptions) {
    const { kinds, systems } = options;
    this.onRejected = options.onRejected;
    this.derivations = kinds.all.map(() => []);
    const definitions = [...systems.flatMap(({ system }) => system.catalogue), ...options.config.rules];
    for (const definition of definitions) this.define(new Metric(definition, options), options);
    this.measured = new MeasuredMetrics(this.catalogue, options);
    const systemOf = (kind: number, which: 'measuredKinds' | 'observedKinds'): OpenSystem | undefined =>
      systems.find(({ open }) => open[which].has(kind))?.open;
    this.measuredBy = kinds.all.map(({ id }) => systemOf(id, 'measuredKinds'));
    this.observedBy = kinds.all.map(({ id }) => systemOf(id, 'observedKinds'));
    this.gauges = systems.flatMap(({ open }) => open.gauges);
  }

  private define(metric: Metric, { wants, kinds }: RegistryOptions): void {
    const { name, when, labels, value } = metric.definition;
    this.catalogue.set(name, metric);
    if (when === undefined) return;
    const { kinds: over, holds } = compileCondition(when, kinds, wants);
    const set = wants.labels(fieldsOfLabels(labels).map((field) => logField(wants, field)));
    const amount = value === undefined ? undefined : logField(wants, value);
    const derivation = new Derivation(metric, set, holds, amount);
    for (const kind of over) this.derivations[kind]!.push(derivation);
  }

  /**
   * Measures one record.
   * @param seconds its time
   * @param now the event clock's time, milliseconds since the epoch
   * @returns whether it touched a series
   */
  record(batch: Batch, row: number, seconds: number, now = seconds * 1000): boolean {
    const kind = batch.kind[row]!;
    let touched = false;
    const derivations = this.derivations[kind]!;
    for (let k = 0; k < derivations.length; k++) {
      try {
        if (derivations[k]!.record(batch, row, seconds)) touched = true;
      } catch (error) {
        this.refused(error);
      }
    }
    this.observedBy[kind]?.observe(batch, row, now);
    const system = this.measuredBy[kind];
    return system === undefined ? touched : this.recordOwn(system, batch, row, seconds) || touched;
  }

  private recordOwn(system: OpenSystem, batch: Batch, row: number, seconds: number): boolean {
    let touched = false;
    for (const measurement of system.measurements(batch, row)) {
      try {
        if (Number.isFinite(measurement.value) && this.measured.record(measurement, seconds)) touched = true;
        else this.onRejected();
      } catch (error) {
        this.refused(error);
      }
    }
    return touched;
  }

  /** Counts a measurement that a series refused; any other error is ours. */
  private refused(error: unknown): void {
    if (!(error instanceof MeasurementError)) throw error;
    this.onRejected();
  }

  /** Every metric that has series, the catalogue's first. */
  *metrics(): Generator<Metric> {
    for (const metric of this.catalogue.values()) if (metric.all.length > 0) yield metric;
    yield* this.measured.all;
  }

  /** Gauges that are computed when they are read, with their values. */
  *computed(): Generator<{ gauge: ComputedGauge; value: number }> {
    for (const gauge of this.gauges) {
      const value = gauge.read();
      if (value !== undefined) yield { gauge, value };
    }
  }

  /** Everything measured so far, one family per name. */
  *families(seconds: number): Generator<MetricFamily> {
    for (const metric of this.catalogue.values()) if (metric.all.length > 0) yield metric.family(seconds);
    for (const metrics of byName(this.measured.all)) yield joined(metrics, seconds);
    for (const { gauge, value } of this.computed()) {
      const { name, type, help } = gauge.definition;
      yield { name, type, help, labels: [], series: [{ labels: [], value }] };
    }
  }
}

function byName(metrics: readonly Metric[]): Iterable<Metric[]> {
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const { name } = metric.definition;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [metric]);
    else group.push(metric);
  }
  return groups.values();
}

/** Metrics of one name that came with different attributes: one family with all labels, the missing ones empty. */
function joined(metrics: readonly Metric[], seconds: number): MetricFamily {
  const labels = [...new Set(metrics.flatMap((metric) => metric.labelNames))];
  const series = function* (): Generator<SeriesFigures> {
    for (const metric of metrics) {
      const places = labels.map((label) => metric.labelNames.indexOf(label));
      for (const figures of metric.family(seconds).series) {
        yield { ...figures, labels: places.map((place) => (place < 0 ? '' : figures.labels[place]!)) };
      }
    }
  };
  return { ...metrics[0]!.family(seconds), labels, series: series() };
}
