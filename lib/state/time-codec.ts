import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** In whole parts of it times lie close together. */
const PARTS = 1000;
/** So that twice as much is still exact. */
const FARTHEST = 2 ** 51;

/**
 * Times, or other numbers of three decimals at most, each as its distance from the one before: a few bytes where they lie
 * close together. Any other number is kept as a double.
 */
export class TimeWriter {
  private readonly to: ByteWriter;
  private last = 0;

  constructor(to: ByteWriter) {
    this.to = to;
  }

  write(time: number): void {
    const parts = Math.round(time * PARTS);
    const distance = parts - this.last;
    if (!Number.isSafeInteger(parts) || Math.abs(distance) >= FARTHEST || parts / PARTS !== time) {
      this.to.whole(0);
      this.to.double(time);
      return;
    }
    this.to.whole(1 + (distance < 0 ? -2 * distance - 1 : 2 * distance));
    this.last = parts;
  }
}

/** What a TimeWriter wrote. */
export class TimeReader {
  private readonly from: ByteReader;
  private last = 0;

  constructor(from: ByteReader) {
    this.from = from;
  }

  /** @throws {DamagedBytes} */
  read(): number {
    const code = this.from.whole();
    if (code === 0) return this.from.double();
    const twice = code - 1;
    this.last += twice % 2 === 0 ? twice / 2 : -(twice + 1) / 2;
    return this.last / PARTS;
  }
}
