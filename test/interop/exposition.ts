import type { MetricFamily } from '../../lib/metrics/family.ts';
import type { MetricDefinition } from '../../lib/systems/definition.ts';

/** Figures for every metric of a catalogue: one series each, with values that are easy to tell apart. */
export function sampleFigures(catalogue: readonly MetricDefinition[]): MetricFamily[] {
  return catalogue.map((definition, n) => {
    const { name, type, help, buckets = [] } = definition;
    const labels = definition.labels.map((label) => label.name);
    const values = labels.map((label) => `${label} of "${n}"\\\n`);
    const histogram = {
      count: buckets.length + 1,
      sum: 10 * n,
      bucketCounts: new Array(buckets.length + 1).fill(1),
    };
    const series = [{ labels: values, value: n + 1, ...(type === 'histogram' ? histogram : {}) }];
    return { name, type, help, labels, buckets, series };
  });
}

/** Events of an OpenZiti controller and a router: one of each metric type. */
export const sampleEvents: readonly string[] = [
  { metric_type: 'intValue', metric: 'pool.listener.ctrl.worker_count', metrics: { value: 1 } },
  { metric_type: 'floatValue', metric: 'load', metrics: { value: 0.5 } },
  {
    metric_type: 'meter',
    metric: 'fabric.tx.msgrate',
    metrics: { count: 12, m1_rate: 1.5, m5_rate: 0.5, m15_rate: 0.25, mean_rate: 1 },
  },
  {
    metric_type: 'histogram',
    metric: 'ctrl.rx.msgsize',
    source_entity_id: 'YSK7K7YhY',
    metrics: {
      count: 9,
      min: 2,
      max: 187,
      mean: 65.5,
      std_dev: 61.5,
      variance: 3772,
      p50: 53,
      p95: 187,
      p99: 187,
    },
  },
  {
    metric_type: 'timer',
    metric: 'link.latency',
    source_entity_id: '390iV6DtK1US6a6EZNwEuA',
    tags: { sourceRouterId: 'YSK7K7YhY', targetRouterId: 'jWoQK7nhY' },
    metrics: { count: 10, min: 1, max: 9, mean: 5, m1_rate: 0.1, p50: 4, p75: 6, p99: 9 },
  },
].map((event) =>
  JSON.stringify({
    namespace: 'metrics',
    timestamp: '2026-11-22T01:44:33Z',
    source_id: 'ctrl1',
    version: 3,
    ...event,
  }),
);
