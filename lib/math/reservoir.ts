import { MeasurementError, MergeError } from './errors.ts';
import { type Moments, moments } from './moments.ts';
import { between, position, quantiles } from './percentile.ts';
import { randomKey, uniform } from './random.ts';
import { atRanks, buffer } from './ranks.ts';
import { selectPairs } from './select.ts';

/** What a full reservoir does with a new value; see `Reservoir`. */
export type Admission = 'newest' | 'priority';

export interface ReservoirOptions {
  /** the most values that are kept: an integer from 1 to 2^24; default 128 */
  size?: number;
  /** how fast a value loses weight, per second, 0 or more: after t seconds it weighs exp(-alpha t); default 0.015 */
  alpha?: number;
  /** default newest */
  admission?: Admission;
  /** uniform in (0,1), called once per update; without it the numbers come from `seed` and `series` */
  random?: () => number;
  /** integer, 0 to 2^53-1; default 1 */
  seed?: number;
  /** integer, 0 to 2^53-1, different for every reservoir under one seed; default 0 */
  series?: number;
  /**
   * While all values are equal keep no sample at all, only their number and the times of the first and the last. When
   * another value comes, they stand in the sample as if they had come evenly spread over that time. Default false:
   * the sample is exact from the first value on, and equal values cost their priorities.
   */
  forgetEqual?: boolean;
}

/** What a reservoir says of its values: in their unit, but for `count` and `variance` (its square); 0 when empty. */
export interface Statistics extends Moments {
  /** of all updates, kept or not */
  count: number;
  min: number;
  max: number;
  p50: number;
  p75: number;
  p95: number;
  p99: number;
  p999: number;
  p9999: number;
}

/** Everything that a reservoir knows beyond its options, as numbers: to be stored, and given to `load`. */
export interface ReservoirState {
  /** how the numbers are to be read */
  readonly form: number;
  readonly numbers: Float64Array;
}

/** A reservoir keeps one Float64Array: eight numbers of its own (so small that V8 stores them inside the object), */
const COUNT = 0;
/** The last value of `newest`, the candidate of `priority`, */
const LAST = 1;
/** its time, */
const LAST_TIME = 2;
/** and its random number, or HOPELESS, or ENTERED */
const LAST_RANDOM = 3;
/** a candidate must come before this entry: its order, */
const BAR = 4;
/** and its value. While all values are equal: that value */
const BAR_VALUE = 5;
/** a random number from LIMIT on, at any time up to LIMIT_TIME, cannot come before the bar */
const LIMIT = 6;
/** While equal values are being forgotten: the time of the first */
const LIMIT_TIME = 7;
/** then the entries: their order, and their value unless all are equal. */
const ENTRIES = 8;

/** The last value is known to leave with the next update, so its priority does not matter. */
const HOPELESS = 2;
/** The last value stands among the entries already. */
const ENTERED = 3;

/** Forms of the entries. */
const FORGOTTEN = 0;
const EQUAL = 1;
const MIXED = 2;

/** For `atRanks`, which would otherwise make arrays in every update that ends in a selection. */
const RANK = [0];
const RANKS = new Int32Array(2 * quantiles.length);
const AT_RANKS = new Float64Array(2 * quantiles.length);

/** LIMIT serves this much growth of a priority: it lets 1.6 % too many through, and costs an exponential so often. */
const HEADROOM = 1 / 64;

/**
 * An exponentially decaying sample: it keeps `size` values, recent ones more likely than old ones, and answers with
 * their statistics.
 *
 * A value that comes at t (seconds) with the random number u has the priority exp(alpha (t - t0)) / u, and those of the
 * highest priority stay: forward decay, G. Cormode, V. Shkapenyuk, D. Srivastava, B. Xu, "Forward decay: a practical
 * time decay model for streaming systems", ICDE 2009. Only the order counts, so its logarithm alpha t - ln u is kept:
 * it needs no landmark t0, never overflows, and a gap of years changes the weights and nothing else.
 *
 * Admission when full: with `priority` a new value enters if it is not itself the lowest, and the sample is that of
 * the paper. With `newest`, as go-metrics does it, the lowest leaves first and the new value always enters; which is
 * a `priority` sample of size - 1 of all values but the last, and the last.
 *
 * How it is fast: most candidates of a busy series fail, and one comparison of u tells so. The others are appended,
 * and when half a size of them have come, one selection in linear time throws the surplus out; so an update costs a
 * constant, not a logarithm, and touches one place in memory, not a path through a heap.
 *
 * Memory, as `npm run bench -- math` measures it under Node 20 on 64 bits, at size 128: some 400 bytes for a series
 * that saw one value, 800 for 16, 3,500 for 128 and for any more; 350, 550 and 1,900 where all values are equal, and
 * 400 for any number of them with `forgetEqual`.
 *
 * Time and values are any finite numbers, and times may come in any order; others throw a MeasurementError.
 */
