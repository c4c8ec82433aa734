/** Files that the subscriptions of W4 write. */
export const FILES = 4;

const metricFilters = [
  '^link\\.latency\\.(p95|p99|p999|p9999|max)$',
  '^link\\.queue_time\\.(mean|std_dev)$',
  'link\\..*dropped.*\\.count',
  '^link\\.tx\\.bytesrate\\.m(1|5|15)_rate$',
  '.*pool.*',
  '^ctrl\\.(rx|tx)\\..*rate\\.mean_rate$',
  'ctrl\\.latency\\.p(50|75)',
  '^xgress\\..*payload.*',
  'retransmissions',
  '(egress|ingress)\\..*\\.m1_rate$',
  '^fabric\\.(rx|tx)\\.msg(size|rate)\\.(count|max)$',
  'edge\\.connections',
  '^identity\\.refresh\\.',
  'api-session\\.create\\.p9+$',
  'service\\.policy\\..*(variance|max)$',
  '^bolt\\.',
  'raft\\.rate_limiter',
  'management/v1/.*GET\\.(count|p50)$',
  'command\\.background\\.queue_size',
  'worker_count|services\\.list\\.mean$',
];

/** Twenty subscriptions to metrics events: alternations and wildcards, most of them to some keys of a metric. */
export const subscriptions = metricFilters.map((metricFilter, k) => ({
  file: k % FILES,
  sourceFilter: k % 5 === 0 ? '^[A-Za-z0-9._-]+$' : '.*',
  metricFilter,
}));
