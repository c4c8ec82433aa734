import { grown } from '../math/growth.ts';
import { MINUTE_MS } from '../usage/days.ts';
import type { Activity } from './snapshot.ts';

/** How many sessions began and ended in minutes since the epoch, of which nothing else is known. */
export interface PastMinutes {
  readonly starts: ReadonlyMap<number, number>;
  readonly ends: ReadonlyMap<number, number>;
}

const NONE = Number.POSITIVE_INFINITY;
const FIRST_ROOM = 1024;

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
  private minute = new Uint32Array(FIRST_ROOM);
  private starts = new Uint32Array(FIRST_ROOM);
  private ends = new Uint32Array(FIRST_ROOM);
  private most = new Uint32Array(FIRST_ROOM);

  add(minute: number, starts: number, ends: number, most: number): void {
    if (this.length === this.minute.length) this.grow();
    const row = this.length++;
    this.minute[row] = minute;
    this.starts[row] = starts;
    this.ends[row] = ends;
    this.most[row] = most;
  }

  get all(): Activity {
    const { length, minute, starts, ends, most } = this;
    const own = (column: Uint32Array): Uint32Array => column.slice(0, length);
    return { minute: own(minute), starts: own(starts), ends: own(ends), most: own(most) };
  }

  private grow(): void {
    const room = 2 * this.length;
    this.minute = grown(this.minute, room);
    this.starts = grown(this.starts, room);
    this.ends = grown(this.ends, room);
    this.most = grown(this.most, room);
  }
}
