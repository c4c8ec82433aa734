/** Columns of whole numbers as bytes: LEB128, of the numbers themselves or of the zigzagged difference to the one before. */

export const zigzag = (difference: number): number => (difference < 0 ? -2 * difference - 1 : 2 * difference);
export const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** Below it a number is one byte, as nearly all are. */
const SINGLE = 0x80;
/** More than that is a byte to begin with: a zigzag difference of two numbers of 32 bits has 33 bits. */
const MOST_MORE = 4;

export type Numbers = Uint32Array | Float64Array;

/** The numbers in some places of a column, in the order of the places. */
export function picked(column: Uint32Array, places: Uint32Array): Uint32Array {
  const numbers = new Uint32Array(places.length);
  for (let k = 0; k < places.length; k++) numbers[k] = column[places[k]!]!;
  return numbers;
}

export function plainBytes(numbers: Numbers): Uint8Array {
  let long = 0;
  for (let k = 0; k < numbers.length; k++) if (numbers[k]! >= SINGLE) long++;
  const bytes = new Uint8Array(numbers.length + MOST_MORE * long);
  let place = 0;
  for (let k = 0; k < numbers.length; k++) {
    const number = numbers[k]!;
    if (number < SINGLE) bytes[place++] = number;
    else place = write(number, bytes, place);
  }
  return bytes.subarray(0, place);
}

export function differenceBytes(numbers: Uint32Array): Uint8Array {
  const steps = new Float64Array(numbers.length);
  let before = 0;
  for (let k = 0; k < numbers.length; k++) {
    steps[k] = zigzag(numbers[k]! - before);
    before = numbers[k]!;
  }
  return plainBytes(steps);
}

/** Gives the place behind it. */
function write(number: number, bytes: Uint8Array, at: number): number {
  let place = at;
  let left = number;
  while (left >= SINGLE) {
    bytes[place++] = (left % SINGLE) | SINGLE;
    left = Math.floor(left / SINGLE);
  }
  bytes[place++] = left;
  return place;
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
    return byte < SINGLE ? byte : this.further(byte);
  }

  private further(first: number | undefined): number {
    let byte = first;
    let value = 0;
    let scale = 1;
    for (;;) {
      if (byte === undefined) throw new RangeError('the data ends too early');
      value += (byte % SINGLE) * scale;
      if (byte < SINGLE) return value;
      scale *= SINGLE;
      byte = this.bytes[this.place++];
    }
  }
}
