import { Rows } from './rows.ts';

/** The first slab has 2^3 numbers. From there to every further power of two there are two. */
const FIRST_BITS = 3;
/** So many are copied at once. */
const LONG = 32;
/** Numbers in an array that is cut into slabs; a longer slab has an array of its own. */
const CHUNK = 2 ** 16;

/** Columns, all of them words: the array in which the slab in use lies, */
const ARRAY = 0;
/** the place in it that number 0 would have, */
const SHIFT = 1;
/** the number with which the slab ends, 0 when none is in use, */
const END = 2;
/** how many slabs there are; */
const HELD = 3;
/** array and shift of the first one; */
const FIRST = 4;
/** and the row, 1 for the first, that has those of the next few, 0 before there is one. */
const NEXT = 6;
/** How many columns that is, in numbers. */
const WIDTH = 4;

/** Slabs behind the first one that are noted side by side: up to number 31. Those of longer lists are noted apart. */
const FEW = 4;
/** Behind theirs, the row that has those of all others, 1 for the first. */
const MORE = 2 * FEW;

/**
 * Lists of numbers that grow, one for each row, cut from a few large arrays. A list is a row of slabs of 8, 4, 4, 8, 8,
 * 16, 16, ... numbers up to its capacity: growing copies nothing and leaves no holes, and of a long list, what is held
 * is at most one and a half times what is used. Most lists are short, so where the slabs behind the first one lie is noted
 * apart, for those lists that have some. All methods take the index in `rows.numbers` at which the list's columns begin.
 */
export class Slabs {
  /** columns that a list needs, in numbers */
  readonly width = WIDTH;
  /** What `seek` found: the array in which an slab lies, */
  array: Float64Array = new Float64Array(0);
  /** the place in it that number 0 of the list would have, */
  shift = 0;
  /** and the number with which the slab ends. */
  end = 0;
  private readonly capacity: number;
  private readonly rows: Rows;
  private readonly arrays: Float64Array[] = [];
  /** Array and shift of the slabs behind the first one: of the next few, and of all others. */
  private readonly few = new Rows();
  private readonly more = new Rows();
  /** numbers in all arrays */
  private total = 0;
  /** the array that is being cut, and how much of it is gone */
  private open = -1;
  private cut = 0;

  /** @param capacity even, the most numbers of one list */
  constructor(rows: Rows, capacity: number) {
    this.rows = rows;
    this.capacity = capacity;
    this.few.reserve(FEW + 1);
    this.more.reserve(Math.max(0, slabOf(capacity - 1) - FEW));
  }

  /** Writes number v, which is at most one behind the last that was written since `rewind`. */
  put(at: number, v: number, x: number): void {
    const { words } = this.rows;
    const w = 2 * at;
    if (v >= words[w + END]!) this.use(at, v);
    this.arrays[words[w + ARRAY]!]![words[w + SHIFT]! + v] = x;
  }

  /** Writes numbers v and v + 1, for an even v. */
  putPair(at: number, v: number, x: number, y: number): void {
    const { words } = this.rows;
    const w = 2 * at;
    if (v >= words[w + END]!) this.use(at, v);
    const array = this.arrays[words[w + ARRAY]!]!;
    const to = words[w + SHIFT]! + v;
    array[to] = x;
    array[to + 1] = y;
  }

  /** After this, numbers may be put anywhere in what was written, not only behind the last one. */
  rewind(at: number): void {
    this.rows.words[2 * at + END] = 0;
  }

  /** Finds the slab of number v, which is cut if it is the next one that the list does not have yet. */
  seek(at: number, v: number): void {
    const slab = slabOf(v);
    this.end = Math.min(this.capacity, startOf(slab + 1));
    const isNew = this.rows.words[2 * at + HELD] === slab;
    if (isNew) this.makePlace(at, slab);
    const words = this.wordsOf(slab);
    const place = this.placeOf(at, slab);
    if (isNew) {
      this.cutOff(words, place, this.end - startOf(slab));
      words[place + 1]! -= startOf(slab);
      this.rows.words[2 * at + HELD] = slab + 1;
    }
    this.array = this.arrays[words[place]!]!;
    this.shift = words[place + 1]!;
  }

