import { discard, grown } from '../math/growth.ts';
import { MINUTE_MS } from '../usage/days.ts';

/** Minutes from the first to the last for each that is there, up to which each has a place of its own. */
const PLACES_EACH = 4;

/** Minutes in ascending order, and how often each is there. */
export interface MinuteCounts {
  readonly minute: Uint32Array;
  readonly count: Uint32Array;
}

/** Minutes since the epoch, one for each time. */
export class Minutes {
  private length = 0;
  private minutes: Uint32Array;

  /** @param room times that will come, about */
  constructor(room: number) {
    this.minutes = new Uint32Array(room);
  }

  /** @param time milliseconds since the epoch */
  add(time: number): void {
    if (this.length === this.minutes.length) this.minutes = grown(this.minutes, 2 * this.length + 1);
    this.minutes[this.length++] = Math.max(0, Math.floor(time / MINUTE_MS));
  }

  /**
   * How often each is there. Nothing can be added behind that.
   * @param more how often some were beside that
   */
  counts(more: ReadonlyMap<number, number>): MinuteCounts {
    for (const minute of more.keys()) this.add(minute * MINUTE_MS);
    const minutes = this.minutes.subarray(0, this.length);
    const [least, most] = boundsOf(minutes);
    const isDense = least <= most && most - least < PLACES_EACH * this.length;
    const counts = isDense ? byPlace(minutes, least, most) : bySort(minutes);
    discard(this.minutes);
    // it has been added once for itself
    if (more.size > 0) addAll(counts, more);
    return counts;
  }
}

/** The first above the last where there is none. */
function boundsOf(minutes: Uint32Array): [least: number, most: number] {
  let least = 0xffff_ffff;
  let most = 0;
  for (let k = 0; k < minutes.length; k++) {
    const minute = minutes[k]!;
    if (minute < least) least = minute;
    if (minute > most) most = minute;
  }
  return [least, most];
}

/** As sessions of a log are: hundreds of thousands of minutes, which are not worth being sorted. */
function byPlace(minutes: Uint32Array, least: number, most: number): MinuteCounts {
  const places = new Uint32Array(most - least + 1);
  for (let k = 0; k < minutes.length; k++) places[minutes[k]! - least]!++;
  let length = 0;
  for (let place = 0; place < places.length; place++) if (places[place] !== 0) length++;
  const minute = new Uint32Array(length);
  const count = new Uint32Array(length);
  let at = 0;
  for (let place = 0; place < places.length; place++) {
    if (places[place] === 0) continue;
    minute[at] = least + place;
    count[at++] = places[place]!;
  }
  discard(places);
  return { minute, count };
}

/** @param minutes in ascending order after that */
function bySort(minutes: Uint32Array): MinuteCounts {
  minutes.sort();
  const count = new Uint32Array(minutes.length);
  let length = 0;
  for (let k = 0; k < minutes.length; k++) {
    if (k === 0 || minutes[k] !== minutes[length - 1]) minutes[length++] = minutes[k]!;
    count[length - 1]!++;
  }
  const counts = { minute: minutes.slice(0, length), count: count.slice(0, length) };
  discard(count);
  return counts;
}

function addAll({ minute, count }: MinuteCounts, more: ReadonlyMap<number, number>): void {
  for (let k = 0; k < minute.length; k++) count[k]! += (more.get(minute[k]!) ?? 1) - 1;
}
