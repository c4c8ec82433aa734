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

interface Points {
  readonly source: string;
  readonly metric: string;
  readonly labels: string;
  readonly type: string;
  /** By time, in milliseconds: keys and their numbers. */
  readonly byTime: Map<number, Readonly<Record<string, number>>>;
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
      points = {
        source: printable(String(source ?? '')),
        metric: printable(metric),
        labels: printable(labels),
        type: typeof type === 'string' ? printable(type) : '',
        byTime: new Map(),
      };
      this.series.set(key, points);
    }
    const values = numbersOf(metrics);
    if (!points.byTime.has(time)) this.numbers += 1 + Object.keys(values).length;
    points.byTime.set(time, values);
    if (this.numbers > MOST_NUMBERS) this.thin();
  }

  /** By source and metric. */
  all(): MetricHistory[] {
    return [...this.series.values()]
      .map(({ byTime, ...names }) => {
        const times = [...byTime.keys()].sort((a, b) => a - b);
        const numbers = [...new Set(times.flatMap((time) => Object.keys(byTime.get(time)!)))];
        const keys = Object.fromEntries(
          numbers.map((name) => [name, times.map((time) => byTime.get(time)![name] ?? null)]),
        );
        return { ...names, times: times.map(Math.round), keys };
      })
      .sort((a, b) => order(a.source, b.source) || order(a.metric, b.metric) || order(a.labels, b.labels));
  }

  /** Half of the points of each series go; the newest stays. */
  private thin(): void {
    this.numbers = 0;
    for (const { byTime } of this.series.values()) {
      const times = [...byTime.keys()].sort((a, b) => b - a);
      times.forEach((time, k) => {
        if (k % 2 === 1) byTime.delete(time);
        else this.numbers += 1 + Object.keys(byTime.get(time)!).length;
      });
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

function numbersOf(metrics: object): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(metrics)) {
    if (typeof value === 'number' && !undrawn.has(key))
      numbers[key] = isFaded(key, value) ? 0 : figureOf(value);
  }
  return numbers;
}

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
