import fc from 'fast-check';
import t from 'tap';
import type { MetricEvent } from '../../lib/events/metric-event.ts';
import { allAreRead } from '../../lib/metrics/demand.ts';
import { Observers } from '../../lib/metrics/observers.ts';
import { RecordHashes } from '../../lib/metrics/record-hashes.ts';
import { Registry } from '../../lib/metrics/registry.ts';
import { reportEvents } from '../../lib/metrics/report.ts';
import { logRecord, metricsConfig, workshop } from '../helpers/batches.ts';
import { EPOCH, type LogRecord, operatorRecords } from '../helpers/operator-records.ts';

const END = EPOCH + 7_200_000;
const rateKeys = new Set(['mean_rate', 'm1_rate', 'm5_rate', 'm15_rate']);

/** Measures records, cut into batches, and gives the events of a report. */
function report(batches: readonly (readonly LogRecord[])[]): MetricEvent[] {
  const shop = workshop();
  const observers = new Observers(shop.systems.map(({ open }) => open));
  const registry = new Registry({
    ...shop,
    isRead: allAreRead,
    config: metricsConfig({ reservoir: { size: 8, timerSize: 12, alpha: 0.015, admission: 'newest' } }),
    seed: 1,
    onRefused: (metric, reason) => {
      throw new Error(`${metric}: ${reason}`);
    },
  });
  const hashes = new RecordHashes();
  for (const records of batches.filter(({ length }) => length > 0)) {
    const batch = shop.batch(records);
    hashes.begin(batch.rows);
    const { rows, time } = batch;
    const touched = new Uint8Array(rows);
    // the newest record has been seen, wherever it stands
    const clock = new Float64Array(rows).fill(END);
    const span = { batch, from: 0, to: rows, times: time, clock, touched, hashes };
    registry.measure(span);
    observers.observe(span);
  }
  return [...reportEvents(registry, { since: END, time: END }, { sourceId: 'me', report: 'all' })];
}

const withoutRates = ({ metrics, ...event }: MetricEvent): string =>
  JSON.stringify([event, Object.entries(metrics).filter(([key]) => !rateKeys.has(key))]);

function isNear(a: MetricEvent, b: MetricEvent): boolean {
  return [...rateKeys].every((key) => {
    const [x, y] = [a.metrics[key] ?? 0, b.metrics[key] ?? 0];
    return Math.abs(x - y) <= 1e-12 * Math.abs(y);
  });
}

t.test('figures and their order are a function of the set of records: any order, any batches', async (t) => {
  const holds = fc.property(
    fc.array(operatorRecords, { maxLength: 250, size: 'max' }),
    fc.infiniteStream(fc.nat()),
    (list, random) => {
      const next = (of: number): number => (random.next().value as number) % of;
      const whole = report([list]);
      const shuffled = list
        .map((record) => ({ record, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ record }) => record);
      const batches: LogRecord[][] = [];
      while (shuffled.length > 0) batches.push(shuffled.splice(0, 1 + next(60)));
      const other = report(batches);
      return (
        JSON.stringify(other.map(withoutRates)) === JSON.stringify(whole.map(withoutRates)) &&
        other.every((event, k) => isNear(event, whole[k]!))
      );
    },
  );
  t.doesNotThrow(() => fc.assert(holds, { seed: 13, numRuns: 100 }));
});

t.test('events stand by type, metric and the bytes of their labels', async (t) => {
  const named = (client_user: string): LogRecord => logRecord('Session Start', { client_user });
  const events = report([
    ['\u{1f600}', '\uff5e', 'b', 'a', ''].map(named),
    [logRecord('x', { 'gauge.z': 1, 'histogram.a': 2 }), logRecord('y', { 'gauge.b': 1 })],
  ]);
  t.same(
    events.map(({ metric_type, metric, tags }) => [
      metric_type,
      metric,
      tags?.client_user ?? tags?.level ?? '',
    ]),
    [
      ['floatValue', 'b', ''],
      ['floatValue', 'z', ''],
      ['meter', 'mirrord_sessions_create_total', ''],
      ['meter', 'mirrord_sessions_create_total', 'a'],
      ['meter', 'mirrord_sessions_create_total', 'b'],
      ['meter', 'mirrord_sessions_create_total', '\uff5e'],
      ['meter', 'mirrord_sessions_create_total', '\u{1f600}'],
      ['meter', 'mirrormon_log_records_total', 'INFO'],
      ['histogram', 'a', ''],
    ],
  );
});
