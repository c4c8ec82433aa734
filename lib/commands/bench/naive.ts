/**
 * What a competent user would write for the same figures: JSON.parse and a Map of series, each with the rates, buckets
 * and the sample of 128 values that ours have. No dead letters, no filters, no bounds on memory. Shipped so that
 * `mirrormon bench` compares with the same pipeline everywhere; the benches of the repository run it as a process.
 */

/** Values that a sample keeps. */
export const SAMPLE = 128;

const buckets = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400];
const clientLabels = ['client_hostname', 'client_name', 'client_user', 'client_id'];
const targetLabels = ['target_namespace', 'target_type', 'target_name'];

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

const alphas = [1, 5, 15].map((minutes) => 1 - Math.exp(-5 / (60 * minutes)));

class Meter {
  count = 0;
  private readonly rates = [0, 0, 0];
  private uncounted = 0;
  private ticked: number;

  constructor(seconds: number) {
    this.ticked = seconds;
  }

  mark(amount: number, seconds: number): void {
    const ticks = Math.floor((seconds - this.ticked) / 5);
    if (ticks > 0) {
      for (let k = 0; k < 3; k++) {
        const alpha = alphas[k] as number;
        const rate = this.rates[k] as number;
        this.rates[k] = (rate + alpha * (this.uncounted / 5 - rate)) * (1 - alpha) ** (ticks - 1);
      }
      this.uncounted = 0;
      this.ticked += ticks * 5;
    }
    this.uncounted += amount;
    this.count += amount;
  }
}

/** Buckets, sum, and a sample that favours new values. */
class Histogram {
  readonly meter: Meter;
  sum = 0;
  readonly counts = new Array<number>(buckets.length + 1).fill(0);
  private readonly sample: { priority: number; value: number }[] = [];

  constructor(seconds: number) {
    this.meter = new Meter(seconds);
  }

  update(value: number, seconds: number): void {
    this.meter.mark(1, seconds);
    this.sum += value;
    const bucket = buckets.findIndex((bound) => value <= bound);
    const place = bucket < 0 ? buckets.length : bucket;
    this.counts[place] = (this.counts[place] as number) + 1;
    const entry = { priority: 0.015 * seconds - Math.log(Math.random()), value };
    if (this.sample.length < SAMPLE) {
      this.sample.push(entry);
      return;
    }
    let lowest = 0;
    for (let k = 1; k < SAMPLE; k++) {
      if ((this.sample[k]?.priority as number) < (this.sample[lowest]?.priority as number)) lowest = k;
    }
    this.sample[lowest] = entry;
  }
}

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

  record({ timestamp, level, fields }: LogRecord): void {
    if (fields === undefined || timestamp === undefined) return;
    this.records++;
    const seconds = Date.parse(timestamp) / 1000;
    this.count('mirrormon_log_records_total', ['level'], [level ?? ''], seconds);
    const client = () => clientLabels.map((label) => String(fields[label] ?? ''));
    switch (fields.message) {
      case 'Session Start':
        this.open.add(String(fields.session_id));
        this.count('mirrord_sessions_create_total', clientLabels, client(), seconds);
        break;
      case 'Session End':
        this.open.delete(String(fields.session_id));
        this.ended(fields, client(), seconds);
        break;
      case 'Port Steal':
      case 'Port Mirror':
      case 'Port Release':
        this.count('mirrormon_port_events_total', ['action'], [fields.message], seconds);
        break;
      case 'Copy Target':
        this.count('mirrormon_copy_targets_total', ['scale_down'], [String(fields.scale_down)], seconds);
        break;
    }
  }

  *series(): Generator<NaiveSeries> {
    yield { name: 'mirrormon_sessions_active', labels: [], values: [], count: this.open.size };
    for (const { name, labels, values, meter, histogram } of this.kept.values()) {
      const one = { name, labels, values, count: meter.count };
      yield histogram === undefined ? one : { ...one, sum: histogram.sum, buckets: histogram.counts };
    }
  }

  private ended(fields: NonNullable<LogRecord['fields']>, client: string[], seconds: number): void {
    const duration = Number(fields.session_duration);
    const [type = '', name = ''] = String(fields.target ?? '').split('/');
    const copied = String(fields.target_name || name).startsWith('mirrord-copy-');
    const target = [
      String(fields.target_namespace ?? ''),
      String(fields.target_type || type),
      copied ? 'mirrord-copy-*' : String(fields.target_name || name),
    ];
    this.observe('mirrord_sessions_duration', clientLabels, client, duration, seconds);
    this.observe('mirrormon_session_duration_seconds', targetLabels, target, duration, seconds);
  }

  private count(name: string, labels: string[], values: string[], seconds: number): void {
    const key = `${name}\0${values.join('\0')}`;
    let found = this.kept.get(key);
    if (found === undefined) {
      found = { name, labels, values, meter: new Meter(seconds), histogram: undefined };
      this.kept.set(key, found);
    }
    found.meter.mark(1, seconds);
  }

  private observe(name: string, labels: string[], values: string[], value: number, seconds: number): void {
    const key = `${name}\0${values.join('\0')}`;
    let histogram = this.kept.get(key)?.histogram;
    if (histogram === undefined) {
      histogram = new Histogram(seconds);
      this.kept.set(key, { name, labels, values, meter: histogram.meter, histogram });
    }
    histogram.update(value, seconds);
  }
}
