import { MINUTES_A_DAY } from '../usage/days.ts';
import type { Activity } from './snapshot.ts';
import { picked } from './whole-numbers.ts';

/**
 * Activity as columns in an order in which deflate makes them small: starts and ends by the minute of the day, since hours
 * of work are alike; and of the most at once how far it is below what it would be if the minute's starts came before its
 * ends, a small number, by the lesser of starts and ends, as it is seldom more than that.
 */
interface ActivityColumns {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly below: Uint32Array;
}

/** Beyond it the lesser tells nothing more. */
const MOST_LESSER = 255;

export function packActivity(activity: Activity): ActivityColumns {
  const { minute, starts, ends } = activity;
  const order = byMinuteOfDay(minute);
  return {
    starts: picked(starts, order),
    ends: picked(ends, order),
    below: picked(belowBound(activity), byLesser(starts, ends)),
  };
}

export function unpackActivity(columns: ActivityColumns & Pick<Activity, 'minute'>): Activity {
  const { minute } = columns;
  const order = byMinuteOfDay(minute);
  const starts = outOfOrder(columns.starts, order);
  const ends = outOfOrder(columns.ends, order);
  const most = outOfOrder(columns.below, byLesser(starts, ends));
  return { minute, starts, ends, most: belowBound({ starts, ends, most }) };
}

/** How far the most at once in a minute is below the bound; and the most at once by that, as it is its own inverse. */
function belowBound({ starts, ends, most }: Omit<Activity, 'minute'>): Uint32Array {
  const below = new Uint32Array(most.length);
  let active = 0;
  for (let k = 0; k < most.length; k++) {
    const bound = active + starts[k]!;
    below[k] = bound - most[k]!;
    active = bound - ends[k]!;
  }
  return below;
}

function byMinuteOfDay(minute: Uint32Array): Uint32Array {
  const keys = new Uint16Array(minute.length);
  for (let k = 0; k < keys.length; k++) keys[k] = minute[k]! % MINUTES_A_DAY;
  return byKey(keys, MINUTES_A_DAY);
}

function byLesser(starts: Uint32Array, ends: Uint32Array): Uint32Array {
  const keys = new Uint16Array(starts.length);
  for (let k = 0; k < keys.length; k++) keys[k] = Math.min(starts[k]!, ends[k]!, MOST_LESSER);
  return byKey(keys, MOST_LESSER + 1);
}

/** Places by their keys, those of one key as they stand. @param bound above all keys */
function byKey(keys: Uint16Array, bound: number): Uint32Array {
  const next = new Uint32Array(bound + 1);
  for (let k = 0; k < keys.length; k++) next[keys[k]! + 1]!++;
  for (let key = 1; key <= bound; key++) next[key]! += next[key - 1]!;
  const order = new Uint32Array(keys.length);
  for (let k = 0; k < keys.length; k++) order[next[keys[k]!]!++] = k;
  return order;
}

/** What `picked` was given. */
function outOfOrder(column: Uint32Array, order: Uint32Array): Uint32Array {
  const made = new Uint32Array(order.length);
  for (let k = 0; k < order.length; k++) made[order[k]!] = column[k]!;
  return made;
}
