import { buckets } from './bucket-bounds.ts';
import { kafkaGroup } from './kafka-section.ts';
import { rules } from './rules.ts';
import { address, duration, integer, numberAbove, oneOf, SHORTEST_MS, text, truth } from './scalars.ts';
import { group, setting } from './setting.ts';
import { levels, url } from './special.ts';

/*
 * Every setting, once: reading, checking, printing and the README's table all come from here.
 */

const metrics = group(
  {
    reportInterval: setting(duration({ least: SHORTEST_MS }), {
      default: undefined,
      defaultText: '1m; in archives one report, at the end',
      description:
        'How often series are reported, in event time. Also read from network.metricsReportInterval, as OpenZiti controllers have it.',
      example: '20s',
      option: 'reportInterval',
      alias: 'network.metricsReportInterval',
    }),
    messageQueueSize: setting(integer(0, 1_000_000), {
      default: 10,
      description: 'Batches that may wait between parse and tee; when it is full, reading pauses.',
    }),
    sourceId: setting(text, {
      default: 'mirrord-operator',
      description: 'source_id of the events that mirrormon itself makes.',
      option: 'sourceId',
    }),
    report: setting(oneOf('all', 'changed', 'interval'), {
      default: 'all',
      description:
        'Which series a report repeats: all; those that changed since the last one; or those and their figures since the last one alone (interval), with interval_start and interval_end in every event.',
    }),
    reservoir: group({
      size: setting(integer(1, 1_000_000), { default: 128, description: 'Values that a histogram keeps.' }),
      timerSize: setting(integer(1, 1_000_000), { default: 1028, description: 'Values that a timer keeps.' }),
      alpha: setting(numberAbove(0, 100), {
        default: 0.015,
        description: 'How fast old values lose weight, per second.',
      }),
      admission: setting(oneOf('newest', 'priority'), {
        default: 'newest',
        description: 'newest: a new value always enters, as in OpenZiti. priority: unbiased forward decay.',
      }),
    }),
    buckets: setting(buckets, {
      default: {},
      defaultText: 'as in the catalogue',
      description: 'Upper bounds of histogram buckets, by metric.',
      example: '{ mirrord_sessions_duration: [60, 600, 3600] }',
    }),
    maxSeries: setting(integer(1), {
      default: 100_000,
      description: 'Series per metric; more than these join one overflow series that keeps the totals.',
    }),
    maxMetrics: setting(integer(1), {
      default: 1000,
      description:
        'Names, each with a set of attributes, that records give to metrics of their own; more than these join overflow series that keep the totals.',
    }),
    expireAfter: setting(duration({ least: 0 }), {
      default: 0,
      description: 'Idle series leave the exposition after this time; 0s = never.',
    }),
    sessionMaxAge: setting(duration({ least: 0 }), {
      default: 86_400_000,
      defaultText: '24h',
      description:
        'A session that is open for longer is given up: it counts as active no more. Its trace waits for its end seven times as long, then says so; 0s = never.',
      example: '72h',
    }),
    maxSessions: setting(integer(1), {
      default: 1_000_000,
      description:
        'Open sessions that are remembered, and ends whose start has not come; above it the oldest are given up.',
    }),
    rules: setting(rules, {
      default: [],
      description:
        'Further metrics measured from records, each with name, type, help, when, value, labels, buckets, unit.',
      example:
        '[{ name: http_errors_total, type: counter, help: Failed requests., when: { message: ^Failed } }]',
    }),
  },
  { foreign: ['intervalAgeThreshold', 'eventQueueSize', 'enableDataDelayMetric'] },
);

const input = group({
  maxRecordBytes: setting(integer(1, 0x3fff_ffff), {
    default: 1_048_576,
    description: 'A longer record becomes a dead letter, too-long.',
  }),
  maxDepth: setting(integer(1, 100_000), {
    default: 1000,
    description: 'A record nested more deeply becomes a dead letter, too-deep.',
  }),
});

/** The chart of the Operator has a hundred keys of its own here. */
const operator = group(
  {
    metrics: setting(truth, {
      default: false,
      description: 'Serve everything measured to Prometheus, at metricsAddr.',
      env: ['OPERATOR_METRICS_ENABLED'],
    }),
    metricsAddr: setting(address, {
      default: '0.0.0.0:9000',
      description: 'Where to serve it. The option also switches it on.',
      example: '"[::]:9000"',
      env: ['OPERATOR_METRICS_ADDR'],
      option: 'metricsAddr',
    }),
    metricsFallbackAddr: setting(address, {
      default: undefined,
      description: 'Where to serve it if metricsAddr cannot be had.',
      example: '0.0.0.0:9000',
      env: ['OPERATOR_METRICS_FALLBACK_ADDR'],
    }),
    metricsWebConfig: setting(text, {
      default: undefined,
      defaultText: 'plain HTTP for everyone',
      description:
        "A web configuration file of Prometheus' exporter-toolkit for it: TLS, users, client certificates, headers.",
      example: '/etc/mirrormon/web.yml',
      option: 'metricsWebConfig',
    }),
    jsonLog: setting(truth, {
      default: undefined,
      defaultText: 'as they came',
      description: 'Layout of log records that are written: JSON, or the text layout of tracing.',
      example: 'true',
      env: ['OPERATOR_JSON_LOG'],
    }),
    logLevel: setting(levels, {
      default: 'info',
      description: 'Which log records are written, in the grammar of RUST_LOG; never what is measured.',
      example: 'mirrord=debug,warn',
      env: ['RUST_LOG'],
    }),
    otelLogLevel: setting(levels, {
      default: 'info',
      description: 'Which log records are exported.',
      example: 'mirrord=info',
      env: ['OTEL_RUST_LOG', 'OTLP_RUST_LOG'],
    }),
    otelLogExportUrl: setting(url, {
      default: undefined,
      defaultText: 'no export',
      description:
        'Where log records are exported to, OTLP over HTTP. $(NAME) is replaced from the environment.',
      example: 'http://collector:4318/v1/logs',
      env: ['OTLP_LOGS_URL'],
      option: 'otelLogUrl',
    }),
    otelTraceExportUrl: setting(url, {
      default: undefined,
      defaultText: 'no export',
      description:
        'Where sessions are exported to as traces, a span each, OTLP over HTTP. $(NAME) is replaced from the environment.',
      example: 'http://collector:4318/v1/traces',
      env: ['OTLP_TRACES_URL'],
      option: 'otelTraceUrl',
    }),
  },
  { shared: true },
);

export const seedSetting = setting(integer(0), {
  default: 1,
  description: "Seed of the reservoirs' randomness: runs with the same seed agree.",
  option: 'seed',
});

/** The file's sections that stand alone; `events` is a map of entries, each as event-schema.ts says. */
export const sections = { metrics, input, operator, kafka: kafkaGroup };
