import { Instants } from './instants.ts';
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
  const starts = new Instants(sessions.table.length);
  const ends = new Instants(sessions.table.length);
  let open = 0;
  sessions.each(now, ({ start, end, endMissing }) => {
    starts.add(start);
    if (!endMissing) ends.add(end);
    else if (maxAge === 0 || now - start <= maxAge) open++;
    else ends.add(start + maxAge);
  });
  return { ...highest(starts.ascending(), ends.ascending()), open };
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
