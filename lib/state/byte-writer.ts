import { endianness } from 'node:os';

const FIRST_ROOM = 1 << 12;

/** Whether doubles lie in memory as they are written. */
export const isLittleEndian = endianness() === 'LE';

/** Bytes that grow: whole numbers as few bytes as they need, other numbers as doubles, texts once each. */
export class ByteWriter {
  private bytes = Buffer.allocUnsafe(FIRST_ROOM);
  private length = 0;
  private readonly texts = new Map<string, number>();

  /** What was written; valid until more is. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** @param x whole, 0 to 2^53 - 1: seven bits a byte, the lowest first, 128 added to all but the last */
  whole(x: number): void {
    this.reserve(8);
    let rest = x;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** Any double, NaN and infinities too. */
  double(x: number): void {
    this.reserve(8);
    this.bytes.writeDoubleLE(x, this.length);
    this.length += 8;
  }

  flag(is: boolean): void {
    this.whole(Number(is));
  }

  /** A list of any doubles, behind its length. */
  doubles(list: ArrayLike<number>): void {
    this.whole(list.length);
    if (isLittleEndian && list instanceof Float64Array) {
      this.raw(new Uint8Array(list.buffer, list.byteOffset, list.byteLength));
      return;
    }
    this.reserve(8 * list.length);
    for (let k = 0; k < list.length; k++) this.double(list[k]!);
  }

  /** A list of whole numbers as `whole`, behind its length. */
  wholes(list: ArrayLike<number>): void {
    this.whole(list.length);
    for (let k = 0; k < list.length; k++) this.whole(list[k]!);
  }

  /** The number of a text that was written before, else 0 and the text; lone surrogates stay what they are. */
  text(text: string): void {
    const known = this.texts.get(text);
    if (known !== undefined) {
      this.whole(known);
      return;
    }
    this.whole(0);
    this.texts.set(text, this.texts.size + 1);
    const isWellFormed = !/\p{Surrogate}/u.test(text);
    const bytes = Buffer.from(text, isWellFormed ? 'utf8' : 'utf16le');
    this.whole(2 * bytes.length + Number(!isWellFormed));
    this.raw(bytes);
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  private reserve(room: number): void {
    if (this.length + room <= this.bytes.length) return;
    const longer = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.length + room));
    this.bytes.copy(longer, 0, 0, this.length);
    this.bytes = longer;
  }
}
