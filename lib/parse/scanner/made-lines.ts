import type { Input, Rejected } from '../../batch/batch.ts';
import { type Frames, rejectedAt } from '../../batch/framer.ts';
import { rejectionReasons } from '../../errors.ts';
import { copyBytes } from '../../text/bytes.ts';
import type { TakenSlot } from './engine.ts';
import { ScannedBatch } from './scanned-batch.ts';
import { settleTimes } from './times.ts';

/** Where made lines come from and go to. */
export interface MadeLines {
  readonly input: Input;
  /** Of the input's first byte among all that is measured, from 1 on. */
  readonly order: number;
  /** A free slot, and the engine that it belongs to. */
  readonly takeSlot: () => TakenSlot;
}

/**
 * The batches of frames that a framing made (`Frames.origin`): each record is a line of `bytes`, one behind the other.
 * Dead letters are told by where they came from, and a record without a time of its own takes the outer one.
 */
export function* scanMade(frames: Frames, { input, order, takeSlot }: MadeLines): Generator<ScannedBatch> {
  let from = 0;
  let index = 0;
  do {
    const taken = takeSlot();
    const place = frames.origin?.offset[index] ?? 0;
    const dictionaries = taken.engine.dictionaries();
    const { rows, size, untold } = scan(taken, frames.bytes.subarray(from));
    const isLast = from + size >= frames.bytes.length;
    const { rejected, texts, next } = settle(taken, frames, { from, index, rows, size });
    index = next;
    from += size;
    if (isLast) rejected.push(...frames.rejected);
    yield new ScannedBatch({
      input,
      ...taken,
      ...{ dictionaries, rows, size, texts, untold },
      order: order + place,
      base: frames.base,
      rejected: rejected.sort((x, y) => x.offset - y.offset),
      consumed: isLast ? frames.consumed : 0,
    });
  } while (from < frames.bytes.length);
}

/** Whether they were made, and fit the window of a slot. */
export function fitsWindow(frames: Frames, windowBytes: number, maxRecordBytes: number): boolean {
  return (
    frames.origin !== undefined &&
    frames.bytes.length < windowBytes &&
    frames.length.every((length) => length <= maxRecordBytes)
  );
}

function scan(
  { engine, slot }: TakenSlot,
  lines: Uint8Array,
): { rows: number; size: number; untold: number } {
  if (lines.length === 0) return { rows: 0, size: 0, untold: 0 };
  copyBytes(slot.window, 0, lines);
  // a record may take the time of what it stood in, which the scan does not know
  engine.exports.measureInScan(0, 0, 0);
  const rows = engine.exports.scan(slot.address, 0, lines.length, 0);
  settleTimes(engine, slot.address, slot.unsettled, slot.time);
  return { rows, size: engine.exports.scanned(), untold: engine.exports.untold() };
}

/** What the lines' origin says of the rows of a scan, and of what it rejected. */
function settle(
  { slot }: TakenSlot,
  frames: Frames,
  { from, index, rows, size }: { from: number; index: number; rows: number; size: number },
): { rejected: Rejected[]; texts: (Uint8Array | undefined)[]; next: number } {
  const origin = frames.origin!;
  const rejected: Rejected[] = [];
  const texts: (Uint8Array | undefined)[] = [];
  let next = index;
  for (let row = 0; next < frames.count && frames.offset[next]! < from + size; next++) {
    const start = frames.offset[next]! - from;
    if (row < rows && slot.offset[row] === start) {
      texts.push(origin.texts[next]);
      if (Number.isNaN(slot.time[row])) slot.time[row] = origin.times[next]!;
      row++;
    } else {
      // in the order of the lines, and a blank one cannot be among them
      const reason = rejectionReasons[slot.rejected[rejected.length * 3 + 2]!]!;
      rejected.push(rejectedAt(frames, next, reason));
    }
  }
  return { rejected, texts, next };
}
