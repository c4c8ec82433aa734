import { timeOf } from '../objects/record-head.ts';
import type { Engine } from './engine.ts';

/** Works out the few times whose numbers the scanner could not read exactly, or whose object it had passed. */
export function settleTimes(
  { exports, bytes, words, timeField }: Engine,
  slot: number,
  unsettled: Uint32Array,
  time: Float64Array,
): void {
  const count = exports.unsettled();
  for (let k = 0; k < count; k++) {
    const row = unsettled[k]!;
    const start = words[exports.entryOf(slot, row, timeField) >>> 2]!;
    time[row] = timeOf(JSON.parse(bytes.toString('utf8', start, exports.containerEnd(start) >>> 0)));
  }
}
