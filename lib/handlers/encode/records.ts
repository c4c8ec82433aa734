import type { Batch, Picks } from '../../batch/batch.ts';
import { lineCutter } from '../../parse/scanner/line-cutter.ts';
import { CR } from '../../text/bytes.ts';
import type { Change } from './change.ts';
import type { LineBuffer } from './line-buffer.ts';

/** Framings whose records are slices of a line, so that none can hold a newline (a lone CR is still possible). */
const lineFramings: ReadonlySet<string> = new Set(['ndjson', 'kubectl', 'stern', 'cri']);

/** One record in so many, from the first to the last that is picked, pays for copying all of them. */
const WORTH_STAGING = 5;

/** What a handler must have written before the cutter is worth its start. */
const WORTH_LOADING = 128 * 1024;

/**
 * The quick way for records that are written as spans of the input: all of them, or without some keys. Nothing is
 * allocated for a record.
 * @returns false if there are others among them; what `lines` holds then is of no use
 */
export function addRecords(
  batch: Batch,
  picks: Picks,
  changes: readonly Change[],
  from: number,
  to: number,
  lines: LineBuffer,
): boolean {
  if (!lineFramings.has(batch.input.framing) || !changes.every((change) => isPlain(change, batch)))
    return false;
  lines.begin(to - from);
  if (picks.keys.length === 0) addWhole(batch, picks, from, to, lines);
  else if (lines.total < WORTH_LOADING || !addCut(batch, picks, changes, from, to, lines)) return false;
  // one inside a record would have to go: rare enough to look for it at the end
  return !lines.lines.bytes.includes(CR);
}

function isPlain({ always, layout }: Change, { texts }: Batch): boolean {
  return !always && (layout === 'json' || (layout === 'came' && texts === undefined));
}

/** Runs of records that stand together in the input are one copy. */
function addWhole(batch: Batch, picks: Picks, from: number, to: number, lines: LineBuffer): void {
  const { bytes, offset, length } = batch;
  const { row } = picks;
  if (isWorthStaging(bytes, row, from, to)) {
    const last = row[to - 1]!;
    lines.stage(bytes, offset[row[from]!]!, offset[last]! + length[last]!);
  }
  for (let pick = from; pick < to; pick++) {
    const start = offset[row[pick]!]!;
    const end = start + length[row[pick]!]!;
    lines.addSpan(bytes, start, bytes[end - 1] === CR ? end - 1 : end);
  }
}

/** Whether enough is picked of a part of shared memory, and nothing twice. */
function isWorthStaging({ buffer }: Uint8Array, row: Uint32Array, from: number, to: number): boolean {
  if (from === to || !(buffer instanceof SharedArrayBuffer)) return false;
  const rows = row[to - 1]! - row[from]! + 1;
  if ((to - from) * WORTH_STAGING < rows) return false;
  for (let pick = from + 1; pick < to; pick++) if (row[pick]! <= row[pick - 1]!) return false;
  return true;
}

/** Gives false if there is no cutter, or it cannot cut one of them. */
function addCut(
  batch: Batch,
  { row, subscription, keys }: Picks,
  changes: readonly Change[],
  from: number,
  to: number,
  lines: LineBuffer,
): boolean {
  const cutter = lineCutter();
  if (cutter === undefined || to - from > cutter.mostLines) return false;
  const { offset, length } = batch;
  let most = 0;
  for (let pick = from; pick < to; pick++) most += length[row[pick]!]! + 1;
  cutter.load(batch, most);
  const { starts, stops, choices } = cutter.columns;
  for (let pick = from; pick < to; pick++) {
    const start = offset[row[pick]!]!;
    starts[pick - from] = start;
    stops[pick - from] = start + length[row[pick]!]!;
    const some = keys[pick];
    const choice = some === undefined ? 0 : cutter.choice(changes[subscription[pick]!]!.holder, some);
    if (choice === undefined) return false;
    choices[pick - from] = choice;
  }
  const made = cutter.cut(to - from);
  if (made !== undefined) lines.addLines(made.bytes, made.ends);
  return made !== undefined;
}
