import type { Cells, Head, Snapshot } from './snapshot.ts';

/**
 * A snapshot as bytes: the length of the head (four bytes, little-endian), the head as JSON, then every column in LEB128:
 * as the differences of its numbers, zigzag, where neighbours lie close together. Minutes ascend, so most of them are one
 * byte; gzip does the rest. What is as good as random is cut in two columns, of which gzip can make the upper one small:
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

/** Writes a column behind `place`; gives the place behind it. */
function writeColumn({ length, at, isPlain }: Column, bytes: Uint8Array, from: number): number {
  let place = from;
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
  return place;
}

export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const day = snapshot.cells.day.reduce((least, of) => Math.min(least, of), 0xffff_ffff);
  const columns = columnsOf(snapshot, day);
  const wire: Wire = { head: snapshot.head, day, counts: columns.map((column) => column.length) };
  const head = new TextEncoder().encode(JSON.stringify(wire));
  const most = wire.counts.reduce((sum, count) => sum + count * MOST_BYTES, 0);
  const bytes = new Uint8Array(4 + head.length + most);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  let place = 4 + head.length;
  for (const column of columns) place = writeColumn(column, bytes, place);
  return bytes.subarray(0, place);
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
  const next = (): number => left.shift() ?? 0;
  const user = reader.differences(next());
  const target = reader.differences(next());
  const pair = reader.differences(next());
  const firsts = joined(reader.plain(next()), reader.plain(next()), LOW_DAYS);
  const others = joined(reader.plain(next()), reader.plain(next()), LOW_DAYS);
  const sessions = reader.plain(next());
  const seconds = joined(reader.plain(next()), reader.plain(next()), LOW_SECONDS);
  const cells: Cells = {
    pair,
    day: daysOf(pair, firsts, others, day),
    sessions: Uint32Array.from(sessions),
    seconds: Uint32Array.from(seconds, (units) => units * head.secondsUnit),
  };
  const minute = reader.differences(next());
  const starts = Uint32Array.from(reader.plain(next()));
  const ends = Uint32Array.from(reader.plain(next()));
  return { head, pairs: { user, target }, cells, activity: { minute, starts, ends } };
}

/** The lower parts of numbers and the upper ones: put into the latter. */
function joined(low: Float64Array, high: Float64Array, scale: number): Float64Array {
  for (let k = 0; k < high.length; k++) high[k] = high[k]! * scale + low[k]!;
  return high;
}

function daysOf(pair: Uint32Array, firsts: Float64Array, others: Float64Array, least: number): Uint32Array {
  const days = new Uint32Array(pair.length);
  let count = 0;
  for (let k = 0; k < pair.length; k++) {
    if (k === 0 || pair[k] !== pair[k - 1]) days[k] = least + firsts[count++]!;
    else days[k] = days[k - 1]! + unzigzag(others[k - count]!);
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

  plain(count: number): Float64Array {
    const column = new Float64Array(count);
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
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.place++];
      if (byte === undefined) throw new RangeError('the data ends too early');
      value += (byte % 0x80) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }
}
