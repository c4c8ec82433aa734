import type { Registry } from '../metrics/registry.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** What of the ticks of series is held, of a run that goes on. */
export function writeTicks(to: ByteWriter, { planned }: Registry): void {
  for (const { table, series, ticks, marks } of planned.held?.each() ?? []) {
    const { metric } = planned.metrics[table]!;
    to.flag(true);
    to.text(metric.definition.name);
    for (const label of metric.series.labels[series]!) to.text(label);
    to.doubles(ticks);
    to.wholes(marks);
  }
  to.flag(false);
}

/** Holds them again. */
export function readTicks(from: ByteReader, { planned }: Registry): void {
  while (from.flag()) {
    const name = from.text();
    const table = planned.metrics.findIndex(({ metric }) => metric.definition.name === name);
    const metric = planned.metrics[table]?.metric;
    if (metric === undefined) throw new DamagedBytes(`there is no metric ${name}`);
    const labels = metric.labelNames.map(() => from.text());
    const ticks = Int32Array.from(from.doubles());
    const marks = Uint32Array.from(from.wholes());
    planned.takeTicks(table, metric.labelled(labels), ticks, marks, ticks.length);
  }
}
