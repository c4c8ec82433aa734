/**
 * Decaying samples: of all values of a series those of the lowest order, ln u - alpha t, where u is a hash of the record
 * and the series. Most values of a busy series come behind those that it has and are rejected by one comparison. With
 * `newest` the newest value stands apart and always stays; the one whose place it takes becomes a value like others.
 * What is kept is a function of the set of values alone; lib/math/reservoirs.ts has the same.
 */
import { reserve } from '../arena';
import { naturalLog } from './natural-log';
import { highestOrder, PAIR_SHIFT, selectFirst } from './select';

/** Of a series: its pairs, how many they are, how many they have room for, whether there is a newest value; */
const PAIRS: usize = 0;
export const PAIR_COUNT: usize = 4;
const ROOM: usize = 8;
export const HAS_NEWEST: usize = 12;
/** what no value may exceed; the newest value's time, random number and itself. */
const THRESHOLD: usize = 16;
const NEWEST_TIME: usize = 24;
const NEWEST_RANDOM: usize = 32;
const NEWEST_VALUE: usize = 40;
export const SAMPLE_BYTES: usize = 48;

/** Where series are many, most have one value. */
const FIRST_ROOM: u32 = 1;
/** Rooms of 1, 4, 16, ... pairs that were outgrown, by the power of two. */
const CLASSES: u32 = 32;

let outgrown: usize = 0;
let heapTop: usize = 0;
let heapStart: usize = 0;
let heapEnd: usize = 0;

/** @param bytes for the pairs of all series */
export function openSamples(bytes: usize): void {
  outgrown = reserve(<usize>CLASSES << 2);
  heapStart = reserve(bytes);
  heapEnd = heapStart + bytes;
  clearSamples();
}

/** Forgets all pairs; the series' own numbers are their tables' to clear. */
export function clearSamples(): void {
  heapTop = heapStart;
  memory.fill(outgrown, 0, <usize>CLASSES << 2);
}

/** Whether there is room for so many pairs, whatever rooms they need. */
// @ts-ignore: decorator
@inline
export function samplesHaveRoom(pairs: usize): bool {
  return heapTop + (pairs << PAIR_SHIFT) <= heapEnd;
}

/** A sample that has nothing, in zeroed memory. */
export function beginSample(sample: usize): void {
  store<f64>(sample, Infinity, THRESHOLD);
}

/**
 * A value of a record.
 * @param time milliseconds since the epoch
 * @param decay alpha, per millisecond
 * @param keep pairs that stay, the newest value not counted
 */
export function takeValue(
  sample: usize,
  value: f64,
  time: f64,
  random: f64,
  decay: f64,
  keep: u32,
  newest: bool,
): void {
  let t = time;
  let u = random;
  // -0 is 0, as it is in lib/math
  let v = value + 0;
  if (newest) {
    if (load<u32>(sample, HAS_NEWEST) == 0) {
      setNewest(sample, t, u, v);
      return;
    }
    if (isNewer(sample, t, u, v)) {
      t = load<f64>(sample, NEWEST_TIME);
      u = load<f64>(sample, NEWEST_RANDOM);
      v = load<f64>(sample, NEWEST_VALUE);
      setNewest(sample, time, random, value + 0);
    }
  }
  const order = naturalLog(u) - decay * t;
  if (order > load<f64>(sample, THRESHOLD)) return;
  enter(sample, order, v, keep);
}

function setNewest(sample: usize, time: f64, random: f64, value: f64): void {
  store<u32>(sample, 1, HAS_NEWEST);
  store<f64>(sample, time, NEWEST_TIME);
  store<f64>(sample, random, NEWEST_RANDOM);
  store<f64>(sample, value, NEWEST_VALUE);
}

// @ts-ignore: decorator
@inline
function isNewer(sample: usize, time: f64, random: f64, value: f64): bool {
  const t = load<f64>(sample, NEWEST_TIME);
  if (time != t) return time > t;
  const u = load<f64>(sample, NEWEST_RANDOM);
  return random != u ? random > u : value > load<f64>(sample, NEWEST_VALUE);
}

function enter(sample: usize, order: f64, value: f64, keep: u32): void {
  if (keep == 0) return;
  let count = load<u32>(sample, PAIR_COUNT);
  if (count == mostPairs(keep)) {
    reduce(sample, keep);
    if (order > load<f64>(sample, THRESHOLD)) return;
    count = keep;
  }
  if (count == load<u32>(sample, ROOM)) grow(sample, mostPairs(keep));
  const pair = <usize>load<u32>(sample, PAIRS) + (<usize>count << PAIR_SHIFT);
  store<f64>(pair, order);
  store<f64>(pair, value, 8);
  store<u32>(sample, count + 1, PAIR_COUNT);
}

/** Pairs before the last ones are let go: half as many again, so that each selection pays for many values. */
// @ts-ignore: decorator
@inline
function mostPairs(keep: u32): u32 {
  return keep + (keep >> 1) + 1;
}

/** Lets go of all pairs but the first. */
function reduce(sample: usize, keep: u32): void {
  const pairs = <usize>load<u32>(sample, PAIRS);
  selectFirst(pairs, load<u32>(sample, PAIR_COUNT), keep);
  store<f64>(sample, highestOrder(pairs, keep), THRESHOLD);
  store<u32>(sample, keep, PAIR_COUNT);
}

/** Leaves no more pairs than stay. */
export function settleSample(sample: usize, keep: u32): void {
  if (load<u32>(sample, PAIR_COUNT) > keep) reduce(sample, keep);
}

/** Four times the room, at most `most`: what is not written to is no memory. The one that it had serves another series. */
function grow(sample: usize, most: u32): void {
  const room = load<u32>(sample, ROOM);
  const wanted = room == 0 ? FIRST_ROOM : room * 4;
  const pairs = <usize>load<u32>(sample, PAIRS);
  // what is a power of two can be handed on; the largest room never is outgrown
  const next = newRoom(wanted, wanted > most ? most : wanted);
  memory.copy(next, pairs, <usize>room << PAIR_SHIFT);
  if (room != 0) {
    const free = outgrown + (<usize>ctz(room) << 2);
    store<u32>(pairs, load<u32>(free));
    store<u32>(free, <u32>pairs);
  }
  store<u32>(sample, <u32>next, PAIRS);
  store<u32>(sample, wanted > most ? most : wanted, ROOM);
}

function newRoom(power: u32, pairs: u32): usize {
  const free = outgrown + (<usize>ctz(power) << 2);
  const known = <usize>load<u32>(free);
  if (known != 0) {
    store<u32>(free, load<u32>(known));
    return known;
  }
  const room = heapTop;
  heapTop += <usize>pairs << PAIR_SHIFT;
  if (heapTop > heapEnd) unreachable();
  return room;
}
