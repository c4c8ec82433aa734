/** Minutes of the moving averages of a meter. */
const averages = [
  ['m1_rate', 1],
  ['m5_rate', 5],
  ['m15_rate', 15],
] as const;

/**
 * The rates of a counter that is only seen now and then. Between two looks it is taken to have risen evenly, so the
 * averages move towards that rate by exp(-elapsed / window): what ticks every 5 s come to when each brings the same.
 */
export class CounterRates {
  private value: number;
  private seconds: number;
  private readonly since: number;
  private increase = 0;
  /** By average, per second; none before the second look. */
  private rates: number[] | undefined;

  /** The first look: a counter says nothing about how fast it got there. */
  constructor(value: number, seconds: number) {
    this.value = value;
    this.seconds = seconds;
    this.since = seconds;
  }

  /**
   * A further look. A value below the last one is that of a process that began anew, and all of it has come since. One
   * that is not later than the last look is passed over.
   */
  look(value: number, seconds: number): void {
    const elapsed = seconds - this.seconds;
    if (!(elapsed > 0)) return;
    const risen = value < this.value ? value : value - this.value;
    const rate = risen / elapsed;
    this.increase += risen;
    this.rates = averages.map(([, minutes], k) => {
      const before = this.rates?.[k] ?? rate;
      return rate + (before - rate) * Math.exp(-elapsed / (60 * minutes));
    });
    this.value = value;
    this.seconds = seconds;
  }

  /** A meter's rates, per second; none after a single look. */
  *metrics(): Generator<readonly [key: string, value: number]> {
    if (this.rates === undefined) return;
    for (const [k, [key]] of averages.entries()) yield [key, this.rates[k]!];
    yield ['mean_rate', this.increase / (this.seconds - this.since)];
  }
}

/** The counters of one endpoint, from scrape to scrape. Those that a scrape no longer has are forgotten with it. */
export class Counters {
  private known = new Map<string, CounterRates>();
  private next = new Map<string, CounterRates>();

  look(series: string, value: number, seconds: number): CounterRates {
    let rates = this.known.get(series);
    if (rates === undefined) rates = new CounterRates(value, seconds);
    else rates.look(value, seconds);
    this.next.set(series, rates);
    return rates;
  }

  /** A scrape is complete. */
  endScrape(): void {
    this.known = this.next;
    this.next = new Map();
  }
}
