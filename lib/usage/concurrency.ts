import type { Sessions } from './session-store.ts';

/** How many sessions there were at once at most, and how many are open. */
export interface Concurrency {
  readonly most: number;
  /** When there were so many for the first time; NaN without a session. Milliseconds since the epoch. */
  readonly at: number;
  readonly open: number;
}

/**
 * A session is there from its start up to its end; one that starts as another ends is not there with it.
 * @param now the newest record's time
 * @param maxAge milliseconds from which on a session without an end is taken for over; 0 = never
 */
export function concurrencyOf(sessions: Sessions, now: number, maxAge: number): Concurrency {
  const starts = new Float64Array(sessions.table.length);
  const ends = new Float64Array(sessions.table.length);
  const more: { start: number; end: number }[] = [];
  let count = 0;
  let open = 0;
  sessions.each(now, ({ start, end, endMissing }) => {
    const isOpen = endMissing && (maxAge === 0 || now - start <= maxAge);
    if (isOpen) open++;
    const until = endMissing ? (isOpen ? Number.POSITIVE_INFINITY : start + maxAge) : end;
    // an id that was used again has more sessions than rows
    if (count === starts.length) more.push({ start, end: until });
    else {
      starts[count] = start;
      ends[count] = until;
      count++;
    }
  });
  const from = joined(
    starts,
    count,
    more.map(({ start }) => start),
  );
  const to = joined(
    ends,
    count,
    more.map(({ end }) => end),
  );
  return { ...highest(from, to), open };
}

function highest(starts: Float64Array, ends: Float64Array): { most: number; at: number } {
  let most = 0;
  let at = Number.NaN;
  let ended = 0;
  for (let k = 0; k < starts.length; k++) {
    while (ended < ends.length && ends[ended]! <= starts[k]!) ended++;
    if (k + 1 - ended > most) {
      most = k + 1 - ended;
      at = starts[k]!;
    }
  }
  return { most, at };
}

function joined(times: Float64Array, count: number, more: readonly number[]): Float64Array {
  const all = new Float64Array(count + more.length);
  all.set(times.subarray(0, count));
  all.set(more, count);
  return all.sort();
}
