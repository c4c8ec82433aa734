import { compareStrings } from '../text/compare.ts';
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

/** Points of one metric of one source, one behind the other: a number takes eight bytes, and few points hardly more. */
class Points {
  private readonly names: Pick<MetricHistory, 'source' | 'metric' | 'labels' | 'type'>;
  /** Milliseconds since the epoch. */
  private times: number[] = [];
  private readonly keys: string[] = [];
  /** Of each time as many as there are keys; NaN where it had none. */
  private values: number[] = [];
  private isInOrder = true;

  constructor(names: Pick<MetricHistory, 'source' | 'metric' | 'labels' | 'type'>) {
    this.names = names;
  }

  /** Those that there are, times included. */
  get numbers(): number {
    return this.times.length * (1 + this.keys.length);
  }

  set(time: number, metrics: Readonly<Record<string, unknown>>): void {
    const place = this.placeOf(time);
    let expected = 0;
    for (const key in metrics) {
      const value = metrics[key];
      if (typeof value !== 'number' || undrawn.has(key)) continue;
      // all points of a metric have the same keys in one order, nearly always
      const column = this.keys[expected] === key ? expected : this.columnOf(key);
      expected = column + 1;
      this.values[place * this.keys.length + column] = isFaded(key, value) ? 0 : figureOf(value);
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
    const { names, times, keys, values } = this;
    const numbersOf = (column: number): (number | null)[] =>
      times.map((_, place) => {
        const value = values[place * keys.length + column]!;
        return Number.isNaN(value) ? null : value;
      });
    // which records name: `__proto__` is a key like any other
    const all = Object.fromEntries(keys.map((key, column) => [key, numbersOf(column)]));
    return { ...names, times: times.map(Math.round), keys: all };
  }

  /**
   * Where the newest one is, which subscriptions may tell by parts, or one is put behind it: a time that comes late is put
   * in its place once somebody asks.
   */
  private placeOf(time: number): number {
    const { times, values, keys } = this;
    const last = times.length - 1;
    if (times[last] === time) return last;
    if (times[last]! > time) this.isInOrder = false;
    for (let column = 0; column < keys.length; column++) values.push(Number.NaN);
    return times.push(time) - 1;
  }

  /** The place of a key among the others, a new one if it has none: behind them, in each point. */
  private columnOf(key: string): number {
    const { keys, values } = this;
    const known = keys.indexOf(key);
    if (known >= 0) return known;
    const width = keys.push(key);
    if (this.times.length === 1) values.push(Number.NaN);
    else {
      const at = (place: number): number[] => values.slice(place * (width - 1), (place + 1) * (width - 1));
      this.values = this.times.flatMap((_, place) => [...at(place), Number.NaN]);
    }
    return width - 1;
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
    const { times, values, keys } = this;
    const kept: number[] = [];
    for (const place of places) {
      for (let column = 0; column < keys.length; column++) kept.push(values[place * keys.length + column]!);
    }
    this.times = places.map((place) => times[place]!);
    this.values = kept;
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
    points.set(time, metrics as Record<string, unknown>);
    this.numbers += points.numbers;
    if (this.numbers > MOST_NUMBERS) this.thin();
  }

  /** By source and metric. */
  all(): MetricHistory[] {
    return Array.from(this.series.values(), (points) => points.history()).sort(
      (a, b) =>
        compareStrings(a.source, b.source) ||
        compareStrings(a.metric, b.metric) ||
        compareStrings(a.labels, b.labels),
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
