import type { Batch, Flow } from '../../batch/batch.ts';
import type { MetricEvent } from '../../events/metric-event.ts';
import { locate } from '../../text/json.ts';

/** What gives a record its key; undefined where it has none. */
export type KeyOf = ((flow: Flow, row: number) => Buffer | undefined) | undefined;

/** @param key none, series, or the path of a field */
export function keyFor(key: string): KeyOf {
  if (key === 'none') return undefined;
  if (key === 'series') return ({ batch }, row) => seriesKey(batch.object(row));
  const path = key.split('.');
  return ({ batch }, row) => fieldKey(batch, row, path);
}

/** Source, metric and tags of an event, the same for every report of a series; nothing else has one. */
function seriesKey(object: Readonly<Record<string, unknown>>): Buffer | undefined {
  const { metric, source_id: source, tags = {} } = object as unknown as Partial<MetricEvent>;
  if (typeof metric !== 'string') return undefined;
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify([source ?? '', metric, ...sorted.flat()]));
}

/** The text in a field; of a number its digits as they stand in the record. */
function fieldKey(batch: Batch, row: number, path: readonly string[]): Buffer | undefined {
  let value: unknown = batch.object(row);
  for (const member of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, member)) return undefined;
    value = (value as Record<string, unknown>)[member];
  }
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value === 'number') {
    const start = batch.offset[row]!;
    // what was made here has no bytes
    const digits = locate(batch.bytes, start, start + batch.length[row]!, path);
    return Buffer.from(digits === undefined ? String(value) : batch.bytes.subarray(digits.start, digits.end));
  }
  return typeof value === 'boolean' ? Buffer.from(String(value)) : undefined;
}
