/**
 * A number of 64 bits, as two words of 32, that is computed in place: BigInt would make an object for every step.
 * Methods give the number itself, so that they can be written one behind the other.
 */
export class Word64 {
  low = 0;
  high = 0;

  /** Two whole numbers, of which the lower 32 bits count. */
  set(low: number, high: number): this {
    this.low = low | 0;
    this.high = high | 0;
    return this;
  }

  /** @param x integer, 0 to 2^53-1 */
  setNumber(x: number): this {
    return this.set(x, x / 2 ** 32);
  }

  add(low: number, high: number): this {
    const sum = (this.low + low) | 0;
    const carry = Number(sum >>> 0 < low >>> 0) | 0;
    return this.set(sum, this.high + high + carry);
  }

  multiply(low: number, high: number): this {
    const own = this.low;
    const a = own & 0xffff;
    const b = own >>> 16;
    const c = low & 0xffff;
    const d = low >>> 16;
    // the upper half of the product of the lower words, by halves: nothing leaves 32 bits, and nothing becomes a double
    const first = (Math.imul(b, c) + (Math.imul(a, c) >>> 16)) | 0;
    const second = (Math.imul(a, d) + (first & 0xffff)) | 0;
    const upper = (Math.imul(b, d) + (first >>> 16) + (second >>> 16)) | 0;
    return this.set(Math.imul(own, low), (upper + Math.imul(own, high) + Math.imul(this.high, low)) | 0);
  }

  xor(low: number, high: number): this {
    return this.set(this.low ^ low, this.high ^ high);
  }

  /** @param bits 1 to 31 */
  rotateLeft(bits: number): this {
    const { low, high } = this;
    return this.set((low << bits) | (high >>> (32 - bits)), (high << bits) | (low >>> (32 - bits)));
  }

  /**
   * x ^= x >>> bits
   * @param bits 1 to 63
   */
  xorShiftRight(bits: number): this {
    const { low, high } = this;
    if (bits >= 32) return this.xor(high >>> (bits - 32), 0);
    return this.xor((low >>> bits) | (high << (32 - bits)), high >>> bits);
  }
}
