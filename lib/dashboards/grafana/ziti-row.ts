import type { Panel, Row } from './grafana-panel.ts';

/**
 * Examples over an OpenZiti controller's events. What a controller measures is its own affair and not in the catalogue:
 * these names are of controllers and routers 1.x and 2.x, and a test holds them to real events.
 */
const own = 'job=~"$job",instance=~"$instance"';

const panel = (title: string, expr: string, legend: string, unit: string): Panel => ({
  title,
  kind: 'lines',
  width: 8,
  unit,
  description:
    'Needs an entry under events: with a metrics subscription and a prometheus handler. OpenZiti gives times in nanoseconds.',
  queries: [{ expr, legend }],
});

const link = '{{sourceRouterId}} to {{targetRouterId}}';

export const zitiRow: Row = {
  title: 'OpenZiti (examples)',
  collapsed: true,
  panels: [
    panel('Link latency, 95th percentile', `ziti_link_latency{${own},quantile="0.95"}`, link, 'ns'),
    panel(
      'Bytes sent over links',
      `sum by (source_id) (rate(ziti_link_tx_bytesrate_total{${own}}[$__rate_interval]))`,
      '{{source_id}}',
      'Bps',
    ),
    panel(
      'Messages dropped by links',
      `sum by (source_id) (rate(ziti_link_dropped_msgs_total{${own}}[$__rate_interval]))`,
      '{{source_id}}',
      'ops',
    ),
    panel(
      'Control messages received',
      `sum by (source_id) (rate(ziti_ctrl_rx_msgrate_total{${own}}[$__rate_interval]))`,
      '{{source_id}}',
      'ops',
    ),
    panel(
      'Bytes from clients (ingress)',
      `sum by (source_id) (rate(ziti_ingress_rx_bytesrate_total{${own}}[$__rate_interval]))`,
      '{{source_id}}',
      'Bps',
    ),
    panel('Control queue', `ziti_pool_listener_ctrl_queue_size{${own}}`, '{{source_id}}', 'short'),
  ],
};
