import type { Head, Snapshot } from './snapshot.ts';

/**
 * A snapshot as bytes: the length of the head (four bytes, little-endian), the head as JSON, then every column in LEB128:
 * as the differences of its numbers, zigzag, where neighbours lie close together. Minutes ascend, so most of them are one
 * byte; deflate does the rest. What is as good as random is cut in two columns, of which deflate can make the upper one small:
 * seconds, in their unit, and days: the first of each pair, and the differences of the others.
 */

/** Numbers by their place. */
interface Column {
  readonly length: number;
  readonly at: (k: number) => number;
  /** Written as it is, not by differences. */
  readonly isPlain?: boolean;
}

interface Wire {
  readonly head: Head;
  /** The least day. */
  readonly day: number;
  /** Numbers in each column, in the order of `columnsOf`. */
  readonly counts: readonly number[];
}

/** Below it the lower part of a number that is cut in two. */
const LOW_SECONDS = 128;
const LOW_DAYS = 32;

const differences = (column: Uint32Array): Column => ({ length: column.length, at: (k) => column[k]! });
const plain = (column: Uint32Array): Column => ({ ...differences(column), isPlain: true });

/** The lower parts of numbers, then the upper ones. */
function halves(length: number, low: number, at: (k: number) => number): [Column, Column] {
  return [
    { length, at: (k) => at(k) % low, isPlain: true },
    { length, at: (k) => Math.floor(at(k) / low), isPlain: true },
  ];
}

function columnsOf({ head, pairs, cells, activity }: Snapshot, least: number): Column[] {
  const { pair, day, seconds } = cells;
  const { firsts, others } = placesOf(pair);
  return [
    differences(pairs.user),
    differences(pairs.target),
    differences(pair),
    ...halves(firsts.length, LOW_DAYS, (k) => day[firsts[k]!]! - least),
    ...halves(others.length, LOW_DAYS, (k) => zigzag(day[others[k]!]! - day[others[k]! - 1]!)),
    plain(cells.sessions),
    ...halves(seconds.length, LOW_SECONDS, (k) => Math.floor(seconds[k]! / head.secondsUnit)),
    differences(activity.minute),
    plain(activity.starts),
    plain(activity.ends),
  ];
}

/** The cells that are the first of a pair, and those that are not. */
function placesOf(pair: Uint32Array): { firsts: Uint32Array; others: Uint32Array } {
  const firsts = new Uint32Array(pair.length);
  const others = new Uint32Array(pair.length);
  let count = 0;
  for (let k = 0; k < pair.length; k++) {
    if (k === 0 || pair[k] !== pair[k - 1]) firsts[count++] = k;
    else others[k - count] = k;
  }
  return { firsts: firsts.subarray(0, count), others: others.subarray(0, pair.length - count) };
}

const zigzag = (difference: number): number => (difference < 0 ? -2 * difference - 1 : 2 * difference);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** At most: a zigzag difference of two numbers of 32 bits has 33 bits. */
const MOST_BYTES = 5;

function bytesOf({ length, at, isPlain }: Column): Uint8Array {
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

/** A snapshot as bytes, piece by piece: the head, then a column each, which is made when it is asked for. */
export function* snapshotPieces(snapshot: Snapshot): Generator<Uint8Array> {
  const day = snapshot.cells.day.reduce((least, of) => Math.min(least, of), 0xffff_ffff);
  const columns = columnsOf(snapshot, day);
  const wire: Wire = { head: snapshot.head, day, counts: columns.map((column) => column.length) };
  const head = new TextEncoder().encode(JSON.stringify(wire));
  const first = new Uint8Array(4 + head.length);
  new DataView(first.buffer).setUint32(0, head.length, true);
  first.set(head, 4);
  yield first;
  for (const column of columns) yield bytesOf(column);
}

export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const pieces = [...snapshotPieces(snapshot)];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    bytes.set(piece, place);
    place += piece.length;
  }
  return bytes;
}

/** @throws {RangeError} if the bytes are no snapshot of this version, or end too early */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const headLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { head, day, counts } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(4, 4 + headLength)),
  ) as Wire;
  if (head?.version !== 3) throw new RangeError('the data is not of the version that this page reads');
  const reader = new Reader(bytes, 4 + headLength);
  const left = [...counts];
  const plain = (): Uint32Array => reader.plain(left.shift() ?? 0);
  const differences = (): Uint32Array => reader.differences(left.shift() ?? 0);
  const user = differences();
  const target = differences();
  const pair = differences();
  const firsts: Halves = { low: plain(), high: plain() };
  const others: Halves = { low: plain(), high: plain() };
  const sessions = plain();
  const seconds = inSeconds({ low: plain(), high: plain() }, head.secondsUnit);
  const minute = differences();
  return {
    head,
    pairs: { user, target },
    cells: { pair, day: daysOf(pair, firsts, others, day), sessions, seconds },
    activity: { minute, starts: plain(), ends: plain() },
  };
}

interface Halves {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

function inSeconds({ low, high }: Halves, unit: number): Uint32Array {
  for (let k = 0; k < high.length; k++) high[k] = (high[k]! * LOW_SECONDS + low[k]!) * unit;
  return high;
}

function daysOf(pair: Uint32Array, firsts: Halves, others: Halves, least: number): Uint32Array {
  const days = new Uint32Array(pair.length);
  const of = ({ low, high }: Halves, k: number): number => high[k]! * LOW_DAYS + low[k]!;
  let count = 0;
  for (let k = 0; k < pair.length; k++) {
    if (k === 0 || pair[k] !== pair[k - 1]) days[k] = least + of(firsts, count++);
    else days[k] = days[k - 1]! + unzigzag(of(others, k - count));
  }
  return days;
}

/** Reads columns one behind the other. */
class Reader {
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
