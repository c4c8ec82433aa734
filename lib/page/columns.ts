import type { Head, Snapshot } from './snapshot.ts';

/**
 * A snapshot as bytes: the length of the head (four bytes, little-endian), the head as JSON, then every column in LEB128:
 * as the differences of its numbers, zigzag, where neighbours lie close together. Days and minutes ascend, so most of them
 * are one byte; gzip does the rest. Seconds are as good as random: their lowest seven bits are a column of their own, and
 * what is above them is another, which gzip makes small.
 */

type Column = Uint32Array;

interface Wire {
  readonly head: Head;
  /** Numbers in each column, in the order of `columnsOf`. */
  readonly counts: readonly number[];
}

const LOW = 128;
/** The columns that are written as they are, not by differences. */
const isPlain = [false, false, false, false, true, true, true, false, false, false];

function columnsOf({ pairs, cells, activity }: Snapshot): Column[] {
  return [
    pairs.user,
    pairs.target,
    cells.pair,
    cells.day,
    cells.sessions,
    cells.seconds.map((seconds) => seconds % LOW),
    cells.seconds.map((seconds) => Math.floor(seconds / LOW)),
    activity.minute,
    activity.starts,
    activity.ends,
  ];
}

/** At most: a zigzag difference of two numbers of 32 bits has 33 bits. */
const MOST_BYTES = 5;

/** Writes a column behind `at`; gives the place behind it. */
function writeColumn(column: Column, plain: boolean, bytes: Uint8Array, at: number): number {
  let place = at;
  let before = 0;
  for (const number of column) {
    const difference = number - before;
    let left = plain ? number : difference < 0 ? -2 * difference - 1 : 2 * difference;
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
  const columns = columnsOf(snapshot);
  const wire: Wire = { head: snapshot.head, counts: columns.map((column) => column.length) };
  const head = new TextEncoder().encode(JSON.stringify(wire));
  const most = wire.counts.reduce((sum, count) => sum + count * MOST_BYTES, 0);
  const bytes = new Uint8Array(4 + head.length + most);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  let place = 4 + head.length;
  columns.forEach((column, k) => {
    place = writeColumn(column, isPlain[k]!, bytes, place);
  });
  return bytes.subarray(0, place);
}

/** @throws {RangeError} if the bytes are no snapshot of this version, or end too early */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const headLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const wire = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headLength))) as Wire;
  if (wire.head?.version !== 2) throw new RangeError('the data is not of the version that this page reads');
  let place = 4 + headLength;
  const columns = wire.counts.map((count, index) => {
    const column = new Uint32Array(count);
    let before = 0;
    for (let k = 0; k < count; k++) {
      let value = 0;
      let scale = 1;
      for (;;) {
        const byte = bytes[place++];
        if (byte === undefined) throw new RangeError('the data ends too early');
        value += (byte % 0x80) * scale;
        if (byte < 0x80) break;
        scale *= 0x80;
      }
      if (!isPlain[index]) value = before + (value % 2 === 1 ? -(value + 1) / 2 : value / 2);
      column[k] = value;
      before = value;
    }
    return column;
  });
  const [user, target, pair, day, sessions, low, high, minute, starts, ends] = columns as [
    ...[Column, Column, Column, Column, Column, Column, Column, Column, Column, Column],
  ];
  const seconds = low.map((bits, k) => bits + LOW * high[k]!);
  return {
    head: wire.head,
    pairs: { user, target },
    cells: { pair, day, sessions, seconds },
    activity: { minute, starts, ends },
  };
}
