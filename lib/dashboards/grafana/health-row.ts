import { legendOf, promql, rates, STEP } from './build.ts';
import type { Panel, Row } from './grafana-panel.ts';

const gauge = (title: string, name: string, labels: readonly string[], more: Partial<Panel> = {}): Panel => ({
  title,
  kind: 'lines',
  width: 8,
  queries: [{ expr: promql.sum(name, labels), legend: legendOf(labels) }],
  ...more,
});

const perInstance = ['instance'];

/** mirrormon's own: whether the figures above can be trusted. */
export const healthRow: Row = {
  title: 'mirrormon',
  panels: [
    rates('Records read', 'mirrormon_records_read_total', perInstance, { width: 8 }),
    rates('Bytes read', 'mirrormon_read_bytes_total', perInstance, { width: 8, unit: 'Bps' }),
    gauge('Newest record behind the clock', 'mirrormon_event_time_lag_seconds', perInstance, {
      unit: 's',
      description: 'Grows also while the Operator has nothing to log; in archives it is their age.',
    }),
    rates('Dead letters by reason', 'mirrormon_dead_letters_total', ['reason'], { width: 8 }),
    rates('Dropped, by handler and reason', 'mirrormon_dropped_total', ['handler', 'reason'], { width: 8 }),
    rates('Handler failures', 'mirrormon_handler_failures_total', ['handler'], { width: 8 }),
    rates('Bytes delivered', 'mirrormon_handler_bytes_total', ['handler'], { width: 8, unit: 'Bps' }),
    gauge('Batches waiting', 'mirrormon_queue_depth', ['queue']),
    {
      title: 'Values that count with reserve',
      kind: 'lines',
      width: 8,
      unit: 'ops',
      description: 'Measurements that no series can take, and records more than an hour ahead of the clock.',
      queries: [
        {
          expr: promql.rate('mirrormon_rejected_measurements_total', [], STEP),
          legend: 'rejected measurements',
        },
        { expr: promql.rate('mirrormon_future_records_total', [], STEP), legend: 'records of the future' },
      ],
    },
    gauge('Resident memory', 'mirrormon_process_resident_memory_bytes', perInstance, { unit: 'bytes' }),
    rates('CPU', 'mirrormon_process_cpu_seconds_total', perInstance, { width: 8, unit: 'percentunit' }),
    gauge('Uptime', 'mirrormon_process_uptime_seconds', perInstance, { unit: 's' }),
    {
      title: 'Scrape duration, 95th percentile',
      kind: 'lines',
      width: 12,
      unit: 's',
      queries: [
        {
          expr: promql.slidingQuantile(0.95, 'mirrormon_scrape_duration_seconds', perInstance, STEP),
          legend: '{{instance}}',
        },
      ],
    },
    rates('Scrapes refused', 'mirrormon_scrapes_refused_total', perInstance),
    gauge('Kafka: records that were not read yet', 'mirrormon_kafka_lag', ['topic', 'partition'], {
      width: 12,
      description: 'By partition. One that only grows is read by nobody, or more slowly than it is written.',
    }),
    rates('Kafka: records lost to retention', 'mirrormon_kafka_lost_records_total', ['topic', 'partition'], {
      width: 12,
    }),
    rates('Kafka: commits of a shared run', 'mirrormon_kafka_commits_total', ['role'], { width: 6 }),
    {
      title: 'Kafka: time of a commit',
      kind: 'lines',
      width: 6,
      unit: 's',
      queries: [
        {
          expr: `${promql.rate('mirrormon_kafka_commit_seconds_total', ['role'], STEP)} / ${promql.rate('mirrormon_kafka_commits_total', ['role'], STEP)}`,
          legend: '{{role}}',
        },
      ],
    },
    rates('Kafka: rebalances', 'mirrormon_kafka_rebalances_total', ['role'], {
      width: 6,
      description: 'With each, who has other shares than before reads their state.',
    }),
    rates('Kafka: restored state', 'mirrormon_kafka_restored_bytes_total', ['role'], {
      width: 6,
      unit: 'Bps',
    }),
  ],
};