export class Reservoir {
  readonly size: number;
  readonly alpha: number;
  readonly admission: Admission;
  /** how many entries stay when the surplus is thrown out; with `newest`, the last value is apart from them */
  readonly #keep: number;
  readonly #random: (() => number) | undefined;
  readonly #k0: number;
  readonly #k1: number;
  /** entries now */
  #n = 0;
  #form: number;
  #a: Float64Array;

  /** @throws RangeError for options outside of their ranges */
  constructor(options: ReservoirOptions = {}) {
    const { size = 128, alpha = 0.015, admission = 'newest', seed = 1, series = 0 } = options;
    if (!Number.isInteger(size) || size < 1 || size > 2 ** 24) {
      throw new RangeError(`size must be an integer from 1 to 2^24, not ${size}`);
    }
    if (!(alpha >= 0 && alpha < Infinity))
      throw new RangeError(`alpha must be 0 or more and finite, not ${alpha}`);
    if (admission !== 'newest' && admission !== 'priority') {
      throw new RangeError(`admission must be newest or priority, not ${String(admission)}`);
    }
    this.size = size;
    this.alpha = alpha;
    this.admission = admission;
    this.#keep = admission === 'newest' ? size - 1 : size;
    this.#random = options.random;
    const [k0, k1] = options.random === undefined ? randomKey(seed, series) : [0, 0];
    this.#k0 = k0;
    this.#k1 = k1;
    this.#form = options.forgetEqual === true ? FORGOTTEN : EQUAL;
    this.#a = new Float64Array(ENTRIES);
    this.#a[LAST_RANDOM] = ENTERED;
    this.#unlimited();
  }

  /** Updates so far, kept or not. */
  get count(): number {
    return this.#a[COUNT]!;
  }

