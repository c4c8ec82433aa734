import { isLittleEndian } from './byte-writer.ts';

/** Bytes that no ByteWriter has written. */
export class DamagedBytes extends Error {}

/** Reads what a ByteWriter wrote, in the same order. @throws DamagedBytes for anything else */
export class ByteReader {
  private readonly bytes: Buffer;
  /** Where the next one begins. */
  private at = 0;
  private readonly texts: string[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  whole(): number {
    let x = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new DamagedBytes('it ends too early');
      x += (byte & 127) * weight;
      if (byte < 128) break;
    }
    if (!Number.isSafeInteger(x)) throw new DamagedBytes('a number is too large');
    return x;
  }

  double(): number {
    this.need(8);
    const x = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    return x;
  }

  flag(): boolean {
    return this.whole() !== 0;
  }

  doubles(): Float64Array {
    const length = this.whole();
    this.need(8 * length);
    const list = new Float64Array(length);
    if (isLittleEndian) Buffer.from(list.buffer).set(this.raw(8 * length));
    else for (let k = 0; k < length; k++) list[k] = this.double();
    return list;
  }

  passDoubles(): void {
    this.raw(8 * this.whole());
  }

  passWholes(): void {
    for (let left = this.whole(); left > 0; left--) this.whole();
  }

  /** The bytes of what a function reads or passes. */
  bytesOf(read: (from: this) => void): Buffer {
    const start = this.at;
    read(this);
    return this.bytes.subarray(start, this.at);
  }

  wholes(): number[] {
    const length = this.whole();
    this.need(length);
    return Array.from({ length }, () => this.whole());
  }

  text(): string {
    const known = this.whole();
    if (known > 0) {
      const text = this.texts[known - 1];
      if (text === undefined) throw new DamagedBytes('it names a text that it does not have');
      return text;
    }
    const size = this.whole();
    const text = this.raw(Math.floor(size / 2)).toString(size % 2 === 0 ? 'utf8' : 'utf16le');
    this.texts.push(text);
    return text;
  }

  raw(length: number): Buffer {
    this.need(length);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private need(length: number): void {
    if (this.at + length > this.bytes.length) throw new DamagedBytes('it ends too early');
  }
}
