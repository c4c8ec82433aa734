import { nextRoom, stretched } from '../math/growth.ts';
import {
  behind,
  bytesOf,
  compareTexts,
  headBytes,
  headOf,
  isWide,
  lengthOf,
  readHead,
  slice,
  writeText,
} from './packed-text.ts';

/** Bytes of an array that is cut into tuples; a longer tuple has an array of its own. A place is array and byte. */
const ARRAY_BITS = 18;
const ARRAY_BYTES = 1 << ARRAY_BITS;
const FIRST_BYTES = 256;
const FIRST_ROOM = 16;
const SEED_LIMIT = 2 ** 32;

/**
 * Tuples of texts by id, from 0: of each, its texts stand one behind the other in a few large arrays, so that hundreds of
 * thousands cost their bytes and 12 to 20 more, and no collector has to look at them. Texts are told
 * apart exactly, whatever they hold.
 */
export class PackedTuples {
  /** Texts in a tuple. */
  readonly width: number;
  length = 0;
  private readonly arrays: Buffer[] = [];
  /** Of the last array, what is cut. */
  private used = 0;
  /** Bytes of all arrays. */
  private total = 0;
  /** By id where it begins, and the hash of its texts. */
  private places: Uint32Array = new Uint32Array(FIRST_ROOM);
  private hashes: Int32Array = new Int32Array(FIRST_ROOM);
  /** Ids and 1 by hash, the next free place where that is taken; half of it is empty. */
  private index: Uint32Array = new Uint32Array(2 * FIRST_ROOM);
  /** Nobody who writes logs knows them, so nobody can write texts that crowd together. */
  private readonly seed = (Math.random() * SEED_LIMIT) | 0;
  private readonly factor = (Math.random() * SEED_LIMIT) | 0 | 1;

  constructor(width: number) {
    this.width = width;
  }

  /** The id of a tuple, -1 if there is none. */
  find(texts: readonly string[]): number {
    const hash = this.hashOf(texts);
    const { hashes, index } = this;
    const mask = index.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const id = index[place]! - 1;
      if (id < 0 || (hashes[id] === hash && this.holds(id, texts))) return id;
    }
  }

  /** The id of a tuple, which is added if there is none. */
  idOf(texts: readonly string[]): number {
    const known = this.find(texts);
    return known >= 0 ? known : this.add(texts);
  }

  /**
   * Adds a tuple that `find` does not know.
   * @returns its id
   */
  add(texts: readonly string[]): number {
    const id = this.length;
    if (id === this.places.length) this.grow();
    this.places[id] = this.write(texts);
    this.hashes[id] = this.hashOf(texts);
    this.length = id + 1;
    this.enter(id);
    return id;
  }

  /** The texts of an id that there is. */
  texts(id: number): string[] {
    const texts: string[] = [];
    const place = this.places[id]!;
    const array = this.arrays[place >>> ARRAY_BITS]!;
    let at = place & (ARRAY_BYTES - 1);
    for (let k = 0; k < this.width; k++) {
      const head = readHead(array, at);
      at += headBytes(head);
      const end = at + bytesOf(head);
      texts.push(slice(array, at, end, head));
      at = end;
    }
    return texts;
  }

  /** One text of an id that there is. */
  text(id: number, which: number): string {
    const place = this.places[id]!;
    const array = this.arrays[place >>> ARRAY_BITS]!;
    let at = place & (ARRAY_BYTES - 1);
    for (let k = 0; k < which; k++) at = behind(array, at);
    const head = readHead(array, at);
    at += headBytes(head);
    return slice(array, at, at + bytesOf(head), head);
  }

  /** The order of two ids by the bytes of their texts in UTF-8. */
  compare(a: number, b: number): number {
    const [placeA, placeB] = [this.places[a]!, this.places[b]!];
    const arrayA = this.arrays[placeA >>> ARRAY_BITS]!;
    const arrayB = this.arrays[placeB >>> ARRAY_BITS]!;
    let atA = placeA & (ARRAY_BYTES - 1);
    let atB = placeB & (ARRAY_BYTES - 1);
    for (let k = 0; k < this.width; k++) {
      const order = compareTexts(arrayA, atA, arrayB, atB);
      if (order !== 0) return order;
      atA = behind(arrayA, atA);
      atB = behind(arrayB, atB);
    }
    return 0;
  }

  private hashOf(texts: readonly string[]): number {
    const { factor, width } = this;
    let hash = this.seed;
    for (let k = 0; k < width; k++) {
      const text = texts[k] ?? '';
      for (let c = 0; c < text.length; c++) {
        hash = Math.imul(hash ^ text.charCodeAt(c), factor);
        hash ^= hash >>> 15;
      }
      // where a text ends
      hash = Math.imul(hash ^ (0x10000 + text.length), factor);
    }
    return hash ^ (hash >>> 16);
  }

  private holds(id: number, texts: readonly string[]): boolean {
    const place = this.places[id]!;
    const array = this.arrays[place >>> ARRAY_BITS]!;
    let at = place & (ARRAY_BYTES - 1);
    for (let k = 0; k < this.width; k++) {
      const text = texts[k] ?? '';
      const head = readHead(array, at);
      if (lengthOf(head) !== text.length) return false;
      at += headBytes(head);
      const wide = isWide(head);
      for (let c = 0; c < text.length; c++) {
        const unit = wide ? array[at + 2 * c]! | (array[at + 2 * c + 1]! << 8) : array[at + c]!;
        if (unit !== text.charCodeAt(c)) return false;
      }
      at += bytesOf(head);
    }
    return true;
  }

  /** Gives the place of what is written. */
  private write(texts: readonly string[]): number {
    let bytes = 0;
    for (let k = 0; k < this.width; k++) {
      const head = headOf(texts[k] ?? '');
      bytes += headBytes(head) + bytesOf(head);
    }
    const place = this.cut(bytes);
    const array = this.arrays[place >>> ARRAY_BITS]!;
    let at = place & (ARRAY_BYTES - 1);
    for (let k = 0; k < this.width; k++) at = writeText(array, at, texts[k] ?? '');
    return place;
  }

  /** Gives the place of so many free bytes. */
  private cut(bytes: number): number {
    const open = this.arrays.length - 1;
    if (open >= 0 && this.used + bytes <= this.arrays[open]!.length) {
      const byte = this.used;
      this.used += bytes;
      return ((open << ARRAY_BITS) | byte) >>> 0;
    }
    const ahead = Math.min(ARRAY_BYTES, Math.max(FIRST_BYTES, this.total));
    const array = Buffer.allocUnsafeSlow(Math.max(ahead, bytes));
    this.arrays.push(array);
    this.total += array.length;
    // a long tuple is the first of an array of its own, behind which no other has a place
    this.used = bytes > ARRAY_BYTES ? array.length : bytes;
    return ((open + 1) << ARRAY_BITS) >>> 0;
  }

  private enter(id: number): void {
    const { index } = this;
    const mask = index.length - 1;
    let place = this.hashes[id]! & mask;
    while (index[place] !== 0) place = (place + 1) & mask;
    index[place] = id + 1;
  }

  private grow(): void {
    const { length } = this;
    const room = nextRoom(length);
    this.places = stretched(this.places, room);
    this.hashes = stretched(this.hashes, room);
    if (2 * room <= this.index.length) return;
    this.index = new Uint32Array(2 * this.index.length);
    for (let id = 0; id < length; id++) this.enter(id);
  }
}
