const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A reproducible source of random numbers (sfc32): the same seed gives the same numbers on every machine. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 0x1_0000_0000) | 0;
    this.c = 0x9e3779b9 | 0;
    // Nearby seeds differ in a few bits only: some rounds spread them over the whole state.
    for (let round = 0; round < 15; round++) this.bits();
  }

  /** 32 random bits as a signed integer. */
  bits(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return (this.bits() >>> 0) / 0x1_0000_0000;
  }

  /** Uniform integer in [0, below). */
  int(below: number): number {
    return Math.floor(this.unit() * below);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)] as T;
  }

  /** Exponentially distributed, as the gaps between independent events are. */
  exponential(mean: number): number {
    return -Math.log(1 - this.unit()) * mean;
  }

  /** Lower-case hexadecimal digits, eight for each word. */
  hex(words: number): string {
    let digits = '';
    for (let k = 0; k < words; k++) {
      const bits = this.bits();
      for (let shift = 24; shift >= 0; shift -= 8) digits += hexOfByte[(bits >>> shift) & 255];
    }
    return digits;
  }

  /** Shuffles in place. */
  shuffle<T>(list: T[]): T[] {
    for (let k = list.length - 1; k > 0; k--) {
      const other = this.int(k + 1);
      const kept = list[k] as T;
      list[k] = list[other] as T;
      list[other] = kept;
    }
    return list;
  }
}
