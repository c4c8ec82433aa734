/** Room of a new table; a power of two. */
const FIRST_ROOM = 64;
const NONE = 0;

export interface OpenSessionsBounds {
  /** Most sessions; beyond it the oldest is given up. */
  readonly limit: number;
  /** Milliseconds of event time after which a session is given up; 0 = never. */
  readonly maxAge: number;
  readonly onGivenUp: () => void;
}

/**
 * Sessions by a hash of their id, in the order in which they came, bounded in number and age. All of it lies in typed
 * arrays, as a log of a million sessions has two million look-ups: a list through the entries in their order, and an
 * index by open addressing that is never more than half full. Entries count from 1.
 *
 * Two ids are taken for one only if 64 bits of a hash with a random key agree.
 */
export class OpenSessions {
  private readonly bounds: OpenSessionsBounds;
  private room = FIRST_ROOM;
  private low = new Uint32Array(FIRST_ROOM + 1);
  private high = new Uint32Array(FIRST_ROOM + 1);
  /** Milliseconds since the epoch from which a session's age counts. */
  private since = new Float64Array(FIRST_ROOM + 1);
  private newer = new Uint32Array(FIRST_ROOM + 1);
  private older = new Uint32Array(FIRST_ROOM + 1);
  /** By the hash's low bits, or the places behind, the entry. */
  private index = new Uint32Array(2 * FIRST_ROOM);
  private oldest = NONE;
  private newest = NONE;
  /** Entries that were used and are free, linked by `newer`; behind `used` none ever was. */
  private free = NONE;
  private used = 0;
  private count = 0;
  /** No session is too old before this event time, so most calls of `expire` end with one comparison. */
  private quietUntil = Number.POSITIVE_INFINITY;

  constructor(bounds: OpenSessionsBounds) {
    this.bounds = bounds;
  }

  get size(): number {
    return this.count;
  }

  /** A session begins; one that is there already is the newest again. */
  add(low: number, high: number, since: number): void {
    this.delete(low, high);
    if (this.count === this.room) this.grow();
    const entry = this.take();
    this.low[entry] = low;
    this.high[entry] = high;
    this.since[entry] = since;
    this.append(entry);
    this.index[this.placeOf(low, high)] = entry;
    this.count++;
    if (this.bounds.maxAge !== 0) this.quietUntil = Math.min(this.quietUntil, since + this.bounds.maxAge);
    if (this.count > this.bounds.limit) this.giveUp(this.oldest);
  }

  delete(low: number, high: number): boolean {
    const place = this.placeOf(low, high);
    const entry = this.index[place]!;
    if (entry === NONE) return false;
    this.close(place);
    this.unlink(entry);
    this.newer[entry] = this.free;
    this.free = entry;
    this.count--;
    return true;
  }

  /** Gives up what is too old at that event time; times are nearly in order, so the first that is not ends the search. */
  expire(time: number): void {
    const { maxAge } = this.bounds;
    if (maxAge === 0 || time <= this.quietUntil) return;
    this.quietUntil = Number.POSITIVE_INFINITY;
    while (this.oldest !== NONE) {
      const expiry = this.since[this.oldest]! + maxAge;
      if (expiry >= time) {
        this.quietUntil = expiry;
        return;
      }
      this.giveUp(this.oldest);
    }
  }

  private giveUp(entry: number): void {
    this.delete(this.low[entry]!, this.high[entry]!);
    this.bounds.onGivenUp();
  }

  private take(): number {
    const { free } = this;
    if (free === NONE) return ++this.used;
    this.free = this.newer[free]!;
    return free;
  }

  private append(entry: number): void {
    this.older[entry] = this.newest;
    this.newer[entry] = NONE;
    if (this.newest === NONE) this.oldest = entry;
    else this.newer[this.newest] = entry;
    this.newest = entry;
  }

  private unlink(entry: number): void {
    const older = this.older[entry]!;
    const newer = this.newer[entry]!;
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
  }

  /** Where the index has that hash, or would have it. */
  private placeOf(low: number, high: number): number {
    const { index } = this;
    const mask = index.length - 1;
    let place = low & mask;
    for (;;) {
      const entry = index[place]!;
      if (entry === NONE || (this.low[entry] === low && this.high[entry] === high)) return place;
      place = (place + 1) & mask;
    }
  }

  /** Frees a place, and moves up what had to stand behind it: D. E. Knuth, The Art of Computer Programming 3, 6.4 R. */
  private close(place: number): void {
    const { index } = this;
    const mask = index.length - 1;
    let gap = place;
    for (let at = (gap + 1) & mask; index[at] !== NONE; at = (at + 1) & mask) {
      const home = this.low[index[at]!]! & mask;
      // it may move up unless its home lies behind the gap
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      index[gap] = index[at]!;
      gap = at;
    }
    index[gap] = NONE;
  }

  private grow(): void {
    this.room *= 2;
    const room = this.room + 1;
    this.low = copied(this.low, new Uint32Array(room));
    this.high = copied(this.high, new Uint32Array(room));
    this.since = copied(this.since, new Float64Array(room));
    this.newer = copied(this.newer, new Uint32Array(room));
    this.older = copied(this.older, new Uint32Array(room));
    this.index = new Uint32Array(2 * this.room);
    for (let entry = this.oldest; entry !== NONE; entry = this.newer[entry]!) {
      this.index[this.placeOf(this.low[entry]!, this.high[entry]!)] = entry;
    }
  }
}

function copied<A extends Uint32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