  /** The words that have the array and the shift of a slab, */
  private wordsOf(slab: number): Int32Array {
    if (slab === 0) return this.rows.words;
    return slab <= FEW ? this.few.words : this.more.words;
  }

  /** and where. */
  private placeOf(at: number, slab: number): number {
    if (slab === 0) return 2 * at + FIRST;
    const few = this.fewOf(at);
    if (slab <= FEW) return few + 2 * (slab - 1);
    return 2 * ((this.few.words[few + MORE]! - 1) * this.more.width + slab - FEW - 1);
  }

  private fewOf(at: number): number {
    return 2 * (this.rows.words[2 * at + NEXT]! - 1) * this.few.width;
  }

  /** Has room for where a new slab lies. */
  private makePlace(at: number, slab: number): void {
    if (slab === 1) {
      this.few.next();
      this.rows.words[2 * at + NEXT] = this.few.add() + 1;
    } else if (slab === FEW + 1) {
      this.more.next();
      this.few.words[this.fewOf(at) + MORE] = this.more.add() + 1;
    }
  }

  /** Copies numbers first, first + step, ... below `end` to the front of `out`. */
  read(at: number, first: number, step: number, end: number, out: Float64Array): void {
    let to = 0;
    for (let v = first; v < end; ) {
      this.seek(at, v);
      const { array, shift } = this;
      for (const until = Math.min(end, this.end); v < until; v += step) out[to++] = array[shift + v]!;
    }
  }

  /** Writes the first numbers of `from` as the list, or behind the `first` numbers that it has, and rewinds it. */
  write(at: number, from: Float64Array, length: number, first = 0): void {
    const end = first + length;
    for (let v = first; v < end; ) {
      this.seek(at, v);
      const { array, shift } = this;
      const until = Math.min(end, this.end);
      if (until - v >= LONG) array.set(from.subarray(v - first, until - first), shift + v);
      else for (let w = v; w < until; w++) array[shift + w] = from[w - first]!;
      v = until;
    }
    this.rewind(at);
  }

  /** Makes the slab of number v the one in use. */
  private use(at: number, v: number): void {
    this.seek(at, v);
    const { words } = this.rows;
    const w = 2 * at;
    const slab = slabOf(v);
    words[w + ARRAY] = this.wordsOf(slab)[this.placeOf(at, slab)]!;
    words[w + SHIFT] = this.shift;
    words[w + END] = this.end;
  }

  /** Cuts so many numbers off, and writes where they lie to two words. */
  private cutOff(words: Int32Array, place: number, length: number): void {
    if (this.open >= 0 && this.cut + length <= this.arrays[this.open]!.length) {
      words[place] = this.open;
      words[place + 1] = this.cut;
      this.cut += length;
      return;
    }
    // Ahead for others, who will ask for as much, but no more than a quarter of what there is.
    const ahead = Math.min(CHUNK, this.total >>> 2, (this.rows.length - 1) * length);
    const array = new Float64Array(Math.max(length, ahead));
    const index = this.arrays.push(array) - 1;
    this.total += array.length;
    words[place] = index;
    words[place + 1] = 0;
    if (array.length > length) {
      this.open = index;
      this.cut = length;
    }
  }
}

/** The slab of number v: 0 for 0 to 7, 1 for 8 to 11, 2 for 12 to 15, 3 for 16 to 23, ... */
function slabOf(v: number): number {
  const octave = 31 - Math.clz32(v >>> FIRST_BITS);
  return octave < 0 ? 0 : 1 + 2 * octave + ((v >>> (FIRST_BITS + octave - 1)) & 1);
}

/** The number with which an slab begins. */
function startOf(slab: number): number {
  if (slab === 0) return 0;
  const octave = (slab - 1) >> 1;
  return (2 + ((slab - 1) & 1)) << (FIRST_BITS + octave - 1);
}