  /**
   * Offers a value.
   * @param value finite
   * @param t seconds, finite, from any origin; later updates may be older
   * @throws MeasurementError, with nothing changed, if one of them is not finite
   */
  update(value: number, t: number): void {
    if (value - value + (t - t) !== 0) throw notFinite(value, t);
    if (this.#form === FORGOTTEN && this.#forget(value, t)) return;
    const a = this.#a;
    const count = a[COUNT]!;
    const u = this.#random === undefined ? uniform(this.#k0, this.#k1, count) : checked(this.#random());
    a[COUNT] = count + 1;
    const hopeless = u >= a[LIMIT]! && t <= a[LIMIT_TIME]!;
    if (this.admission === 'newest') {
      if (a[LAST_RANDOM]! < HOPELESS) this.#offer();
      this.#note(value, t, hopeless ? HOPELESS : u);
    } else if (!hopeless) {
      this.#note(value, t, u);
      this.#offer();
    }
  }

  /**
   * Statistics of the kept values: `mean`, `variance` and `std_dev` of the population that they are, percentiles at
   * position p (n + 1) with the line between neighbours. Not a measure of all values that ever came, but for `count`.
   */
  statistics(): Statistics {
    const count = this.count;
    const out = nothing(count);
    if (count === 0) return out;
    const n = this.#gather();
    const a = this.#a;
    if (this.#form !== MIXED) {
      const value = a[BAR_VALUE]!;
      out.min = out.max = out.mean = value;
      for (const [key] of quantiles) out[key] = value;
      return out;
    }
    const values = this.#spread(n, out);
    moments(values, n, out.min, out.max, out);
    let i = 0;
    for (const [, q] of quantiles) {
      const lower = Math.floor(position(q, n)) - 1;
      RANKS[i++] = lower;
      RANKS[i++] = Math.min(lower + 1, n - 1);
    }
    atRanks(n, RANKS, AT_RANKS);
    i = 0;
    for (const [key, q] of quantiles) {
      const at = position(q, n);
      out[key] = between(AT_RANKS[i++]!, AT_RANKS[i++]!, at - Math.floor(at));
    }
    return out;
  }

  /**
   * One percentile of the kept values, 0 when there are none.
   * @param q 0 to 1; outside of it, the smallest and the largest
   * @throws MeasurementError if q is NaN
   */
  percentile(q: number): number {
    if (Number.isNaN(q)) throw new MeasurementError('a percentile needs a number, not NaN');
    if (this.count === 0) return 0;
    const n = this.#gather();
    if (this.#form !== MIXED) return this.#a[BAR_VALUE]!;
    this.#spread(n);
    const at = position(q, n);
    const lower = Math.floor(at) - 1;
    const found = new Float64Array(2);
    atRanks(n, [lower, Math.min(lower + 1, n - 1)], found);
    return between(found[0]!, found[1]!, at - lower - 1);
  }

  /** The kept values, ascending. */
  values(): number[] {
    const n = this.#gather();
    if (this.#form !== MIXED) return new Array<number>(n).fill(this.#a[BAR_VALUE]!);
    return Array.from(this.#spread(n).subarray(0, n).sort());
  }

  /**
   * Takes over the sample of another reservoir, which stays as it is. If the two saw parts of a stream, this one is now
   * what it would be if it had seen the whole, whatever the parts and their order; but only under `priority`, where a
   * sample depends on the priorities alone.
   * @throws MergeError, with nothing changed, if one admits `newest`, or sizes or alphas differ, or both are one
   */
  merge(other: Reservoir): void {
    const reason = this.#obstacle(other);
    if (reason !== undefined) throw new MergeError(`these reservoirs cannot be merged: ${reason}`);
    if (other.count === 0) return;
    other.#remember();
    this.#remember();
    const b = other.#a;
    const mixed = other.#form === MIXED;
    for (let i = 0; i < other.#n; i++) {
      if (mixed) this.#enter(b[ENTRIES + 2 * i]!, b[ENTRIES + 2 * i + 1]!);
      else this.#enter(b[ENTRIES + i]!, b[BAR_VALUE]!);
    }
    this.#a[COUNT]! += b[COUNT]!;
  }

  /** A copy of what it knows, for a checkpoint: it goes on from there to the same bits. */
  state(): ReservoirState {
    return { form: this.#form, numbers: this.#a.slice(0, ENTRIES + this.#n * this.#stride()) };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a reservoir with the same options; a `random` must stand where it stood then
   * @throws RangeError, with nothing changed, if the state cannot come from such a reservoir
   */
  load({ form, numbers }: ReservoirState): void {
    const n = (numbers.length - ENTRIES) / (form === MIXED ? 2 : 1);
    const known = form === EQUAL || form === MIXED || (form === FORGOTTEN && n === 0);
    if (!known || !Number.isInteger(n) || n < 0 || n >= this.#most()) {
      throw new RangeError(`no state of a reservoir of size ${this.size}`);
    }
    this.#form = form;
    this.#n = n;
    this.#a = new Float64Array(numbers);
  }

  #stride(): number {
    return this.#form === MIXED ? 2 : 1;
  }

  /** Entries that fit before the surplus is thrown out. */
  #most(): number {
    return this.#keep + Math.max(8, this.size >>> 1);
  }

  #note(value: number, t: number, u: number): void {
    const a = this.#a;
    a[LAST] = value;
    a[LAST_TIME] = t;
    a[LAST_RANDOM] = u;
  }

  /** Makes the last value an entry unless it is behind the bar. It has no parameters: V8 would put them on the heap. */
  #offer(): void {
    const a = this.#a;
    const value = a[LAST]!;
    // Ascending orders are descending priorities.
    const order = Math.log(a[LAST_RANDOM]!) - this.alpha * a[LAST_TIME]!;
    const barred = a[LIMIT]! < Infinity;
    if (barred && (order > a[BAR]! || (order === a[BAR] && value >= a[BAR_VALUE]!))) this.#raiseLimit();
    else this.#enter(order, value);
  }

  #raiseLimit(): void {
    const a = this.#a;
    const t = a[LAST_TIME]!;
    if (t <= a[LIMIT_TIME]!) return;
    const until = this.alpha === 0 ? Number.MAX_VALUE : t + HEADROOM / this.alpha;
    const growth = this.alpha * until;
    // The margin is wider than the rounding of an order, so the limit never refuses what the bar would let pass.
    const limit = Math.exp(a[BAR]! + growth + 1e-9 + 1e-15 * Math.abs(growth));
    a[LIMIT] = Math.min(limit, Number.MAX_VALUE);
    a[LIMIT_TIME] = until;
  }

  #unlimited(): void {
    // A sample of the last value alone has no entries, and so no use for candidates.
    this.#a[LIMIT] = this.#keep === 0 ? 0 : Infinity;
    this.#a[LIMIT_TIME] = this.#keep === 0 ? Infinity : -Infinity;
  }

