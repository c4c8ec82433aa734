import type { Batch } from '../../lib/batch/batch.ts';
import type { Candidates, Selector } from '../../lib/filters/selector.ts';

/** For each row of a batch: false, `all`, or the keys that a selector leaves of it; asked about all rows, or some. */
export function selectedBy(
  selector: Selector,
  batch: Batch,
  candidates: Candidates = {
    batch,
    rows: Uint32Array.from({ length: batch.rows }, (_, row) => row),
  },
): (string | false)[] {
  const to = new Uint32Array(batch.rows);
  const count = selector.select(candidates, to);
  const found: (string | false)[] = Array.from({ length: batch.rows }, () => false);
  for (let k = 0; k < count; k++) found[to[k]!] = selector.keys?.[k]?.join(' ') ?? 'all';
  return found;
}
