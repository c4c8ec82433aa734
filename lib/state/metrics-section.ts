import type { MeasuredName } from '../metrics/measured.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Registry } from '../metrics/registry.ts';
import type { SeriesTable } from '../metrics/series-table.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { readSeries, writeSeries } from './series-codec.ts';

const INSTRUMENTS = ['monotonic', 'counter', 'gauge', 'histogram'] as const;
const CATALOGUE = 0;

/** Series after which a writer may pause: some 5 ms. */
const SERIES_BETWEEN_PAUSES = 512;

/** Which tables of metrics: all that is known, or what came since the last report alone. */
type Which = 'all' | 'recent';

const tableOf = ({ series }: Metric, which: Which): SeriesTable | undefined =>
  which === 'all' ? series : series.recent;

/** What is measured, metric by metric; in steps, between which whoever writes may let others have their turn. */
export function* writeMetrics(to: ByteWriter, registry: Registry, which: Which = 'all'): Generator<void> {
  registry.takePartials(false);
  for (const metric of registry.metrics()) {
    const series = tableOf(metric, which);
    if (series === undefined) continue;
    const indices = Array.from({ length: series.length }, (_, index) => index);
    const kept = indices.filter((index) => !series.isEmpty(index));
    const together = series.together();
    if (kept.length === 0 && together.length === 0) continue;
    to.flag(true);
    writeName(to, nameOf(metric, registry.measured.nameOf(metric)));
    to.doubles(together);
    to.whole(kept.length);
    for (const [k, index] of kept.entries()) {
      if (k % SERIES_BETWEEN_PAUSES === SERIES_BETWEEN_PAUSES - 1) yield;
      for (const label of series.labels(index)) to.text(label);
      writeSeries(to, series.state(index));
    }
  }
  to.flag(false);
}

/** Forgets what was measured so far: series stay, and are as new. */
export function beginMetrics(registry: Registry): void {
  registry.takePartials();
  for (const { series } of registry.metrics()) {
    series.beginTogether();
    for (let index = 0; index < series.length; index++) series.begin(index);
  }
}

/**
 * Adds what was measured of other records.
 * @param which where to
 * @param isRecent whether all of it came since the last report
 */
export function mergeMetrics(
  from: ByteReader,
  { catalogue, measured, refusals, reportsIntervals }: Registry,
  { which = 'all', isRecent = true }: { readonly which?: Which; readonly isRecent?: boolean } = {},
): void {
  while (from.flag()) {
    const { name, labels, named } = readName(from);
    const together = Array.from(from.doubles());
    const count = from.whole();
    const metric = named === undefined ? catalogue.get(name) : measured.named(named);
    // a gauge that is set is not moved, also when that becomes known only now
    if (metric !== undefined) refusals.addMoves(name, metric.series.mergeTogether(together));
    const isOverflow = metric !== undefined && measured.nameOf(metric)?.isOverflow;
    for (let k = 0; k < count; k++) {
      const values = Array.from({ length: labels }, () => from.text());
      const state = readSeries(from);
      // the one label of an overflow says what it is, whatever attributes came
      if (metric !== undefined) {
        const index = metric.labelled(isOverflow ? ['true'] : values);
        // others may have reported it, but not here
        const isNew = reportsIntervals && isRecent;
        tableOf(metric, which)?.merge(index, isNew ? { ...state, changed: true } : state, isRecent);
      }
      // a metric of the catalogue that is not kept here is one that nobody reads
      else if (named !== undefined) refusals.addKind(name);
    }
  }
}

/** What is kept of one metric. */
export interface KeptMetric {
  readonly name: string;
  /** `counter`, `gauge`, `histogram` or `timer`; empty where only that it was there is known. */
  readonly type: string;
  readonly series: number;
}

/** The metrics of a state, in its order. */
export function* listMetrics(from: ByteReader): Generator<KeptMetric> {
  while (from.flag()) {
    const { name, labels } = readName(from);
    from.doubles();
    const series = from.whole();
    let type = '';
    for (let k = 0; k < series; k++) {
      for (let label = 0; label < labels; label++) from.text();
      const state = readSeries(from);
      type = state.kind === 'histogram' && state.meter !== undefined ? 'timer' : state.kind;
    }
    yield { name, type, series };
  }
}

/** How a state names a metric. */
export interface StoredName {
  readonly name: string;
  /** How many a series has. */
  readonly labels: number;
  readonly named: MeasuredName | undefined;
}

const nameOf = ({ definition, labelNames }: Metric, named: MeasuredName | undefined): StoredName => ({
  name: definition.name,
  labels: labelNames.length,
  named,
});

export function writeName(to: ByteWriter, { name, labels, named }: StoredName): void {
  to.whole(named === undefined ? CATALOGUE : 1 + INSTRUMENTS.indexOf(named.instrument));
  to.text(name);
  to.whole(labels);
  if (named === undefined) return;
  for (const label of named.labels) to.text(label);
  to.flag(named.isOverflow);
}

/** @throws {DamagedBytes} */
export function readName(from: ByteReader): StoredName {
  const which = from.whole();
  const name = from.text();
  const count = from.whole();
  if (which === CATALOGUE) return { name, labels: count, named: undefined };
  const instrument = INSTRUMENTS[which - 1];
  if (instrument === undefined) throw new DamagedBytes(`${name} is of no kind`);
  const labels = Array.from({ length: count }, () => from.text());
  return { name, labels: count, named: { name, instrument, labels, isOverflow: from.flag() } };
}
