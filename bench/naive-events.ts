import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import split2 from 'split2';
import { subscriptions } from './subscriptions.ts';

/** W4 as one would write it by hand: every expression on every key of every metrics event, each subscription's events to its file. */

interface MetricsEvent {
  readonly namespace: string;
  readonly metric_type: string;
  readonly source_id: string;
  readonly metric: string;
  readonly metrics: Readonly<Record<string, number>>;
}

const [, , log = '', ...outputs] = process.argv;
const files = outputs.map((path) => createWriteStream(path));
const filters = subscriptions.map(({ file, sourceFilter, metricFilter }) => ({
  file: files[file]!,
  source: new RegExp(sourceFilter),
  metric: new RegExp(metricFilter),
}));

/** The event with the keys that are selected, or undefined if none is. */
function select(event: MetricsEvent, metric: RegExp): MetricsEvent | undefined {
  if (event.metric_type === 'intValue' || event.metric_type === 'floatValue') {
    return metric.test(`${event.metric}.`) ? event : undefined;
  }
  const selected = Object.entries(event.metrics).filter(([key]) => metric.test(`${event.metric}.${key}`));
  return selected.length === 0 ? undefined : { ...event, metrics: Object.fromEntries(selected) };
}

await pipeline(createReadStream(log), split2(JSON.parse), async (events: AsyncIterable<MetricsEvent>) => {
  for await (const event of events) {
    if (event.namespace !== 'metrics') continue;
    for (const { file, source, metric } of filters) {
      if (!source.test(event.source_id)) continue;
      const selected = select(event, metric);
      if (selected === undefined) continue;
      if (!file.write(`${JSON.stringify(selected)}\n`)) await once(file, 'drain');
    }
  }
});
await Promise.all(files.map((file) => finished(file.end())));
