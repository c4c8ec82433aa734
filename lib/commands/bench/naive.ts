import { Histogram, Meter } from './naive-samples.ts';

/**
 * What a competent user would write for the same figures: JSON.parse and a Map of series, each with the rates, buckets
 * and the sample of 128 values that ours have. No dead letters, no filters, no bounds on memory. Shipped so that
 * `mirrormon bench` compares with the same pipeline everywhere; the benches of the repository run it as a process.
 */

const sessionBuckets = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400];
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const clientLabels = ['client_hostname', 'client_name', 'client_user', 'client_id'];
const targetLabels = ['target_namespace', 'target_type', 'target_name'];
/** Of what metric-bearing records carry. */
const carriedLabels: Readonly<Record<string, readonly string[]>> = {
  mirrord_operator_ping_latency: ['client_hostname', 'client_name', 'client_user', 'user_id'],
  mirrord_stolen_connections_count: ['port', 'namespace', 'target', 'user_id'],
  mirrord_stolen_requests_count: ['port', 'namespace', 'target', 'user_id'],
};

export interface LogRecord {
  readonly timestamp?: string;
  readonly level?: string;
  readonly fields?: Readonly<Record<string, string | number | boolean | undefined>>;
}

export interface NaiveSeries {
  readonly name: string;
  readonly labels: readonly string[];
  readonly values: readonly string[];
  readonly count: number;
  /** Of a histogram: the sum of its values, and how many fell into each bucket alone (+Inf last). */
  readonly sum?: number;
  readonly buckets?: readonly number[];
}

const sessionMessages: ReadonlySet<unknown> = new Set(['Session Start', 'Session End']);

interface Kept {
  readonly name: string;
  readonly labels: readonly string[];
  readonly values: readonly string[];
  readonly meter: Meter;
  readonly histogram: Histogram | undefined;
}

/** The figures of the records that it was given. */
export class NaiveFigures {
  /** Log records seen; anything else is passed over. */
  records = 0;
  private readonly kept = new Map<string, Kept>();
  private readonly open = new Set<string>();
  private readonly gauges = new Map<string, { readonly value: number; readonly seconds: number }>();
  private readonly metrics: ReadonlySet<string> | undefined;

  /** @param metrics undefined = all of them; only those of sessions can be asked for alone */
  constructor(metrics?: readonly string[]) {
    this.metrics = metrics && new Set(metrics);
  }

  record({ timestamp, level, fields }: LogRecord): void {
    if (fields === undefined || timestamp === undefined) return;
    this.records++;
    const seconds = Date.parse(timestamp) / 1000;
    if (this.metrics === undefined)
      this.count('mirrormon_log_records_total', ['level'], [level ?? ''], seconds);
    const client = () => clientLabels.map((label) => String(fields[label] ?? ''));
    switch (this.metrics === undefined || sessionMessages.has(fields.message) ? fields.message : 'another') {
      case 'Session Start':
        if (this.metrics === undefined) this.open.add(String(fields.session_id));
        this.count('mirrord_sessions_create_total', clientLabels, client(), seconds);
        break;
      case 'Session End':
        if (this.metrics === undefined) this.open.delete(String(fields.session_id));
        this.ended(fields, client(), seconds);
        break;
      case 'Port Steal':
      case 'Port Mirror':
      case 'Port Release':
        this.count('mirrormon_port_events_total', ['action'], [String(fields.message)], seconds);
        break;
      case 'Copy Target':
        this.count('mirrormon_copy_targets_total', ['scale_down'], [String(fields.scale_down)], seconds);
        break;
      case undefined:
        this.carried(fields, seconds);
        break;
    }
  }

  *series(): Generator<NaiveSeries> {
    if (this.metrics === undefined)
      yield { name: 'mirrormon_sessions_active', labels: [], values: [], count: this.open.size };
    for (const [name, { value }] of this.gauges) yield { name, labels: [], values: [], count: value };
    for (const { name, labels, values, meter, histogram } of this.kept.values()) {
      const one = { name, labels, values, count: meter.count };
      yield histogram === undefined ? one : { ...one, sum: histogram.sum, buckets: histogram.counts };
    }
  }

  private ended(fields: NonNullable<LogRecord['fields']>, client: string[], seconds: number): void {
    const duration = Number(fields.session_duration);
    this.observe('mirrord_sessions_duration', clientLabels, client, duration, seconds, sessionBuckets);
    if (this.metrics !== undefined) return;
    const [type = '', name = ''] = String(fields.target ?? '').split('/');
    const copied = String(fields.target_name || name).startsWith('mirrord-copy-');
    const target = [
      String(fields.target_namespace ?? ''),
      String(fields.target_type || type),
      copied ? 'mirrord-copy-*' : String(fields.target_name || name),
    ];
    this.observe(
      'mirrormon_session_duration_seconds',
      targetLabels,
      target,
      duration,
      seconds,
      sessionBuckets,
    );
  }

  /** Measurements as fields of tracing's metrics layer: `monotonic_counter.NAME`, `histogram.NAME`, `gauge.NAME`. */
  private carried(fields: NonNullable<LogRecord['fields']>, seconds: number): void {
    for (const key in fields) {
      const dot = key.indexOf('.');
      if (dot < 0) continue;
      const name = key.slice(dot + 1);
      const value = Number(fields[key]);
      const labels = carriedLabels[name] ?? [];
      const values = labels.map((label) => String(fields[label] ?? ''));
      if (key.startsWith('monotonic_counter.')) this.count(name, labels, values, seconds, value);
      else if (key.startsWith('histogram.'))
        this.observe(name, labels, values, value, seconds, latencyBuckets);
      else if (key.startsWith('gauge.') && !(seconds < (this.gauges.get(name)?.seconds ?? 0)))
        this.gauges.set(name, { value, seconds });
    }
  }

  private count(
    name: string,
    labels: readonly string[],
    values: readonly string[],
    seconds: number,
    amount = 1,
  ): void {
    const key = `${name}\0${values.join('\0')}`;
    let found = this.kept.get(key);
    if (found === undefined) {
      found = { name, labels, values, meter: new Meter(seconds), histogram: undefined };
      this.kept.set(key, found);
    }
    found.meter.mark(amount, seconds);
  }

  private observe(
    name: string,
    labels: readonly string[],
    values: readonly string[],
    value: number,
    seconds: number,
    buckets: readonly number[],
  ): void {
    const key = `${name}\0${values.join('\0')}`;
    let histogram = this.kept.get(key)?.histogram;
    if (histogram === undefined) {
      histogram = new Histogram(seconds, buckets);
      this.kept.set(key, { name, labels, values, meter: histogram.meter, histogram });
    }
    histogram.update(value, seconds);
  }
}
