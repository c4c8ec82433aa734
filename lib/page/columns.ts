import { packActivity, unpackActivity } from './activity-columns.ts';
import { packHistories, unpackHistories, type WireHistories } from './history-groups.ts';
import { type Head, type Snapshot, VERSION } from './snapshot.ts';
import { ColumnReader, differenceBytes, picked, plainBytes, unzigzag, zigzag } from './whole-numbers.ts';

/**
 * A snapshot as bytes: the length of the head (four bytes, little-endian), the head as JSON, then every column in LEB128:
 * as the differences of its numbers, zigzag, where neighbours lie close together. Minutes ascend, so most of them are one
 * byte; deflate does the rest. Of cells that are one behind the other's pair stand the pair once and their number. What is as
 * good as random is cut in two columns, of which deflate can make the upper one small: seconds, in their unit, and days: the
 * first of each pair, and the differences of the others.
 */

interface Wire {
  readonly head: Omit<Head, 'metrics'>;
  readonly metrics: WireHistories;
  /** The least day. */
  readonly day: number;
  /** Numbers in each column, in the order of `columnsOf`. */
  readonly counts: readonly number[];
}

/** Below it the lower part of a number that is cut in two: a power of two, of one byte. */
const LOW_SECONDS = 128;
const LOW_DAYS = 32;

interface Column {
  readonly length: number;
  /** Made when they are asked for, in the order of columns: all at once would be a third of the memory of a page. */
  readonly bytes: () => Uint8Array;
}

const plain = (column: Uint32Array): Column => ({ length: column.length, bytes: () => plainBytes(column) });

const differences = (column: Uint32Array, places?: Uint32Array): Column => ({
  length: places?.length ?? column.length,
  bytes: () => differenceBytes(places === undefined ? column : picked(column, places)),
});

/** The lower parts of numbers, then the upper ones. @param make those of which both are, into zeros */
function halves(length: number, low: number, make: (numbers: Float64Array) => void): [Column, Column] {
  let left: Float64Array | undefined;
  const lower = (): Uint8Array => {
    const numbers = new Float64Array(length);
    make(numbers);
    left = numbers;
    const bytes = new Uint8Array(length);
    for (let k = 0; k < length; k++) bytes[k] = numbers[k]! & (low - 1);
    return bytes;
  };
  const upper = (): Uint8Array => {
    const numbers = left!;
    left = undefined;
    for (let k = 0; k < length; k++) numbers[k] = Math.floor(numbers[k]! / low);
    return plainBytes(numbers);
  };
  return [
    { length, bytes: lower },
    { length, bytes: upper },
  ];
}

function columnsOf({ head, pairs, cells, activity }: Snapshot, least: number): Column[] {
  const { pair, day, seconds } = cells;
  const { firsts, others } = placesOf(pair);
  const { starts, ends, below } = packActivity(activity);
  const firstDays = (to: Float64Array): void => {
    for (let k = 0; k < to.length; k++) to[k] = day[firsts[k]!]! - least;
  };
  const steps = (to: Float64Array): void => {
    for (let k = 0; k < to.length; k++) to[k] = zigzag(day[others[k]!]! - day[others[k]! - 1]!);
  };
  const units = (to: Float64Array): void => {
    for (let k = 0; k < to.length; k++) to[k] = Math.floor(seconds[k]! / head.secondsUnit);
  };
  return [
    differences(pairs.user),
    differences(pairs.target),
    differences(pair, firsts),
    plain(runsFrom(firsts, pair.length)),
    ...halves(firsts.length, LOW_DAYS, firstDays),
    ...halves(others.length, LOW_DAYS, steps),
    plain(cells.sessions),
    ...halves(seconds.length, LOW_SECONDS, units),
    differences(activity.minute),
    plain(starts),
    plain(ends),
    plain(below),
  ];
}

/** How far it is from each place to the next one, from the last one to the end. */
function runsFrom(places: Uint32Array, end: number): Uint32Array {
  const runs = new Uint32Array(places.length);
  let next = end;
  for (let k = runs.length - 1; k >= 0; k--) {
    runs[k] = next - places[k]!;
    next = places[k]!;
  }
  return runs;
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

/** A snapshot as bytes, piece by piece: the head, then a column each, which is made when it is asked for. */
export function* snapshotPieces(snapshot: Snapshot): Generator<Uint8Array> {
  const day = leastOf(snapshot.cells.day);
  const columns = columnsOf(snapshot, day);
  const { metrics, ...rest } = snapshot.head;
  const counts = columns.map((column) => column.length);
  const wire: Wire = { head: rest, metrics: packHistories(metrics), day, counts };
  const head = new TextEncoder().encode(JSON.stringify(wire));
  const first = new Uint8Array(4 + head.length);
  new DataView(first.buffer).setUint32(0, head.length, true);
  first.set(head, 4);
  yield first;
  for (const column of columns) yield column.bytes();
}

function leastOf(numbers: Uint32Array): number {
  let least = 0xffff_ffff;
  for (let k = 0; k < numbers.length; k++) if (numbers[k]! < least) least = numbers[k]!;
  return least;
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
  const { head, metrics, day, counts } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(4, 4 + headLength)),
  ) as Wire;
  if (head?.version !== VERSION) throw new RangeError('the data is not of the version that this page reads');
  const reader = new ColumnReader(bytes, 4 + headLength);
  const left = [...counts];
  const plain = (): Uint32Array => reader.plain(left.shift() ?? 0);
  const differences = (): Uint32Array => reader.differences(left.shift() ?? 0);
  const user = differences();
  const target = differences();
  const pair = repeated(differences(), plain());
  const firsts: Halves = { low: plain(), high: plain() };
  const others: Halves = { low: plain(), high: plain() };
  const sessions = plain();
  const seconds = inSeconds({ low: plain(), high: plain() }, head.secondsUnit);
  return {
    head: { ...head, metrics: unpackHistories(metrics) },
    pairs: { user, target },
    cells: { pair, day: daysOf(pair, firsts, others, day), sessions, seconds },
    activity: unpackActivity({ minute: differences(), starts: plain(), ends: plain(), below: plain() }),
  };
}

function repeated(numbers: Uint32Array, times: Uint32Array): Uint32Array {
  const all = new Uint32Array(times.reduce((sum, of) => sum + of, 0));
  let place = 0;
  for (let k = 0; k < times.length; k++) {
    all.fill(numbers[k]!, place, place + times[k]!);
    place += times[k]!;
  }
  return all;
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
