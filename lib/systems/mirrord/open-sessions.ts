import { randomBytes } from 'node:crypto';
import type { SessionsState } from '../system.ts';

/** Room of a new table; a power of two. */
const FIRST_ROOM = 64;
const NONE = 0;

export interface OpenSessionsBounds {
  /** Most ids; beyond it the one that came first is given up. */
  readonly limit: number;
  /** Milliseconds of event time after which a session counts as active no more; 0 = never. */
  readonly maxAge: number;
  /** Called once for every id that is given up, for either reason. */
  readonly onGivenUp: () => void;
  /** Called once, when the limit is reached. */
  readonly onFull?: (() => void) | undefined;
}

/**
 * Sessions by a hash of their id: of each how many starts it had less how many ends, and when the latest start was. So
 * starts and ends may come in any order, and be added up elsewhere before; an id that has as many of both is forgotten.
 * What is known is a function of the set of records, up to the limit.
 *
 * All of it lies in typed arrays, as a log of a million sessions has two million look-ups: a list through the ids in the
 * order in which they came, and an index by open addressing that is never more than half full. Entries count from 1. Where
 * in the index an id begins to be looked for is a secret, so that nobody can prepare ids that crowd together.
 */
export class OpenSessions {
  private readonly bounds: OpenSessionsBounds;
  private readonly secret = randomBytes(4).readInt32LE() | 1;
  private room = FIRST_ROOM;
  private low = new Uint32Array(FIRST_ROOM + 1);
  private high = new Uint32Array(FIRST_ROOM + 1);
  /** Starts less ends; never 0. */
  private net = new Int32Array(FIRST_ROOM + 1);
  /** Milliseconds since the epoch of the latest start; -Infinity without one. */
  private since = new Float64Array(FIRST_ROOM + 1);
  /** Whether its age was told already. */
  private isOld = new Uint8Array(FIRST_ROOM + 1);
  private newer = new Uint32Array(FIRST_ROOM + 1);
  private older = new Uint32Array(FIRST_ROOM + 1);
  /** By the hash, or the places behind, the entry. */
  private index = new Uint32Array(2 * FIRST_ROOM);
  private oldest = NONE;
  private newest = NONE;
  /** Entries that were used and are free, linked by `newer`; behind `used` none ever was. */
  private free = NONE;
  private used = 0;
  private count = 0;
  private isFull = false;

  constructor(bounds: OpenSessionsBounds) {
    this.bounds = bounds;
  }

  get size(): number {
    return this.count;
  }

  /**
   * Adds starts and ends of an id.
   * @param net starts less ends; 0 tells an id that is open of a later start
   * @param since when the latest of the starts was; -Infinity without one
   * @param isOld 1 if its age was told already
   */
  add(low: number, high: number, net: number, since: number, isOld = 0): void {
    const place = this.placeOf(low, high);
    const entry = this.index[place]!;
    if (entry === NONE) {
      if (net !== 0) this.begin(low, high, net, since, isOld);
      return;
    }
    const left = this.net[entry]! + net;
    if (left === 0) {
      this.forget(place);
      return;
    }
    this.net[entry] = left;
    if (since > this.since[entry]!) {
      this.since[entry] = since;
      this.isOld[entry] = isOld;
    }
  }

  /** Copies of what is known of all ids, in the order in which they came. */
  columns(): Omit<SessionsState, 'seen' | 'now'> {
    const order = new Uint32Array(this.count);
    let count = 0;
    for (let entry = this.oldest; entry !== NONE; entry = this.newer[entry]!) order[count++] = entry;
    return {
      low: order.map((entry) => this.low[entry]!),
      high: order.map((entry) => this.high[entry]!),
      net: Int32Array.from(order, (entry) => this.net[entry]!),
      since: Float64Array.from(order, (entry) => this.since[entry]!),
      isOld: Uint8Array.from(order, (entry) => this.isOld[entry]!),
    };
  }

  /** Ids with more starts than ends whose latest start is not too old at that event time. */
  activeAt(time: number): number {
    const { maxAge, onGivenUp } = this.bounds;
    let active = 0;
    for (let entry = this.oldest; entry !== NONE; entry = this.newer[entry]!) {
      if (this.net[entry]! < 0) continue;
      if (maxAge === 0 || this.since[entry]! + maxAge >= time) active++;
      else if (this.isOld[entry] === 0) {
        this.isOld[entry] = 1;
        onGivenUp();
      }
    }
    return active;
  }

  private begin(low: number, high: number, net: number, since: number, isOld: number): void {
    if (this.count === this.room) this.grow();
    const entry = this.take();
    this.low[entry] = low;
    this.high[entry] = high;
    this.net[entry] = net;
    this.since[entry] = since;
    this.isOld[entry] = isOld;
    this.append(entry);
    this.index[this.placeOf(low, high)] = entry;
    this.count++;
    if (this.count <= this.bounds.limit) return;
    if (!this.isFull) this.bounds.onFull?.();
    this.isFull = true;
    this.forget(this.placeOf(this.low[this.oldest]!, this.high[this.oldest]!));
    this.bounds.onGivenUp();
  }

  private forget(place: number): void {
    const entry = this.index[place]!;
    this.close(place);
    this.unlink(entry);
    this.newer[entry] = this.free;
    this.free = entry;
    this.count--;
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

  private homeOf(low: number): number {
    return (Math.imul(low, this.secret) >>> 8) & (this.index.length - 1);
  }

  /** Where the index has that hash, or would have it. */
  private placeOf(low: number, high: number): number {
    const { index } = this;
    const mask = index.length - 1;
    let place = this.homeOf(low);
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
      const home = this.homeOf(this.low[index[at]!]!);
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
    this.net = copied(this.net, new Int32Array(room));
    this.since = copied(this.since, new Float64Array(room));
    this.isOld = copied(this.isOld, new Uint8Array(room));
    this.newer = copied(this.newer, new Uint32Array(room));
    this.older = copied(this.older, new Uint32Array(room));
    this.index = new Uint32Array(2 * this.room);
    for (let entry = this.oldest; entry !== NONE; entry = this.newer[entry]!) {
      this.index[this.placeOf(this.low[entry]!, this.high[entry]!)] = entry;
    }
  }
}

function copied<A extends Uint32Array | Int32Array | Uint8Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
