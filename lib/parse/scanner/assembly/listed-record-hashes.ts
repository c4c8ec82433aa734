/** Hashes of whole records for the host: see aggregation/record-hash.ts, which says what for. */
import { xxh64 } from './aggregation/record-hash';
import { listStart } from './row-lists';
import { LENGTH, OFFSET, WINDOW } from './slot';

/** Hashes of the listed rows' records, 64 bits each, to `out`. */
export function recordHashesOfList(slot: usize, count: u32, out: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(listStart() + (<usize>k << 2)) << 2;
    const start = slot + WINDOW + <usize>load<u32>(slot + OFFSET + row);
    store<u64>(out + (<usize>k << 3), xxh64(start, <usize>load<u32>(slot + LENGTH + row), 0));
  }
}
