import { randomBytes } from 'node:crypto';
import { grown } from '../math/growth.ts';

const FIRST_ROOM = 1024;

/** Numbers for pairs of whole numbers of 32 bits, from 0, in the order in which they come: columns, no object each. */
export class PairTable {
  length = 0;
  first = new Uint32Array(FIRST_ROOM);
  second = new Uint32Array(FIRST_ROOM);
  /** So that nobody can prepare pairs that crowd together. */
  private readonly secret = randomBytes(4).readInt32LE();
  /** Numbers plus one; 0 = none. */
  private index = new Uint32Array(2 * FIRST_ROOM);

  number(first: number, second: number): number {
    const place = this.placeOf(first, second);
    const known = this.index[place]!;
    if (known !== 0) return known - 1;
    const number = this.length++;
    this.first[number] = first;
    this.second[number] = second;
    this.index[place] = this.length;
    if (this.length === this.first.length) this.grow();
    return number;
  }

  /** The number of a pair; -1 if it has none. */
  find(first: number, second: number): number {
    return this.index[this.placeOf(first, second)]! - 1;
  }

  private placeOf(first: number, second: number): number {
    const { index } = this;
    const mask = index.length - 1;
    let place = mixed(mixed(this.secret, first), second) & mask;
    for (;;) {
      const number = index[place]! - 1;
      if (number < 0 || (this.first[number] === first && this.second[number] === second)) return place;
      place = (place + 1) & mask;
    }
  }

  private grow(): void {
    const room = 2 * this.first.length;
    this.first = grown(this.first, room);
    this.second = grown(this.second, room);
    this.index = new Uint32Array(2 * room);
    for (let k = 0; k < this.length; k++) {
      this.index[this.placeOf(this.first[k]!, this.second[k]!)] = k + 1;
    }
  }
}

/** A hash and one more word. */
export function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e37_79b1);
  return product ^ (product >>> 15);
}
