/**
 * XXH64 with seed 0, of which zstd keeps the lower half as its checksum. 64 bits are two halves of 32 here, upper and
 * lower, which is ten times as fast as BigInt.
 */

type Halves = readonly [upper: number, lower: number];

const P1: Halves = [0x9e3779b1, 0x85ebca87];
const P2: Halves = [0xc2b2ae3d, 0x27d4eb4f];
const [P1_UPPER, P1_LOWER] = P1;
const [P2_UPPER, P2_LOWER] = P2;
const P3: Halves = [0x165667b1, 0x9e3779f9];
const P4: Halves = [0x85ebca77, 0xc2b2ae63];
const P5: Halves = [0x27d4eb2f, 0x165667c5];

/** Bytes that four lanes take at once, 8 each. */
const STRIPE = 32;

/** The result of the operations below: an object for each would cost more than they do. */
let upper = 0;
let lower = 0;

function multiply(h: number, l: number, bh: number, bl: number): void {
  const l0 = l & 0xffff;
  const l1 = l >>> 16;
  const b0 = bl & 0xffff;
  const b1 = bl >>> 16;
  const middle = l1 * b0 + ((l0 * b0) >>> 16);
  const other = l0 * b1 + (middle & 0xffff);
  const carried = l1 * b1 + (middle >>> 16) + (other >>> 16);
  upper = (carried + Math.imul(h, bl) + Math.imul(l, bh)) | 0;
  lower = Math.imul(l, bl);
}

function add(h: number, l: number, bh: number, bl: number): void {
  const sum = (l >>> 0) + (bl >>> 0);
  lower = sum | 0;
  upper = (h + bh + (sum > 0xffffffff ? 1 : 0)) | 0;
}

/** By less than 32 bits. */
function rotate(h: number, l: number, by: number): void {
  upper = (h << by) | (l >>> (32 - by));
  lower = (l << by) | (h >>> (32 - by));
}

/** One step of a lane, whose state is in the result, with 8 bytes of input. */
function round(h: number, l: number, inputUpper: number, inputLower: number): void {
  multiply(inputUpper, inputLower, P2_UPPER, P2_LOWER);
  add(h, l, upper, lower);
  rotate(upper, lower, 31);
  multiply(upper, lower, P1_UPPER, P1_LOWER);
}

export class Xxh64 {
  /** Upper and lower halves of the four lanes. */
  private readonly lanes = new Int32Array(8);
  private readonly rest = Buffer.alloc(STRIPE);
  private restLength = 0;
  /** In bytes, below 2^53. */
  private length = 0;

  constructor() {
    const { lanes } = this;
    add(...P1, ...P2);
    lanes.set([upper, lower, ...P2, 0, 0]);
    // minus P1
    add(~P1[0], ~P1[1], 0, 1);
    lanes.set([upper, lower], 6);
  }

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    let at = 0;
    if (this.restLength > 0) {
      at = Math.min(STRIPE - this.restLength, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restLength);
      this.restLength += at;
      if (this.restLength < STRIPE) return;
      this.stripes(this.rest);
    }
    const whole = at + (bytes.length - at) - ((bytes.length - at) % STRIPE);
    this.stripes(bytes.subarray(at, whole));
    this.rest.set(bytes.subarray(whole));
    this.restLength = bytes.length - whole;
  }

  private stripes(bytes: Uint8Array): void {
    const { lanes } = this;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; at += STRIPE) {
      for (let lane = 0; lane < 8; lane += 2) {
        const place = at + 4 * lane;
        const h = view.getInt32(place + 4, true);
        round(lanes[lane]!, lanes[lane + 1]!, h, view.getInt32(place, true));
        lanes[lane] = upper;
        lanes[lane + 1] = lower;
      }
    }
  }

  /** The lower half of the hash of all that came, as an unsigned number. */
  lowerHalf(): number {
    this.converge();
    add(upper, lower, Math.floor(this.length / 2 ** 32), this.length | 0);
    this.mixRest();
    let [h, l] = [upper, lower];
    // h ^= h >>> 33
    multiply(h, l ^ (h >>> 1), ...P2);
    [h, l] = [upper, lower];
    // h ^= h >>> 29
    multiply(h ^ (h >>> 29), l ^ ((l >>> 29) | (h << 3)), ...P3);
    // h ^= h >>> 32
    return (lower ^ upper) >>> 0;
  }

  /** The lanes as one. */
  private converge(): void {
    if (this.length < STRIPE) {
      [upper, lower] = P5;
      return;
    }
    const { lanes } = this;
    let [h, l] = [0, 0];
    [1, 7, 12, 18].forEach((by, lane) => {
      rotate(lanes[2 * lane]!, lanes[2 * lane + 1]!, by);
      add(h, l, upper, lower);
      [h, l] = [upper, lower];
    });
    for (let lane = 0; lane < 8; lane += 2) {
      round(0, 0, lanes[lane]!, lanes[lane + 1]!);
      multiply(h ^ upper, l ^ lower, ...P1);
      add(upper, lower, ...P4);
      [h, l] = [upper, lower];
    }
  }

  /** What is left behind the last stripe: by 8 bytes, 4, and 1. */
  private mixRest(): void {
    const { rest, restLength } = this;
    let at = 0;
    for (; at + 8 <= restLength; at += 8) {
      const [h, l] = [upper, lower];
      round(0, 0, rest.readInt32LE(at + 4), rest.readInt32LE(at));
      rotate(h ^ upper, l ^ lower, 27);
      multiply(upper, lower, ...P1);
      add(upper, lower, ...P4);
    }
    if (at + 4 <= restLength) {
      const [h, l] = [upper, lower];
      multiply(0, rest.readInt32LE(at), ...P1);
      rotate(h ^ upper, l ^ lower, 23);
      multiply(upper, lower, ...P2);
      add(upper, lower, ...P3);
      at += 4;
    }
    for (; at < restLength; at++) {
      const [h, l] = [upper, lower];
      multiply(0, rest[at]!, ...P5);
      rotate(h ^ upper, l ^ lower, 11);
      multiply(upper, lower, ...P1);
    }
  }
}
