import { parseDuration } from '../text/duration.ts';
import { type Metric, metricOf } from './metrics.ts';

/** Labels that Prometheus itself gives every series. */
const scrapeLabels = ['job', 'instance'];

/** Series that Prometheus has of every target, and that every endpoint of ours has; no catalogue lists them. */
export const targetSeries: readonly string[] = ['up', 'mirrormon_process_uptime_seconds'];

/** Targets that were scraped when the window began, or that have started in it. */
function isNew(window: string): string {
  return `(up offset ${window} == 1 or mirrormon_process_uptime_seconds < ${secondsOf(window)})`;
}

/** A duration of PromQL in seconds; of a variable of Grafana's, the one that it has for that. */
function secondsOf(window: string): string {
  if (window.startsWith('$')) return `${window}_s`;
  const milliseconds = parseDuration(window.replace(/^(\d+)d$/, (_, days) => `${24 * Number(days)}h`));
  if (milliseconds === undefined) throw new RangeError(`${window} is no duration`);
  return String(milliseconds / 1000);
}

/** The matchers of a metric's series, such as `job=~"$job"`. */
export type Matchers = (metric: Metric) => readonly string[];

/**
 * Writes PromQL over metrics that exist: a series or label that the catalogue does not have is a RangeError.
 */
export class Promql {
  private readonly matchers: Matchers;
  /** Labels that every aggregation keeps. */
  private readonly always: readonly string[];

  constructor(matchers: Matchers, always: readonly string[] = []) {
    this.matchers = matchers;
    this.always = always;
  }

  /** A selector: `name{job=~"…"}`. */
  series(name: string, ...more: readonly string[]): string {
    const matchers = [...this.matchers(metricOf(name)), ...more];
    return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
  }

  /** ` by (…)` of labels that the series have. */
  private by(name: string, labels: readonly string[]): string {
    const known = [...metricOf(name).labels.map((label) => label.name), ...scrapeLabels];
    if (name.endsWith('_bucket')) known.push('le');
    const unknown = labels.find((label) => !known.includes(label));
    if (unknown !== undefined) throw new RangeError(`${name} has no label ${unknown}`);
    const all = [...new Set([...this.always, ...labels])];
    return all.length === 0 ? '' : ` by (${all.join(', ')})`;
  }

  /** Sum of a gauge. */
  sum(name: string, labels: readonly string[] = []): string {
    return `sum${this.by(name, labels)} (${this.series(name)})`;
  }

  /** Sum of a gauge, a while ago. */
  sumBefore(name: string, labels: readonly string[], ago: string): string {
    return `sum${this.by(name, labels)} (${this.series(name)} offset ${ago})`;
  }

  /** Per-second rate. */
  rate(name: string, labels: readonly string[], window: string): string {
    return `sum${this.by(name, labels)} (rate(${this.series(name)}[${window}]))`;
  }

  /**
   * How much was counted in a window, a series' first value included. `increase` alone counts from the first value that
   * was scraped, so someone with a single session would have had none. But a series that was not there at the window's
   * begin is new only if its target was scraped then, or has started since: behind a gap in the scrapes it is an old one,
   * and its first value all that was counted in its life.
   */
  grown(name: string, labels: readonly string[], window: string): string {
    const series = this.series(name);
    const first = `(min_over_time(${series}[${window}]) unless ${series} offset ${window}) and on (job, instance) ${isNew(window)}`;
    return `sum${this.by(name, labels)} (increase(${series}[${window}]) or label_replace(${first}, "part", "first", "", ""))`;
  }

  /** Quantile of a histogram's observations in a window. */
  quantile(q: number, metric: string, labels: readonly string[], window: string): string {
    const buckets = this.grown(`${metric}_bucket`, ['le', ...labels], window);
    return `histogram_quantile(${q}, ${buckets})`;
  }

  /** As `quantile`, over a window that slides: what a graph draws. */
  slidingQuantile(q: number, metric: string, labels: readonly string[], window: string): string {
    return `histogram_quantile(${q}, ${this.rate(`${metric}_bucket`, ['le', ...labels], window)})`;
  }
}
