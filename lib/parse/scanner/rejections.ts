import type { Rejected } from '../../batch/batch.ts';
import { rejectionReasons } from '../../errors.ts';
import { KEPT_OF_TOO_LONG } from './lost-line.ts';
import type { Slot } from './slot.ts';

/** The rejected records of a slot whose window begins at `base` of the input. */
export function rejectionsOf(slot: Slot, count: number, base: number): Rejected[] {
  const rejected: Rejected[] = [];
  for (let k = 0; k < count; k++) {
    const start = slot.rejected[k * 3]!;
    const length = slot.rejected[k * 3 + 1]!;
    const reason = rejectionReasons[slot.rejected[k * 3 + 2]!]!;
    const kept = reason === 'too-long' ? Math.min(length, KEPT_OF_TOO_LONG) : length;
    rejected.push({
      offset: base + start,
      length,
      reason,
      bytes: slot.window.subarray(start, start + kept),
    });
  }
  return rejected;
}
