import type { Random } from './draws.ts';

/** Seconds between two reports of a source. */
export const REPORT_SECONDS = 60;

export type SeriesType = 'intValue' | 'floatValue' | 'meter' | 'histogram' | 'timer';

const percentiles = [
  ['p50', 0],
  ['p75', 0.674],
  ['p95', 1.645],
  ['p99', 2.326],
  ['p999', 3.09],
  ['p9999', 3.719],
] as const;

/** One metric of one source over time: figures that grow, spread and calm down as a controller's do. */
export class Series {
  readonly type: SeriesType;
  readonly metric: string;
  private readonly scale: number;
  private readonly random: Random;
  private reports = 0;
  private count = 0;
  private readonly rates = { m15_rate: 0, m1_rate: 0, m5_rate: 0 };

  constructor(type: SeriesType, metric: string, scale: number, random: Random) {
    this.type = type;
    this.metric = metric;
    this.scale = scale;
    this.random = random;
  }

  /** The figures of the next report, keys in ascending order as an event has them. */
  next(): Record<string, number> {
    if (this.type === 'intValue') return { value: this.random.int(this.scale) };
    if (this.type === 'floatValue') return { value: this.random.unit() * this.scale };
    const burst = this.random.unit() < 0.3 ? 0 : this.random.int(this.scale);
    this.mark(burst);
    if (this.type === 'meter') return { count: this.count, ...this.rates, mean_rate: this.meanRate() };
    return this.spread();
  }

  private mark(amount: number): void {
    this.reports++;
    this.count += amount;
    const now = amount / REPORT_SECONDS;
    this.rates.m15_rate += (now - this.rates.m15_rate) * (1 - Math.exp(-1 / 15));
    this.rates.m1_rate += (now - this.rates.m1_rate) * (1 - Math.exp(-1));
    this.rates.m5_rate += (now - this.rates.m5_rate) * (1 - Math.exp(-1 / 5));
  }

  private meanRate(): number {
    return this.count / (this.reports * REPORT_SECONDS);
  }

  /** A histogram or timer: percentiles of a log-normal distribution, zeros as long as nothing was measured. */
  private spread(): Record<string, number> {
    const typical = this.count === 0 ? 0 : this.scale * 50 * (0.5 + this.random.unit());
    const sigma = 0.2 + 0.6 * this.random.unit();
    const deviation = typical * sigma;
    const at = (z: number) => Math.round(typical * Math.exp(sigma * z) * 2) / 2;
    const timer = this.type === 'timer';
    const figures: Record<string, number> = { count: this.count, ...(timer ? this.rates : {}) };
    figures.max = Math.ceil(at(3.719));
    figures.mean = typical * Math.exp((sigma * sigma) / 2);
    if (timer) figures.mean_rate = this.meanRate();
    figures.min = Math.floor(at(-3));
    for (const [key, z] of percentiles) figures[key] = at(z);
    figures.std_dev = deviation;
    figures.variance = deviation * deviation;
    return figures;
  }
}
