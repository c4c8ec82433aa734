/** The meter and the histogram of the naive pipeline: what ours are, written plainly. */

/** Values that a sample keeps. */
export const SAMPLE = 128;

const alphas = [1, 5, 15].map((minutes) => 1 - Math.exp(-5 / (60 * minutes)));

export class Meter {
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
export class Histogram {
  readonly meter: Meter;
  sum = 0;
  readonly counts: number[];
  private readonly buckets: readonly number[];
  private readonly sample: { priority: number; value: number }[] = [];

  constructor(seconds: number, buckets: readonly number[]) {
    this.meter = new Meter(seconds);
    this.buckets = buckets;
    this.counts = new Array<number>(buckets.length + 1).fill(0);
  }

  update(value: number, seconds: number): void {
    this.meter.mark(1, seconds);
    this.sum += value;
    const bucket = this.buckets.findIndex((bound) => value <= bound);
    const place = bucket < 0 ? this.buckets.length : bucket;
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
