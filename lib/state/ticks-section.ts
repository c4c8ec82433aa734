import type { Registry } from '../metrics/registry.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** What of the ticks of series is held, of a run that goes on. */
export function writeTicks(to: ByteWriter, { planned }: Registry): void {
  for (const { table, series, ticks, marks } of planned.held?.each() ?? []) {
    const { metric } = planned.metrics[table]!;
    to.flag(true);
    to.text(metric.definition.name);
    for (const label of metric.series.labels(series)) to.text(label);
    to.whole(ticks.length);
    to.double(ticks[0]!);
    for (let k = 1; k < ticks.length; k++) to.whole(ticks[k]! - ticks[k - 1]!);
    for (let k = 0; k < ticks.length; k++) to.whole(marks[k]!);
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
    const ticks = readTicksOf(from);
    const marks = Uint32Array.from(ticks, () => from.whole());
    planned.takeTicks(table, metric.labelled(labels), ticks, marks, ticks.length);
  }
}

/** Behind their number the first, then how far each is behind the one before. */
function readTicksOf(from: ByteReader): Int32Array {
  const length = from.whole();
  const ticks: number[] = [from.double()];
  while (ticks.length < length) ticks.push(ticks.at(-1)! + from.whole());
  return Int32Array.from(ticks);
}
