/**
 * Random numbers by position instead of by order: the number of (seed, series, index) is a pure function of the
 * three, so a result does not depend on which thread, batch or run asked first.
 *
 * It is made of multiplications, shifts and exclusive ors of 32-bit words, hence the same bits on every machine, and so
 * few of them that V8 puts them into the loop of the caller: a generator of cryptographic descent (Threefry with 13
 * rounds) was tried and cost three times as much, and an object on the heap for every number.
 */

const TWO_32 = 2 ** 32;

/** The two key words that `uniform` takes. */
export type RandomKey = readonly [number, number];

/**
 * The key of one series under one seed, for which all bits of both count: neighbours have unrelated keys.
 * @param seed integer, 0 to 2^53-1
 * @param series integer, 0 to 2^53-1: an id that does not depend on the order in which series appear
 * @throws RangeError for other numbers
 */
export function randomKey(seed: number, series: number): RandomKey {
  if (!isIndex(seed) || !isIndex(series)) {
    throw new RangeError(`seed and series must be integers from 0 to 2^53-1, not ${seed} and ${series}`);
  }
  return [absorb(0x243f6a88, seed, series), absorb(0x13198a2e, seed, series)];
}

/**
 * The number of one index: uniform over the 2^52 centres (k + 1/2) / 2^52, so strictly inside (0,1).
 * @param k0 first word of the key
 * @param k1 second word of the key
 * @param index integer, 0 to 2^53-1
 */
export function uniform(k0: number, k1: number, index: number): number {
  const upper = index < TWO_32 ? k1 : (k1 + Math.imul(index / TWO_32, 0x9e3779b1)) | 0;
  const x = mix((mix(index ^ k0) + upper) | 0);
  const y = mix(x ^ k0);
  return ((x >>> 6) * 2 ** 26 + (y >>> 6) + 0.5) * 2 ** -52;
}

/**
 * The numbers of one series one after the other, as a function that suits `random` of a reservoir.
 * @param seed integer, 0 to 2^53-1
 * @param series integer, 0 to 2^53-1
 * @param index where to begin
 */
export function counterRandom(seed: number, series: number, index = 0): () => number {
  const [k0, k1] = randomKey(seed, series);
  let next = index;
  return () => uniform(k0, k1, next++);
}

export interface DrawOptions {
  /** uniform in (0,1), called once per update; without it the numbers come from `seed` and `series` */
  random?: (() => number) | undefined;
  /** integer, 0 to 2^53-1; default 1 */
  seed?: number | undefined;
  /** integer, 0 to 2^53-1; default 0 */
  series?: number | undefined;
}

/**
 * Gives the random number of an update, by how many came before it: from a generator, or from seed and series.
 * @throws RangeError if seed or series are no integers from 0 to 2^53-1, and random numbers come from them
 */
export function drawsOf({ random, seed = 1, series = 0 }: DrawOptions): (count: number) => number {
  if (random !== undefined) return () => checked(random());
  const [k0, k1] = randomKey(seed, series);
  return (count) => uniform(k0, k1, count);
}

/** A generator that gives 0 (Math.random may) means a very small number; any other miss is a mistake. */
function checked(u: number): number {
  if (u > 0 && u < 1) return u;
  if (u === 0) return 2 ** -54;
  throw new RangeError(`random must give numbers in (0,1), not ${u}`);
}

/**
 * A bijection of 32-bit words in which every bit of the input turns each bit of the output over with a probability near
 * one half: two rounds of multiply and xorshift, with constants that C. Wellons's search ("hash prospector", 2018 to
 * 2022) found to have the least bias of their kind.
 */
function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x21f0aaad);
  h ^= h >>> 15;
  h = Math.imul(h, 0xd35a2d97);
  return h ^ (h >>> 15);
}

function absorb(start: number, seed: number, series: number): number {
  let h = start;
  for (const part of [seed, seed / TWO_32, series, series / TWO_32])
    h = mix((Math.imul(h, 5) + mix(part ^ h)) | 0);
  return h;
}

function isIndex(x: number): boolean {
  return Number.isSafeInteger(x) && x >= 0;
}