  #enter(order: number, value: number): void {
    // Adding 0 makes -0 the 0 that it equals: the two have no order.
    const v = value + 0;
    if (this.#form === EQUAL) {
      if (this.#n === 0) this.#a[BAR_VALUE] = v;
      else if (v !== this.#a[BAR_VALUE]) this.#separate();
    }
    const stride = this.#stride();
    const at = ENTRIES + this.#n * stride;
    if (at + stride > this.#a.length) this.#grow(at + stride);
    const a = this.#a;
    a[at] = order;
    if (stride === 2) a[at + 1] = v;
    if (++this.#n === this.#most()) this.#reduce();
  }

  /** Throws the surplus out, and sets the bar for those to come. */
  #reduce(): void {
    const keep = this.#keep;
    if (keep === 0) this.#n = 0;
    if (keep === 0 || this.#n < keep) return;
    this.#a[BAR] = this.#orderOf(keep - 1);
    if (this.#form === MIXED) this.#reducePairs();
    else this.#reduceOrders();
    this.#n = keep;
    this.#a[LIMIT] = Number.MAX_VALUE;
    this.#a[LIMIT_TIME] = -Infinity;
  }

  /** The order that has a rank among those of all entries. */
  #orderOf(rank: number): number {
    const a = this.#a;
    const n = this.#n;
    const stride = this.#stride();
    const orders = buffer(n);
    for (let i = 0, at = ENTRIES; i < n; i++, at += stride) orders[i] = a[at]!;
    RANK[0] = rank;
    atRanks(n, RANK, AT_RANKS);
    return AT_RANKS[0]!;
  }

  /** Moves the pairs up to the bar together; the move has no branch, as what comes in the wrong order is random. */
  #reducePairs(): void {
    const a = this.#a;
    const bar = a[BAR]!;
    let barValue = -Infinity;
    let to = ENTRIES;
    for (let at = ENTRIES, end = at + 2 * this.#n; at < end; at += 2) {
      const order = a[at]!;
      const value = a[at + 1]!;
      a[to] = order;
      a[to + 1] = value;
      to += Number(order <= bar) << 1;
      if (order === bar && value > barValue) barValue = value;
    }
    const pairs = (to - ENTRIES) / 2;
    if (pairs > this.#keep) {
      // Several stand at the bar: the smaller values stay, so that the sample does not depend on who came first.
      const last = this.#keep - 1;
      selectPairs(a, ENTRIES, 0, pairs - 1, last);
      barValue = a[ENTRIES + 2 * last + 1]!;
    }
    a[BAR_VALUE] = barValue;
  }

  /** The same without values, where those at the bar are all the same. */
  #reduceOrders(): void {
    const a = this.#a;
    const bar = a[BAR]!;
    let to = ENTRIES;
    for (let at = ENTRIES, end = at + this.#n; at < end; at++) {
      const order = a[at]!;
      a[to] = order;
      to += Number(order < bar) | 0;
    }
    a.fill(bar, to, ENTRIES + this.#keep);
  }

  /** Makes the entries the sample, the last value included, and gives their number. */
  #gather(): number {
    const a = this.#a;
    if (this.#form === FORGOTTEN) return Math.min(a[COUNT]!, this.size);
    if (this.admission === 'priority') {
      this.#reduce();
    } else if (a[LAST_RANDOM] !== ENTERED) {
      const u = a[LAST_RANDOM]!;
      const order = u === HOPELESS ? Infinity : Math.log(u) - this.alpha * a[LAST_TIME]!;
      a[LAST_RANDOM] = ENTERED;
      this.#reduce();
      this.#enter(order, a[LAST]!);
    }
    return this.#n;
  }

  /** Copies the values of mixed entries to the buffer that selections work on, and notes the extremes. */
  #spread(n: number, out?: Statistics): Float64Array {
    const a = this.#a;
    const values = buffer(n);
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < n; i++) {
      const x = a[ENTRIES + 2 * i + 1]!;
      values[i] = x;
      if (x < min) min = x;
      if (x > max) max = x;
    }
    if (out !== undefined) {
      out.min = min;
      out.max = max;
    }
    return values;
  }

