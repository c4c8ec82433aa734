import type { Batch } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { CLOSE_BRACE } from '../../text/json.ts';
import { formatTimestamp } from '../../text/time.ts';
import { recordToText } from '../../tracing/text/record-to-text.ts';
import type { HandlerContext } from '../handler.ts';

/** How log records are written: as they came, as JSON, in tracing's text layout, or as fluentd would have left them. */
export type Layout = 'came' | 'json' | 'text' | 'fluentd';

/** Only where log records are the format does their layout matter; elsewhere they are JSON like all else. */
export function layoutOf(
  { format, fluentd }: Partial<Pick<HandlerConfig, 'format' | 'fluentd'>>,
  { config }: Partial<Pick<HandlerContext, 'config'>>,
): Layout {
  if (format !== 'logs') return 'json';
  if (fluentd === true) return 'fluentd';
  const jsonLog = config?.operator.jsonLog;
  if (jsonLog === undefined) return 'came';
  return jsonLog ? 'json' : 'text';
}

/**
 * The text of a log record in another layout than that of `batch.bytes`; undefined where that is the one. Records of a
 * text layout that are written as they came, or in a text layout, stay what they were.
 */
export function laidOut(batch: Batch, row: number, layout: Layout): Buffer | undefined {
  if (layout === 'json') return undefined;
  const text = layout === 'fluentd' ? undefined : batch.texts?.[row];
  if (text !== undefined) return Buffer.from(text.buffer, text.byteOffset, text.length);
  if (layout === 'came') return undefined;
  const start = batch.offset[row]!;
  const record = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset + start, batch.length[row]!);
  return layout === 'text' ? Buffer.from(recordToText(record)) : withTimestamp(record, batch.time[row]!);
}

/**
 * The record with `@timestamp`, which fluentd's Elasticsearch output adds for `logstash_format`: nanoseconds, and the
 * zone as an offset. A record that has the key keeps it; one without a time gets none.
 */
function withTimestamp(record: Buffer, time: number): Buffer | undefined {
  if (Number.isNaN(time) || Object.hasOwn(JSON.parse(record.toString()), '@timestamp')) return undefined;
  const [date, fraction = 'Z'] = formatTimestamp(time).split('.') as [string, string?];
  const digits = fraction.slice(0, -1).padEnd(9, '0');
  const end = record.lastIndexOf(CLOSE_BRACE);
  const comma = /^\s*\{\s*$/.test(record.toString('latin1', 0, end)) ? '' : ',';
  const stamp = `${comma}"@timestamp":"${date.replace(/Z$/, '')}.${digits}+00:00"}`;
  return Buffer.concat([record.subarray(0, end), Buffer.from(stamp)]);
}
