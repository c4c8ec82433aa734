import type { KafkaAccount } from '../kafka/partition-account.ts';
import type { RoleAccount } from '../kafka/role-account.ts';
import type { Ledger } from '../ledger.ts';
import type { MetricType } from '../systems/definition.ts';
import type { MetricFamily, SeriesFigures } from './family.ts';

export interface HealthSources {
  readonly ledger: Ledger;
  /** How many wait in a queue now. */
  readonly held: () => ReadonlyMap<string, number>;
  /** Milliseconds between the wall clock and the event clock; undefined before the first time. */
  readonly lag: () => number | undefined;
}

type Row = readonly [labels: readonly string[], value: number];

function family(
  name: string,
  type: MetricType,
  help: string,
  labels: readonly string[],
  rows: Iterable<Row>,
): MetricFamily {
  const series: SeriesFigures[] = [];
  for (const [values, value] of rows) series.push({ labels: values, value });
  return { name, type, help, labels, series };
}

/** mirrormon's own health, from the ledger: for the endpoint only, never part of a report. */
export function* healthFamilies({ ledger, held, lag }: HealthSources): Generator<MetricFamily> {
  const total = (name: string, help: string, value: number): MetricFamily =>
    family(name, 'counter', help, [], [[[], value]]);
  yield total('mirrormon_records_read_total', 'Records read, rejected ones included.', ledger.read.records);
  yield total('mirrormon_read_bytes_total', 'Bytes of input, decompressed.', ledger.read.bytes);
  yield family(
    'mirrormon_dead_letters_total',
    'counter',
    'Records that could not be read.',
    ['reason'],
    Array.from(ledger.rejected, ([reason, count]): Row => [[reason], count]),
  );
  yield family(
    'mirrormon_dropped_total',
    'counter',
    'Records and events not delivered.',
    ['handler', 'reason'],
    drops(ledger),
  );
  yield family(
    'mirrormon_handler_failures_total',
    'counter',
    'Failed writes, those that were tried again included.',
    ['handler'],
    Array.from(ledger.failures, ([handler, count]): Row => [[handler], count]),
  );
  yield family(
    'mirrormon_handler_bytes_total',
    'counter',
    'Bytes delivered.',
    ['handler'],
    Array.from(ledger.handlers, ([handler, { bytes }]): Row => [[handler], bytes]),
  );
  yield family(
    'mirrormon_queue_depth',
    'gauge',
    'Batches waiting now: between parse and tee (messages), or for a handler.',
    ['queue'],
    Array.from(held(), ([queue, count]): Row => [[queue], count]),
  );
  yield family(
    'mirrormon_source_scrapes_total',
    'counter',
    'Scrapes of other endpoints (--scrape).',
    ['source_id', 'result'],
    Array.from(ledger.scrapes).flatMap(([source, { succeeded, failed }]): Row[] => [
      [[source, 'succeeded'], succeeded],
      [[source, 'failed'], failed],
    ]),
  );
  yield* kafkaFamilies(ledger);
  yield total(
    'mirrormon_rejected_measurements_total',
    'Values that no series can take.',
    ledger.refused.total,
  );
  yield family(
    'mirrormon_bounded_total',
    'counter',
    'What was beyond a bound: measurements that joined overflow series, shortened labels, metrics with further labels than they may have series.',
    ['what'],
    Object.entries(ledger.bounded).map(([what, count]): Row => [[what], count]),
  );
  yield total(
    'mirrormon_future_records_total',
    'Records more than an hour ahead of the wall clock.',
    ledger.futureRecords,
  );
  yield total(
    'mirrormon_sessions_given_up_total',
    'Sessions that were open for longer than metrics.sessionMaxAge, so their end is no longer expected.',
    ledger.sessionsGivenUp,
  );
  const behind = lag();
  if (behind !== undefined) {
    yield family(
      'mirrormon_event_time_lag_seconds',
      'gauge',
      'Wall clock less the newest record.',
      [],
      [[[], behind / 1000]],
    );
  }
}

function* kafkaFamilies(ledger: Ledger): Generator<MetricFamily> {
  yield family(
    'mirrormon_kafka_lag',
    'gauge',
    'Records of a partition that are there and were not read yet.',
    ['topic', 'partition'],
    partitions(ledger, ({ lag }) => lag),
  );
  yield family(
    'mirrormon_kafka_lost_records_total',
    'counter',
    'Records that the retention of a topic had removed before they were read.',
    ['topic', 'partition'],
    partitions(ledger, ({ lost }) => lost),
  );
  const ofRoles = (name: string, help: string, of: (account: RoleAccount) => number): MetricFamily =>
    family(
      name,
      'counter',
      help,
      ['role'],
      Array.from(ledger.roles, ([role, account]): Row => [[role], of(account)]),
    );
  yield ofRoles(
    'mirrormon_kafka_commits_total',
    'Transactions of a run that several processes share (kafka.role).',
    ({ commits }) => commits,
  );
  yield ofRoles(
    'mirrormon_kafka_commit_seconds_total',
    'Time that these transactions took.',
    ({ commitSeconds }) => commitSeconds,
  );
  yield ofRoles(
    'mirrormon_kafka_rebalances_total',
    'How often the group of a role was divided anew.',
    ({ rebalances }) => rebalances,
  );
  yield ofRoles(
    'mirrormon_kafka_restored_bytes_total',
    'State that was read before it was gone on with, behind every rebalance.',
    ({ restoredBytes }) => restoredBytes,
  );
}

/** A row of every partition of Kafka's that is read. */
function* partitions({ kafka }: Ledger, of: (account: KafkaAccount) => number): Generator<Row> {
  for (const [name, account] of kafka) {
    const end = name.lastIndexOf('/');
    yield [[name.slice(0, end), name.slice(end + 1)], of(account)];
  }
}

function* drops(ledger: Ledger): Generator<Row> {
  for (const [handler, reasons] of ledger.dropped) {
    for (const [reason, count] of reasons) yield [[handler, reason], count];
  }
}
