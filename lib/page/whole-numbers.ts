/** Columns of whole numbers as bytes: LEB128, of the numbers themselves or of the zigzagged difference to the one before. */

/** Numbers by their place. */
export interface Column {
  readonly length: number;
  readonly at: (k: number) => number;
  /** Written as it is, not by differences. */
  readonly isPlain?: boolean;
}

export const zigzag = (difference: number): number => (difference < 0 ? -2 * difference - 1 : 2 * difference);
export const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** At most: a zigzag difference of two numbers of 32 bits has 33 bits. */
const MOST_BYTES = 5;

export function bytesOf({ length, at, isPlain }: Column): Uint8Array {
  const bytes = new Uint8Array(MOST_BYTES * length);
  let place = 0;
  let before = 0;
  for (let k = 0; k < length; k++) {
    const number = at(k);
    let left = isPlain === true ? number : zigzag(number - before);
    while (left >= 0x80) {
      bytes[place++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    bytes[place++] = left;
    before = number;
  }
  return bytes.subarray(0, place);
}

/** Reads columns one behind the other. */
export class ColumnReader {
  private readonly bytes: Uint8Array;
  private place: number;

  constructor(bytes: Uint8Array, place: number) {
    this.bytes = bytes;
    this.place = place;
  }

  plain(count: number): Uint32Array {
    const column = new Uint32Array(count);
    for (let k = 0; k < count; k++) column[k] = this.number();
    return column;
  }

  differences(count: number): Uint32Array {
    const column = new Uint32Array(count);
    let before = 0;
    for (let k = 0; k < count; k++) {
      before += unzigzag(this.number());
      column[k] = before;
    }
    return column;
  }

  private number(): number {
    const byte = this.bytes[this.place++]!;
    // nearly all are of one byte
    return byte < 0x80 ? byte : this.further(byte);
  }

  private further(first: number | undefined): number {
    let byte = first;
    let value = 0;
    let scale = 1;
    for (;;) {
      if (byte === undefined) throw new RangeError('the data ends too early');
      value += (byte % 0x80) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
      byte = this.bytes[this.place++];
    }
  }
}
