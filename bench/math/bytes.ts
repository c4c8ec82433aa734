import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Reservoir, uniform } from '../../lib/math/index.ts';
import { Meters } from '../../lib/math/meters.ts';
import { Reservoirs } from '../../lib/math/reservoirs.ts';
import { Timers } from '../../lib/math/timers.ts';

const EPOCH = 1_770_000_000;
const SERIES = 4000;

/** Bytes of heap and of buffers that each of 4000 series costs, which `fill` fills one after the other. */
function bytesOf<T>(make: () => T, fill: (made: T, series: number) => void): number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const used = (): number => {
    gc();
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const made = make();
  for (let series = 0; series < SERIES; series++) fill(made, series);
  const after = used();
  // or it might be gone by now
  fill(made, SERIES);
  return Math.round((after - before) / SERIES);
}

/** Of a pool of reservoirs that saw so many values each. */
export function pooledBytes(seen: number, value: (i: number) => number): number {
  return bytesOf(
    () => new Reservoirs(),
    (pool) => {
      const index = Uint32Array.of(pool.add());
      for (let i = 0; i < seen; i++) pool.updateAll(index, ...updateOf(value(i), i), 0, 1);
    },
  );
}

/** Value, time and random number of an update. */
function updateOf(value: number, i: number): [Float64Array, Float64Array, Float64Array] {
  const u = uniform(1, 2, i);
  return [Float64Array.of(value), Float64Array.of(1000 * (EPOCH + i)), Float64Array.of(u)];
}

/** Of reservoirs that are objects of their own. */
export function singleBytes(seen: number): number {
  return bytesOf(
    () => new Array<Reservoir>(SERIES + 1).fill(new Reservoir()),
    (all, series) => {
      const one = new Reservoir({ series });
      all[series] = one;
      for (let i = 0; i < seen; i++) one.update(i, EPOCH + i);
    },
  );
}

/** Of a pool of timers that saw so many values each. */
export function timerBytes(seen: number): number {
  return bytesOf(
    () => new Timers(),
    (pool) => {
      const index = Uint32Array.of(pool.add());
      for (let i = 0; i < seen; i++) pool.updateAll(index, ...updateOf(i, i), 0, 1);
    },
  );
}

/** Of a pool of meters that were marked by 1, with or without statistics. */
export function meterBytes(statistics: boolean): number {
  return bytesOf(
    () => new Meters({ statistics }),
    (pool) => {
      const index = Uint32Array.of(pool.add());
      for (let i = 0; i < 1000; i++) pool.countAll(index, Float64Array.of(1000 * (EPOCH + i)), 0, 1);
    },
  );
}
