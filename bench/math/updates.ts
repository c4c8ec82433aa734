import { type Admission, counterRandom, Meter, Reservoir } from '../../lib/math/index.ts';
import { Meters } from '../../lib/math/meters.ts';
import { Reservoirs } from '../../lib/math/reservoirs.ts';
import { Timers } from '../../lib/math/timers.ts';
import { per } from './time.ts';

const EPOCH = 1_770_000_000;
const LENGTH = 100_000;

/** A list of updates, as the pools take them. */
interface List {
  readonly indices: Uint32Array;
  readonly values: Float64Array;
  /** Seconds. */
  readonly times: Float64Array;
  /** The same in milliseconds. */
  readonly millis: Float64Array;
  readonly randoms: Float64Array;
}

/**
 * Updates of `count` series, over and over: their order and values stay, and time goes on.
 * @param step seconds from one update to the next, given the number of the update
 */
function endless(
  count: number,
  order: (k: number) => number,
  step: (k: number) => number,
): List & { next(): void } {
  const indices = Uint32Array.from({ length: LENGTH }, (_, k) => order(k) % count);
  const values = Float64Array.from({ length: LENGTH }, (_, k) => (k * 7919) % 1000);
  const times = new Float64Array(LENGTH);
  const millis = new Float64Array(LENGTH);
  const randoms = new Float64Array(LENGTH);
  const draw = counterRandom(1, 0);
  let t = EPOCH;
  const next = (): void => {
    for (let k = 0; k < LENGTH; k++) {
      times[k] = t;
      millis[k] = t * 1000;
      randoms[k] = draw();
      t += step(k);
    }
  };
  return { indices, values, times, millis, randoms, next };
}

const inTurn = (k: number): number => k;

/** So that neither caches nor the processor's guesses know which comes next. */
function random(k: number): number {
  return Math.imul(k + 1, 0x9e3779b1) >>> 7;
}

/** Updates of a pool of full reservoirs, each `step` seconds after its last one. */
export function pooledUpdates(admission: Admission, count: number, step: number): number {
  const pool = new Reservoirs({ admission });
  for (let series = 0; series < count; series++) pool.add();
  const { indices, values, millis, randoms, next } = endless(count, inTurn, () => step / count);
  const go = (): void => {
    pool.updateAll(indices, values, millis, randoms);
  };
  for (let k = 0; k < 400 * count; k += LENGTH) {
    next();
    go();
  }
  return per(LENGTH, go, next);
}

/** Updates of one full reservoir. */
export function singleUpdates(admission: Admission, step: number): number {
  const one = new Reservoir({ admission });
  const { values, times, next } = endless(1, inTurn, () => step);
  const go = (n: number): void => {
    for (let k = 0; k < n; k++) one.update(values[k]!, times[k]!);
  };
  return per(LENGTH, go, next);
}

/** Marks of one meter, a million a second. */
export function singleMarks(): number {
  const one = new Meter({ start: EPOCH });
  const { times, next } = endless(1, inTurn, () => 1e-6);
  const go = (n: number): void => {
    for (let k = 0; k < n; k++) one.mark(1, times[k]!);
  };
  return per(LENGTH, go, next);
}

/** Marks of a pool of meters, a million a second. */
export function pooledMarks(count: number): number {
  const pool = new Meters();
  for (let i = 0; i < count; i++) pool.add();
  const { indices, millis, next } = endless(count, inTurn, () => 1e-6);
  return per(LENGTH, () => pool.countAll(indices, millis), next);
}

/** What a log of sessions does: 300 timers in random order, each once in 1000 s, so that every value enters. */
export function slowTimers(): number {
  const count = 300;
  const pool = new Timers();
  for (let series = 0; series < count; series++) pool.add();
  const { indices, values, millis, randoms, next } = endless(count, random, () => 1000 / count);
  const go = (): void => {
    pool.updateAll(indices, values, millis, randoms);
  };
  // until all are full, and all have been compacted
  for (let k = 0; k < 3000 * count; k += LENGTH) {
    next();
    go();
  }
  return per(LENGTH, go, next);
}

/** What counting records by level does: 5 counters with statistics, all marked every second. */
export function levelCounters(): number {
  const count = 5;
  const pool = new Meters({ statistics: true });
  for (let series = 0; series < count; series++) pool.add();
  const { indices, millis, next } = endless(count, inTurn, (k) => Number(k % count === count - 1));
  return per(LENGTH, () => pool.countAll(indices, millis), next);
}

/** A snapshot after every eighth update, so that none meets what the one before it left in order. */
export function snapshots(size: number): number {
  const reservoir = new Reservoir({ size });
  let value = 0;
  const update = (n: number): void => {
    for (let i = 0; i < n; i++, value++) reservoir.update((value * 7919) % 10_007, EPOCH + value / 10);
  };
  update(4 * size);
  const both = (n: number): void => {
    for (let i = 0; i < n; i++) {
      update(8);
      if (reservoir.statistics().count !== value) throw new Error('a snapshot lost updates');
    }
  };
  return per(2000, both) - per(2000, (n) => update(8 * n));
}
