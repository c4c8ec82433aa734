import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import split2 from 'split2';
import { type LogRecord, NaiveFigures } from '../lib/commands/bench/naive.ts';
import { type Figures, seriesKey } from './series.ts';

/**
 * The naive pipeline as a process: a log (`-`: standard input; `*.gz`: compressed) by split2 and JSON.parse into a Map of
 * series, and the figures on standard output. Names of metrics behind the log: those alone.
 */

const [, , log = '-', ...metrics] = process.argv;
const figures = new NaiveFigures(metrics.length === 0 ? undefined : metrics);
const source = log === '-' ? process.stdin : createReadStream(log);
const records = split2(JSON.parse).on('data', (record: LogRecord) => figures.record(record));
if (log.endsWith('.gz')) await pipeline(source, createGunzip(), records);
else await pipeline(source, records);

const series: Figures['series'] = {};
for (const { name, labels, values, count, sum, buckets } of figures.series()) {
  // the record's client_id is what the metric calls user_id
  const named = labels.map((label, k) => [label === 'client_id' ? 'user_id' : label, values[k] as string]);
  series[seriesKey(name, Object.fromEntries(named))] = { count, sum, buckets };
}
process.stdout.write(JSON.stringify({ series } satisfies Figures));
