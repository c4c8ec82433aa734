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
    const { seconds, nanos } = JSON.parse(bytes.toString('utf8', start, exports.containerEnd(start) >>> 0));
    time[row] =
      seconds === undefined && nanos === undefined ? Number.NaN : part(seconds) * 1000 + part(nanos) / 1e6;
  }
}

/** A part that is left out is zero. */
function part(value: unknown): number {
  if (value === undefined) return 0;
  return typeof value === 'number' ? value : Number.NaN;
}
