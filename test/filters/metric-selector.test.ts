import t from 'tap';
import { MetricSelector } from '../../lib/filters/metric-selector.ts';
import { metricEvent, workshop } from '../helpers/batches.ts';
import { selectedBy } from './selected-by.ts';

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
  return selectedBy(selector, batch(events));
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
  t.same(selectedBy(selector, rows), ['all', false]);
  t.end();
});

t.test('events of one metric with ever other keys are judged apart, and remembered', (t) => {
  const { wants, batch } = workshop();
  const selector = new MetricSelector({ type: 'metrics', place: '', metricFilter: '\\.p' }, wants);
  const names = Array.from({ length: 400 }, (_, k) => `k${k}`);
  const rows = batch(
    names.flatMap((name) => [
      metricEvent('m', { [name]: 1 }),
      metricEvent('m', { [name]: 1, p99: 2 }),
      metricEvent(`${name}.p`, { [name]: 1 }),
    ]),
  );
  const expected = names.flatMap(() => [false, 'p99', 'all']);
  t.same(selectedBy(selector, rows), expected);
  t.same(selectedBy(selector, rows), expected, 'what was judged holds');
  t.end();
});

t.test('subscriptions of one pipeline look at the same events, each with its own filters', (t) => {
  const { wants, batch } = workshop();
  const open = (metricFilter: string, sourceFilter = '') =>
    new MetricSelector({ type: 'metrics', place: '', metricFilter, sourceFilter }, wants);
  const selectors = [open('p50'), open('^link'), open('p99', 'client')];
  const [one, two] = [batch(events), batch(events.toReversed())];
  const candidates = { batch: one, rows: Uint32Array.of(1, 3) };
  t.same(
    selectors.map((selector) => selectedBy(selector, one, candidates)),
    [
      [false, 'p50', false, 'p50'],
      [false, false, false, 'all'],
      [false, 'p99', false, false],
    ],
  );
  t.same(selectedBy(selectors[0]!, two), ['p50', 'p50', 'p50', false], 'of another batch anew');
  t.end();
});
