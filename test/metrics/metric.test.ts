import t from 'tap';
import { Tuples } from '../../lib/batch/symbols.ts';
import { roomFor } from '../../lib/metrics/measurements.ts';
import { Metric } from '../../lib/metrics/metric.ts';
import { RecordHashes } from '../../lib/metrics/record-hashes.ts';
import type { MetricDefinition } from '../../lib/systems/definition.ts';
import { logRecord, metricsConfig, workshop } from '../helpers/batches.ts';

const counter: MetricDefinition = {
  name: 'sessions_total',
  type: 'counter',
  help: 'Sessions.',
  labels: [
    { name: 'user', field: 'client_user' },
    { name: 'host', field: 'client_hostname' },
  ],
};
const durations: MetricDefinition = {
  name: 'session_duration',
  type: 'histogram',
  unit: 'seconds',
  help: 'Durations.',
  labels: [],
  buckets: [1, 10],
};
const open = (definition: MetricDefinition, overrides = {}) =>
  new Metric(definition, { config: metricsConfig(overrides), seed: 1 });

const { batch } = workshop();

/** One measurement, at seconds of event time; false if it was refused. */
function record({ series }: Metric, index: number, value: number, at: number): boolean {
  const one = roomFor(1);
  one.count = 1;
  one.series[0] = index;
  one.values[0] = value;
  one.times[0] = at * 1000;
  const hashes = new RecordHashes();
  hashes.begin(1);
  const times = new Float64Array(1);
  const touched = new Uint8Array(1);
  const span = { batch: batch([logRecord(`${at}`)]), from: 0, to: 1, times, clock: times, touched, hashes };
  return series.recordAll(one, span) === 0;
}

t.test('a series is found by tuple or by labels, in any table', (t) => {
  const metric = open(counter);
  const tables = [new Tuples(), new Tuples()];
  const ids = tables.map((table) => table.intern('x', () => ['ann', 'mac']));
  const series = metric.at(tables[0]!, ids[0]!);
  t.equal(metric.at(tables[1]!, ids[1]!), series);
  t.equal(metric.labelled(['ann', 'mac']), series);
  t.not(metric.labelled(['annmac', '']), series, 'labels do not run into each other');
  t.equal(metric.series.length, 2);
  t.end();
});

t.test('a counter in the exposition and in a report', (t) => {
  const metric = open(counter);
  const series = metric.labelled(['ann', 'mac']);
  for (const [value, at] of [
    [1, 0],
    [2, 3],
    [3, 10],
  ] as const) {
    record(metric, series, value, at);
  }
  t.same([...metric.family(10_000).series], [{ labels: ['ann', 'mac'], value: 6 }]);
  const { count, mean_rate, mean, max, m1_rate } = metric.series.metrics(series, 12_000);
  t.match({ count, mean_rate, mean, max }, { count: 6, mean_rate: 0.5, mean: 2, max: 3 });
  // the first tick, 5 s after the start, had seen 3 in 5 s; one more idle tick came at 10 s, before the mark of 10 s
  t.ok(Math.abs(m1_rate! - 0.6 * Math.exp(-5 / 60)) < 1e-12, `${m1_rate}`);
  t.end();
});

t.test('a histogram: a value on a bound is in its bucket', (t) => {
  const metric = open(durations);
  const series = metric.labelled([]);
  for (const value of [0.5, 1, 1.5, 10, 11]) record(metric, series, value, 1);
  const [figures] = [...metric.family(1_000).series];
  t.match(figures, { count: 5, sum: 24 });
  t.same([...(figures!.bucketCounts as Float64Array)], [2, 2, 1]);
  t.match(metric.series.metrics(series, 1000), { count: 5, min: 0.5, max: 11, p50: 1.5, m1_rate: 0 });
  t.end();
});

t.test('buckets can be configured', (t) => {
  t.same(open(durations, { buckets: { session_duration: [5] } }).family(0).buckets, [5]);
  t.end();
});

t.test('above maxSeries, what comes joins one series that keeps the total', (t) => {
  const metric = open(counter, { maxSeries: 2 });
  for (const user of ['a', 'b', 'c', 'd', 'a']) {
    record(metric, metric.labelled([user, '']), 1, 0);
  }
  const figures = [...metric.family(0).series].map(({ labels, value }) => [labels[0], value]);
  t.same(figures, [
    ['a', 2],
    ['b', 1],
    ['overflow', 2],
  ]);
  t.end();
});

t.test('expireAfter: an idle series leaves the exposition and comes back with its total', (t) => {
  const metric = open(counter, { expireAfter: 60_000 });
  const series = metric.labelled(['ann', '']);
  record(metric, series, 5, 100);
  t.equal([...metric.family(160_000).series].length, 1);
  t.equal([...metric.family(161_000).series].length, 0);
  record(metric, series, 1, 500);
  t.match([...metric.family(500_000).series], [{ value: 6 }]);
  t.end();
});
