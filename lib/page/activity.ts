import { grown, nextRoom } from '../math/growth.ts';
import { MINUTE_MS } from '../usage/days.ts';
import type { Activity } from './snapshot.ts';

/** How many sessions began and ended in minutes since the epoch, of which nothing else is known. */
export interface PastMinutes {
  readonly starts: ReadonlyMap<number, number>;
  readonly ends: ReadonlyMap<number, number>;
}

const NONE = Number.POSITIVE_INFINITY;

/**
 * What began and ended by minute, and the most sessions at once in each: one that starts as another ends is not there with
 * it, as lib/usage/concurrency.ts has it. Of a minute that is past the starts count before all else and the ends behind it,
 * so that its most is bounded from above.
 * @param starts of sessions, milliseconds since the epoch, ascending
 * @param ends likewise, of those that have one
 */
export function activityOf(starts: Float64Array, ends: Float64Array, past: PastMinutes): Activity {
  const beside = [...new Set([...past.starts.keys(), ...past.ends.keys()])].sort((a, b) => a - b);
  const rows = new MinuteRows();
  let [started, ended, told] = [0, 0, 0];
  let active = 0;
  while (started < starts.length || ended < ends.length || told < beside.length) {
    const first = Math.min(starts[started] ?? NONE, ends[ended] ?? NONE);
    const minute = Math.min(minuteOf(first), beside[told] ?? NONE);
    const until = (minute + 1) * MINUTE_MS;
    const [begun, over] = [started, ended];
    const [moreStarts, moreEnds] = [past.starts.get(minute) ?? 0, past.ends.get(minute) ?? 0];
    if (beside[told] === minute) told++;
    active += moreStarts;
    let most = active;
    for (;;) {
      const start = starts[started] ?? NONE;
      const end = ends[ended] ?? NONE;
      if (Math.min(start, end) >= until) break;
      if (end <= start) {
        ended++;
        active--;
      } else {
        started++;
        most = Math.max(most, ++active);
      }
    }
    active -= moreEnds;
    rows.add(minute, started - begun + moreStarts, ended - over + moreEnds, Math.max(0, most));
  }
  return rows.all;
}

/** Times before the epoch are of its first minute. */
function minuteOf(time: number): number {
  return Math.max(0, Math.floor(time / MINUTE_MS));
}

/** Minutes one after the other, as columns. */
class MinuteRows {
  private length = 0;
  private readonly columns = Array.from({ length: 4 }, () => new Uint32Array(0));

  add(...row: readonly [minute: number, starts: number, ends: number, most: number]): void {
    const { columns, length } = this;
    const isFull = length === columns[0]!.length;
    for (let k = 0; k < row.length; k++) {
      if (isFull) columns[k] = grown(columns[k]!, nextRoom(length));
      columns[k]![length] = row[k]!;
    }
    this.length++;
  }

  get all(): Activity {
    const [minute, starts, ends, most] = this.columns.map((column) => column.slice(0, this.length));
    return { minute: minute!, starts: starts!, ends: ends!, most: most! };
  }
}
