import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import split2 from 'split2';
import { type Figures, SAMPLE, seriesKey } from './series.ts';

/**
 * The pipeline that a competent user would write for the same figures: lines by split2, JSON.parse, and a Map of series.
 * No dead letters, no filters, no event time beyond the rates, no memory bounds.
 */

const buckets = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400];
const clientLabels = ['client_hostname', 'client_name', 'client_user', 'client_id'];

interface LogRecord {
  readonly timestamp: string;
  readonly level: string;
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
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

/** Buckets, sum, and a sample of 128 values that favours new ones. */
class Histogram {
  readonly meter: Meter;
  sum = 0;
  private readonly counts = new Array<number>(buckets.length + 1).fill(0);
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

class Figured {
  private readonly meters = new Map<
    string,
    { meter: Meter; name: string; labels: string[]; values: string[] }
  >();
  private readonly histograms = new Map<string, Histogram>();
  private readonly open = new Set<string>();

  record(record: LogRecord): void {
    const { fields } = record;
    const seconds = Date.parse(record.timestamp) / 1000;
    this.count('mirrormon_log_records_total', ['level'], [record.level], seconds);
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

  private ended(fields: LogRecord['fields'], client: string[], seconds: number): void {
    const duration = Number(fields.session_duration);
    const [type = '', name = ''] = String(fields.target ?? '').split('/');
    const copied = String(fields.target_name || name).startsWith('mirrord-copy-');
    const target = [
      String(fields.target_namespace ?? ''),
      String(fields.target_type || type),
      copied ? 'mirrord-copy-*' : String(fields.target_name || name),
    ];
    this.observe('mirrord_sessions_duration', clientLabels, client, duration, seconds);
    const labels = ['target_namespace', 'target_type', 'target_name'];
    this.observe('mirrormon_session_duration_seconds', labels, target, duration, seconds);
  }

  private count(name: string, labels: string[], values: string[], seconds: number): void {
    const key = `${name}\0${values.join('\0')}`;
    let found = this.meters.get(key);
    if (found === undefined) {
      found = { meter: new Meter(seconds), name, labels, values };
      this.meters.set(key, found);
    }
    found.meter.mark(1, seconds);
  }

  private observe(name: string, labels: string[], values: string[], value: number, seconds: number): void {
    const key = `${name}\0${values.join('\0')}`;
    let histogram = this.histograms.get(key);
    if (histogram === undefined) {
      histogram = new Histogram(seconds);
      this.histograms.set(key, histogram);
      this.meters.set(key, { meter: histogram.meter, name, labels, values });
    }
    histogram.update(value, seconds);
  }

  figures(): Figures {
    const series: Figures['series'] = { 'mirrormon_sessions_active{}': { count: this.open.size } };
    for (const [key, { meter, name, labels, values }] of this.meters) {
      const named = labels.map((label, k) => [
        label === 'client_id' ? 'user_id' : label,
        values[k] as string,
      ]);
      const histogram = this.histograms.get(key);
      const sum = histogram !== undefined && meter.count <= SAMPLE ? histogram.sum : undefined;
      series[seriesKey(name, Object.fromEntries(named))] = { count: meter.count, sum };
    }
    return { series };
  }
}

const figured = new Figured();
const records = split2(JSON.parse).on('data', (record: LogRecord) => figured.record(record));
await pipeline(createReadStream(process.argv[2] as string), records);
process.stdout.write(JSON.stringify(figured.figures()));
