/**
 * Metrics that OpenZiti's controller and routers are known to report, a word for each part that varies alone. A filter
 * that fits none of them may still fit one of another release, so this serves advice, nothing else.
 */
export const zitiMetrics: readonly string[] = [
  ...'rx tx'
    .split(' ')
    .flatMap((way) =>
      'ctrl egress fabric ingress link'
        .split(' ')
        .flatMap((part) => 'bytesrate msgrate msgsize'.split(' ').map((what) => `${part}.${way}.${what}`)),
    ),
  ...'listener.ctrl listener.link listener.xgress_edge link.dialer rate_limiter rdm.handler route.handler router.messaging terminator_validation'
    .split(' ')
    .flatMap((pool) =>
      'worker_count queue_size busy_workers work_timer'.split(' ').map((what) => `pool.${pool}.${what}`),
    ),
  ...(
    'api-session.create api.session.enforcer.run auth.limiter.queued_count auth.limiter.window_size auth.limiter.work_timer ' +
    'bolt.open_read_txs command.background.queue_size command.background.work_timer ctrl.latency ctrl.queue_time ' +
    'ctrl_limiter.work_timer edge.connect.failures edge.connect.successes edge.connections edge.disconnects ' +
    'edge.invalid_api_tokens faults.circuit faults.link identity.refresh identity.update-sdk-info link.dropped_msgs ' +
    'link.dropped_fwd_msgs link.dropped_rtx_msgs link.dropped_xg_msgs link.latency link.queue_time ' +
    'raft.rate_limiter.queue_size raft.rate_limiter.utilisation raft.rate_limiter.window_size raft.rate_limiter.work_timer ' +
    'revocation.enforcer.run service.policy.enforcer.run service.policy.enforcer.run.deletes services.list session.create ' +
    'xgress.ack_duplicates xgress.ack_failures xgress.blocked_by_local_window xgress.blocked_by_remote_window ' +
    'xgress.blocked_time xgress.dropped_payloads xgress.edge.dropped_msgs xgress.payload_duplicates ' +
    'xgress.retransmission_failures xgress.retransmissions xgress.rx.acks xgress.tx.acks xgress.tx_unacked_payload_bytes ' +
    'xgress.tx_unacked_payloads xgress.tx_write_time /edge/client/v1/version.GET /edge/management/v1/services.GET ' +
    '/fabric/v1/links.GET'
  ).split(' '),
];

/** The keys that a metrics event can have. */
export const eventKeys: readonly string[] =
  'value count min max mean std_dev variance p50 p75 p95 p99 p999 p9999 mean_rate m1_rate m5_rate m15_rate'.split(
    ' ',
  );
