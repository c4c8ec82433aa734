import t from 'tap';
import { MetricSelector } from '../../lib/filters/metric-selector.ts';
import { metricEvent, workshop } from '../helpers/batches.ts';

const histogram = { count: 3, min: 1, max: 9, mean: 4, p50: 4, p99: 9 };
const events = [
  metricEvent('pool.listener.ctrl.worker_count', { value: 1 }),
  metricEvent('ctrl.latency', histogram, { source_entity_id: 'r1' }),
  metricEvent('link.latency', histogram, { source_id: 'YSK7K7YhY' }),
  metricEvent('link.latency', { ...histogram, p75: 5 }, { source_id: 'YSK7K7YhY' }),
];

/** For each event: false, `all`, or the keys. */
function select(filters: { sourceFilter?: string; metricFilter?: string }) {
  const { wants, batch } = workshop();
  const selector = new MetricSelector({ type: 'metrics', place: '', ...filters }, wants);
  const rows = batch(events);
  selector.bind(rows);
  return events.map((_, row) => selector.selects(row) && (selector.keys?.join(' ') ?? 'all'));
}

t.test('no filters select everything', (t) => {
  t.same(select({}), ['all', 'all', 'all', 'all']);
  t.same(select({ sourceFilter: '', metricFilter: '.*' }), ['all', 'all', 'all', 'all']);
  t.end();
});

t.test('the source filter is an unanchored expression on the source id', (t) => {
  t.same(select({ sourceFilter: 'ctrl' }), ['all', 'all', false, false]);
  t.same(select({ sourceFilter: '^client' }), [false, false, false, false]);
  t.end();
});

t.test('the metric filter is matched key by key, and on a gauge without its key', (t) => {
  t.same(select({ metricFilter: '\\.p99$' }), [false, 'p99', 'p99', 'p99']);
  t.same(select({ metricFilter: 'latency\\.p' }), [false, 'p50 p99', 'p50 p99', 'p50 p99 p75']);
  t.same(select({ metricFilter: 'worker_count\\.$' }), ['all', false, false, false]);
  t.same(select({ metricFilter: 'worker_count$' }), [false, false, false, false]);
  t.same(select({ metricFilter: 'pool' }), ['all', false, false, false]);
  t.same(select({ metricFilter: '^link' }), [false, false, 'all', 'all']);
  t.end();
});

t.test('a gauge and a histogram of one name and key are judged apart', (t) => {
  const { wants, batch } = workshop();
  const selector = new MetricSelector({ type: 'metrics', place: '', metricFilter: '^m\\.$' }, wants);
  const rows = batch([
    metricEvent('m', { value: 1 }),
    metricEvent('m', { value: 1 }, { metric_type: 'histogram' }),
  ]);
  selector.bind(rows);
  t.same([selector.selects(0), selector.selects(1)], [true, false]);
  t.end();
});
