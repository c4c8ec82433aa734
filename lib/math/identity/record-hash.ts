import { Word64 } from './word64.ts';

/** The five odd numbers of the algorithm, each a lower word and an upper one. */
const [L1, H1] = [0x85ebca87, 0x9e3779b1];
const [L2, H2] = [0x27d4eb4f, 0xc2b2ae3d];
const [L3, H3] = [0x9e3779f9, 0x165667b1];
const [L4, H4] = [0xc2b2ae63, 0x85ebca77];
const [L5, H5] = [0x165667c5, 0x27d4eb2f];
/** Bytes that the four lanes take at once. */
const STRIPE = 32;

/**
 * XXH64, the hash of 64 bits by Y. Collet (xxHash specification 0.1.1): quick where there are multiplications of 64 bits,
 * as in WebAssembly, and the same bits here. Not for tables whose keys someone hostile may choose.
 */
export class Xxh64 {
  private readonly hash = new Word64();
  private readonly word = new Word64();
  private readonly first = new Word64();
  private readonly second = new Word64();
  private readonly third = new Word64();
  private readonly fourth = new Word64();

  /**
   * @param seed integer, 0 to 2^53-1
   * @param from the first byte
   * @param end where to stop
   * @returns the hash, valid until the next call
   */
  of(bytes: Uint8Array, seed = 0, from = 0, end = bytes.length): Word64 {
    const { hash } = this;
    const stripes = (end - from) >>> 5;
    if (stripes === 0) hash.setNumber(seed).add(L5, H5);
    else this.takeStripes(bytes, seed, from, stripes);
    hash.add(end - from, 0);
    this.takeRest(bytes, from + stripes * STRIPE, end);
    return hash.xorShiftRight(33).multiply(L2, H2).xorShiftRight(29).multiply(L3, H3).xorShiftRight(32);
  }

  private takeStripes(bytes: Uint8Array, seed: number, from: number, stripes: number): void {
    const { first, second, third, fourth } = this;
    first.setNumber(seed).add(L1, H1).add(L2, H2);
    second.setNumber(seed).add(L2, H2);
    third.setNumber(seed);
    // less the first number, which is its complement and one
    fourth.setNumber(seed).add(~L1, ~H1).add(1, 0);
    for (let k = 0; k < stripes; k++) {
      const at = from + k * STRIPE;
      round(first, bytes, at);
      round(second, bytes, at + 8);
      round(third, bytes, at + 16);
      round(fourth, bytes, at + 24);
    }
    this.hash.set(0, 0);
    this.join(first, 1);
    this.join(second, 7);
    this.join(third, 12);
    this.join(fourth, 18);
    for (const lane of [first, second, third, fourth]) {
      lane.multiply(L2, H2).rotateLeft(31).multiply(L1, H1);
      this.hash.xor(lane.low, lane.high).multiply(L1, H1).add(L4, H4);
    }
  }

  private join(lane: Word64, rotation: number): void {
    const { low, high } = this.word.set(lane.low, lane.high).rotateLeft(rotation);
    this.hash.add(low, high);
  }

  /** Fewer bytes than a stripe has. */
  private takeRest(bytes: Uint8Array, from: number, end: number): void {
    const { hash, word } = this;
    let at = from;
    for (; end - at >= 8; at += 8) {
      round(word.set(0, 0), bytes, at);
      hash.xor(word.low, word.high).rotateLeft(27).multiply(L1, H1).add(L4, H4);
    }
    if (end - at >= 4) {
      word.set(wordAt(bytes, at), 0).multiply(L1, H1);
      hash.xor(word.low, word.high).rotateLeft(23).multiply(L2, H2).add(L3, H3);
      at += 4;
    }
    for (; at < end; at++) {
      word.set(bytes[at]!, 0).multiply(L5, H5);
      hash.xor(word.low, word.high).rotateLeft(11).multiply(L1, H1);
    }
  }
}

/** Eight bytes into a lane. */
function round(lane: Word64, bytes: Uint8Array, at: number): void {
  const { low, high } = lane;
  lane
    .set(wordAt(bytes, at), wordAt(bytes, at + 4))
    .multiply(L2, H2)
    .add(low, high);
  lane.rotateLeft(31).multiply(L1, H1);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
