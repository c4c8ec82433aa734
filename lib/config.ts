import type { MetricDefinition } from './systems/definition.ts';

/** Where a setting was written: `ctrl.yml:12:7`, `--report-interval`, `OPERATOR_METRICS_ADDR`. */
export type Place = string;

export type HandlerType = 'file' | 'stdout' | 'prometheus' | 'otlp' | 'kafka' | 'report';
export type Format = 'json' | 'table' | 'logs' | 'summary';
export type OnError = 'wait' | 'spool' | 'fail' | 'drop';

export interface SubscriptionConfig {
  /** `metrics`, `logs`, an event type of OpenZiti, or `spans`: sessions, for `operator.otelTraceExportUrl`. */
  readonly type: string;
  readonly sourceFilter?: string | undefined;
  readonly metricFilter?: string | undefined;
  readonly level?: string | undefined;
  readonly messageFilter?: string | undefined;
  /** Field name to expression. */
  readonly fieldFilter?: Readonly<Record<string, string>> | undefined;
  /** Of usage events; undefined = 2, OpenZiti's default. */
  readonly version?: 2 | 3 | undefined;
  /** Of OpenZiti event types that have several kinds: which; of usage events: which keys. undefined = all. */
  readonly include?: readonly string[] | undefined;
  /** Of entityChange: also the events of what an entity extends. */
  readonly includeParentEvents?: boolean | undefined;
  readonly place: Place;
}

export interface HandlerConfig {
  readonly name: string;
  readonly type: HandlerType;
  readonly format: Format;
  /** Layout of events; undefined = made ones in 2, others unchanged. */
  readonly version?: 2 | 3 | undefined;
  /** Log records as fluentd's parser filter and Elasticsearch output would have left them; with the format logs. */
  readonly fluentd?: boolean | undefined;
  /** file */
  readonly path?: string | undefined;
  readonly maxsizemb: number;
  readonly maxbackups: number;
  /** prometheus: socket address, `host:port`, `[::]:port` or `:port`; the second is tried if the first cannot be bound. */
  readonly address?: string | undefined;
  readonly fallbackAddress?: string | undefined;
  /** prometheus: a web configuration file of Prometheus' exporter-toolkit. */
  readonly webConfig?: string | undefined;
  /** otlp: the full URL, such as http://collector:4318/v1/logs or …/v1/traces */
  readonly url?: string | undefined;
  /** The URL as it may be shown: without credentials, and without what the environment put in. */
  readonly shownUrl?: string | undefined;
  /** kafka: what is written to; the broker is KafkaConfig's. */
  readonly topic?: string | undefined;
  /** kafka: `none`, `series` or the path of a field. */
  readonly key?: string | undefined;
  /** kafka */
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | undefined;
  /** Batches that wait for this handler. */
  readonly bufferSize: number;
  /** undefined = spool while the run is live, else wait: the default of what writes to a network. */
  readonly onError: OnError | undefined;
  /** Milliseconds, for onError: fail. */
  readonly retryFor: number;
  /** Of handlers that write to a network: where what they cannot deliver is kept. */
  readonly spool?: SpoolConfig | undefined;
  readonly subscriptions: readonly SubscriptionConfig[];
  readonly place: Place;
}

export interface SpoolConfig {
  /** A folder; undefined = in memory. */
  readonly path?: string | undefined;
  readonly maxsizemb: number;
}

export interface ReservoirConfig {
  readonly size: number;
  readonly timerSize: number;
  readonly alpha: number;
  readonly admission: 'newest' | 'priority';
}

export interface MetricsConfig {
  /** Milliseconds; undefined = not set: live runs report every minute, archives once, at the end. */
  readonly reportInterval: number | undefined;
  readonly messageQueueSize: number;
  readonly sourceId: string;
  readonly report: 'all' | 'changed' | 'interval';
  readonly reservoir: ReservoirConfig;
  /** Metric name to ascending upper bounds. */
  readonly buckets: Readonly<Record<string, readonly number[]>>;
  readonly maxSeries: number;
  /** Of the metrics that records name themselves, by name and set of attributes. */
  readonly maxMetrics: number;
  /** Milliseconds, 0 = never. */
  readonly expireAfter: number;
  /** Milliseconds after which a session's end is no longer expected; 0 = never. */
  readonly sessionMaxAge: number;
  /** Open sessions that are remembered. */
  readonly maxSessions: number;
  readonly rules: readonly MetricDefinition[];
}

export interface InputConfig {
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
}

export interface OperatorConfig {
  readonly metrics: boolean;
  readonly metricsAddr: string;
  readonly metricsFallbackAddr?: string | undefined;
  readonly metricsWebConfig?: string | undefined;
  readonly jsonLog?: boolean | undefined;
  readonly logLevel: string;
  readonly otelLogLevel: string;
  readonly otelLogExportUrl?: string | undefined;
  readonly otelTraceExportUrl?: string | undefined;
}

export interface KafkaConfig {
  /** `host:port` of some of the cluster. */
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  /** Instead of topics: what their whole names match, by RE2. */
  readonly pattern: string | undefined;
  /** undefined = all. */
  readonly partitions: readonly number[] | undefined;
  /** `earliest`, `latest`, or a time; see text/moment.ts. */
  readonly start: string;
  readonly end: 'never' | 'latest';
  readonly isolation: 'read_committed' | 'read_uncommitted';
  /** undefined = one process reads, measures and reports. */
  readonly role: 'map' | 'reduce' | 'both' | undefined;
  /** What topics and consumer groups of a shared run begin with. */
  readonly group: string;
  /** Partitions of its topics, where they are made. */
  readonly shares: number;
  /** Milliseconds. */
  readonly commitEvery: number;
  /** MiB. */
  readonly commitmb: number;
  /** Milliseconds; 0 = never. */
  readonly idleAfter: number;
  readonly tls: {
    /** undefined = where a file is named. */
    readonly enabled: boolean | undefined;
    /** Files in PEM. */
    readonly ca: string | undefined;
    readonly cert: string | undefined;
    readonly key: string | undefined;
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  };
  readonly sasl: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER' | undefined;
    readonly username: string | undefined;
    /** Files. */
    readonly passwordFile: string | undefined;
    readonly tokenFile: string | undefined;
  };
}

/** The effective configuration: every default filled in, the operator's shorthands turned into handlers. */
export interface Config {
  readonly metrics: MetricsConfig;
  readonly input: InputConfig;
  readonly operator: OperatorConfig;
  readonly kafka: KafkaConfig;
  readonly handlers: readonly HandlerConfig[];
  readonly seed: number;
}
