import { printable } from '../text/printable.ts';
import type { MetricHistory } from './snapshot.ts';

/** Series whose history is kept, and numbers of all of them together: beyond it every second point goes. */
const MOST_SERIES = 5_000;
const MOST_NUMBERS = 500_000;

/** A metric event as far as its history is concerned. */
interface Event {
  readonly source_id?: unknown;
  readonly source_entity_id?: unknown;
  readonly metric?: unknown;
  readonly metric_type?: unknown;
  readonly metrics?: unknown;
  readonly tags?: unknown;
}

/** Points of one metric of one source, in columns: a number takes eight bytes. */
class Points {
  readonly source: string;
  readonly metric: string;
  readonly labels: string;
  readonly type: string;
  /** Milliseconds since the epoch. */
  private times: number[] = [];
  /** By key a number for each time; NaN where it had none. */
  private readonly columns = new Map<string, number[]>();
  private isInOrder = true;

  constructor(names: Pick<MetricHistory, 'source' | 'metric' | 'labels' | 'type'>) {
    this.source = names.source;
    this.metric = names.metric;
    this.labels = names.labels;
    this.type = names.type;
  }

  /** Those that there are, times included. */
  get numbers(): number {
    return this.times.length * (1 + this.columns.size);
  }

  set(time: number, metrics: object): void {
    const place = this.placeOf(time);
    for (const [key, value] of Object.entries(metrics)) {
      if (typeof value !== 'number' || undrawn.has(key)) continue;
      let column = this.columns.get(key);
      if (column === undefined) {
        column = this.times.map(() => Number.NaN);
        this.columns.set(key, column);
      }
      column[place] = isFaded(key, value) ? 0 : figureOf(value);
    }
  }

  /** Half of them go; the newest stays. */
  thin(): void {
    this.putInOrder();
    const { length } = this.times;
    this.keep(Array.from({ length: Math.ceil(length / 2) }, (_, k) => ((length - 1) % 2) + 2 * k));
  }

  history(): MetricHistory {
    this.putInOrder();
    const { source, metric, labels, type, times, columns } = this;
    const keys = Object.fromEntries(
      Array.from(columns, ([key, column]) => [key, column.map((x) => (Number.isNaN(x) ? null : x))]),
    );
    return { source, metric, labels, type, times: times.map(Math.round), keys };
  }

  /**
   * Where the newest one is, which subscriptions may tell by parts, or one is put behind it: a time that comes late is put
   * in its place once somebody asks.
   */
  private placeOf(time: number): number {
    const { times } = this;
    const last = times.length - 1;
    if (times[last] === time) return last;
    if (times[last]! > time) this.isInOrder = false;
    for (const column of this.columns.values()) column.push(Number.NaN);
    return times.push(time) - 1;
  }

  /** Of a time that came twice the last one stays. */
  private putInOrder(): void {
    if (this.isInOrder) return;
    const { times } = this;
    const places = Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
    this.keep(places.filter((place, k) => times[place] !== times[places[k + 1]!]));
    this.isInOrder = true;
  }

  private keep(places: readonly number[]): void {
    this.times = places.map((place) => this.times[place]!);
    for (const [key, column] of this.columns) {
      this.columns.set(
        key,
        places.map((place) => column[place]!),
      );
    }
  }
}

/** How the metrics of every source went: the points of events, of which fewer stay the more there are. */
export class Histories {
  /** Events of series that came too late to be kept. */
  leftOut = 0;
  private readonly series = new Map<string, Points>();
  private numbers = 0;

  /** @param time milliseconds since the epoch; events without one have no place in a history */
  add(event: Event, time: number): void {
    const { source_id: source, metric, metric_type: type, metrics } = event;
    if (typeof metric !== 'string' || typeof metrics !== 'object' || metrics === null) return;
    if (Number.isNaN(time)) return;
    const labels = labelsOf(event);
    const key = [String(source), metric, labels].join('\0');
    let points = this.series.get(key);
    if (points === undefined) {
      if (this.series.size >= MOST_SERIES) {
        this.leftOut++;
        return;
      }
      points = new Points({
        source: printable(String(source ?? '')),
        metric: printable(metric),
        labels: printable(labels),
        type: typeof type === 'string' ? printable(type) : '',
      });
      this.series.set(key, points);
    }
    this.numbers -= points.numbers;
    points.set(time, metrics);
    this.numbers += points.numbers;
    if (this.numbers > MOST_NUMBERS) this.thin();
  }

  /** By source and metric. */
  all(): MetricHistory[] {
    return Array.from(this.series.values(), (points) => points.history()).sort(
      (a, b) => order(a.source, b.source) || order(a.metric, b.metric) || order(a.labels, b.labels),
    );
  }

  /** Half of the points of each series go; the newest stays. */
  private thin(): void {
    this.numbers = 0;
    for (const points of this.series.values()) {
      points.thin();
      this.numbers += points.numbers;
    }
  }
}

/** The entity that a metric is of, and its tags that are not empty. */
function labelsOf({ source_entity_id: entity, tags }: Event): string {
  const pairs = typeof tags === 'object' && tags !== null ? Object.entries(tags) : [];
  const texts = pairs.filter(([, value]) => value !== '').map(([name, value]) => `${name}=${String(value)}`);
  if (typeof entity === 'string') texts.unshift(entity);
  return texts.join(', ');
}

/** Keys that the page does not draw: half of a report would be digits that nobody sees. */
const undrawn = new Set(['variance', 'std_dev']);

/** A rate that fades never quite reaches zero: below one event in a dozen days its digits say nothing. Per second. */
const FADED = 1e-6;

function isFaded(key: string, value: number): boolean {
  return Math.abs(value) < FADED && /^m\d+_rate$/.test(key);
}

/** Whole numbers, and of others a digit more than the page shows. */
function figureOf(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(7));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