  /** Counts a value that equals all before it, or says false. */
  #forget(value: number, t: number): boolean {
    const a = this.#a;
    if (a[COUNT] === 0) {
      a[BAR_VALUE] = value + 0;
      a[LAST_TIME] = t;
      a[LIMIT_TIME] = t;
    } else if (value !== a[BAR_VALUE]) {
      this.#remember();
      return false;
    }
    a[COUNT]! += 1;
    if (t > a[LAST_TIME]!) a[LAST_TIME] = t;
    else if (t < a[LIMIT_TIME]!) a[LIMIT_TIME] = t;
    return true;
  }

  /** Gives the equal values that were forgotten the entries that so many, evenly spread, are expected to have. */
  #remember(): void {
    if (this.#form !== FORGOTTEN) return;
    this.#form = EQUAL;
    const a = this.#a;
    const count = a[COUNT]!;
    const last = a[LAST_TIME]!;
    const step = count > 1 ? (this.alpha * (last - a[LIMIT_TIME]!)) / (count - 1) : 0;
    // Their weights, in that of the newest. Priorities above exp(alpha t) have weight / rank as their expectation;
    // of those below, every value older by a step adds one rank.
    const weight = step > 0 ? Math.expm1(-step * count) / Math.expm1(-step) : count;
    const value = a[BAR_VALUE]!;
    this.#unlimited();
    for (let i = 0, n = Math.min(count, this.size); i < n; i++) {
      const rank = i + 0.5;
      const below = rank < weight ? Math.log(rank / weight) : (rank - weight) * step;
      this.#enter(below - this.alpha * last, value);
    }
    this.#a[LAST_RANDOM] = ENTERED;
  }

  #obstacle(other: Reservoir): string | undefined {
    if (other === this) return 'they are one';
    for (const { admission } of [this, other]) {
      if (admission !== 'priority') return `admission is ${admission}, where only priority has an order`;
    }
    if (this.size !== other.size) return `sizes are ${this.size} and ${other.size}`;
    if (this.alpha !== other.alpha) return `alphas are ${this.alpha} and ${other.alpha}`;
    return undefined;
  }

  /** Room for so many numbers: doubling, but never more than the most that will ever be needed. */
  #grow(length: number): void {
    const most = ENTRIES + this.#most() * this.#stride();
    const a = new Float64Array(Math.max(length, Math.min(2 * this.#a.length, most)));
    a.set(this.#a);
    this.#a = a;
  }

  /** From entries without a value to entries with one. */
  #separate(): void {
    const n = this.#n;
    const value = this.#a[BAR_VALUE]!;
    this.#form = MIXED;
    if (this.#a.length < ENTRIES + 2 * n) this.#grow(ENTRIES + 2 * n);
    const a = this.#a;
    for (let i = n - 1; i >= 0; i--) {
      a[ENTRIES + 2 * i] = a[ENTRIES + i]!;
      a[ENTRIES + 2 * i + 1] = value;
    }
  }
}

function nothing(count: number): Statistics {
  return {
    count,
    min: 0,
    max: 0,
    mean: 0,
    variance: 0,
    std_dev: 0,
    p50: 0,
    p75: 0,
    p95: 0,
    p99: 0,
    p999: 0,
    p9999: 0,
  };
}

/** A generator that gives 0 (Math.random may) means a very small number; any other miss is a mistake. */
function checked(u: number): number {
  if (u > 0 && u < 1) return u;
  if (u === 0) return 2 ** -54;
  throw new RangeError(`random must give numbers in (0,1), not ${u}`);
}

function notFinite(value: number, t: number): MeasurementError {
  return new MeasurementError(`a measurement must be finite, not ${value} at ${t} s`);
}
