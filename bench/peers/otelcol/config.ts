import { bounds, fields } from '../tool.ts';

/** Ports of the loopback. */
export interface Ports {
  /** Of what it measured. */
  readonly metrics: number;
  /** Of what it says of itself. */
  readonly telemetry: number;
}

const address = (port: number) => `127.0.0.1:${port}`;
/** Longer than any run: by default, a series that rests for five minutes is forgotten. */
const KEPT = '24h';

function metric(name: string, message: string, kind: object): object {
  return {
    name,
    description: message,
    conditions: [`log.attributes["message"] == "${message}"`],
    attributes: fields.map((key) => ({ key })),
    ...kind,
  };
}

/** W1 for the collector: a log from its beginning, to be scraped. It reads JSON as the YAML that it is. */
export function collectorConfig(log: string, ports: Ports): object {
  const filelog = {
    include: [log],
    start_at: 'beginning',
    // a file is first looked at after one interval, which by default is a fifth of a second
    poll_interval: '20ms',
    include_file_name: false,
    operators: [
      { type: 'json_parser' },
      // the connector takes labels from attributes alone; a record without fields is nothing to complain of
      { type: 'flatten', field: 'attributes.fields', on_error: 'send_quiet' },
    ],
  };
  const signal_to_metrics = {
    logs: [
      metric('mirrord_sessions_create_total', 'Session Start', { sum: { value: '1', monotonic: true } }),
      metric('mirrord_sessions_duration', 'Session End', {
        histogram: { buckets: bounds, value: 'log.attributes["session_duration"]' },
      }),
    ],
  };
  const reader = { pull: { exporter: { prometheus: { host: '127.0.0.1', port: ports.telemetry } } } };
  return {
    receivers: { filelog },
    connectors: { signal_to_metrics },
    // the connector counts each batch alone; the exporter would add up counters, but drop histogram points that it calls misaligned
    processors: { deltatocumulative: { max_stale: KEPT } },
    exporters: {
      prometheus: { endpoint: address(ports.metrics), metric_expiration: KEPT, without_scope_info: true },
    },
    service: {
      telemetry: { logs: { level: 'warn' }, metrics: { level: 'basic', readers: [reader] } },
      pipelines: {
        logs: { receivers: ['filelog'], exporters: ['signal_to_metrics'] },
        metrics: {
          receivers: ['signal_to_metrics'],
          processors: ['deltatocumulative'],
          exporters: ['prometheus'],
        },
      },
    },
  };
}
