export interface Bounds<V> {
  /** Most entries; beyond it the oldest is given up. */
  readonly limit: number;
  /** Milliseconds of event time after which an entry is given up; 0 = never. */
  readonly maxAge: number;
  /** Milliseconds since the epoch from which an entry's age counts. */
  readonly since: (value: V) => number;
  readonly onGivenUp: (value: V) => void;
}

/** Entries by id, in the order in which they came, bounded in number and age: what never ends must not stay for ever. */
export class BoundedTable<V> {
  private readonly entries = new Map<string, V>();
  private readonly bounds: Bounds<V>;
  /** No entry is too old before this event time, so most calls of `expire` end with one comparison. */
  private quietUntil = Number.POSITIVE_INFINITY;

  constructor(bounds: Bounds<V>) {
    this.bounds = bounds;
  }

  get size(): number {
    return this.entries.size;
  }

  get(id: string): V | undefined {
    return this.entries.get(id);
  }

  add(id: string, value: V): void {
    // an id that is there already moves to the end, so that the order stays that of age
    this.entries.delete(id);
    this.entries.set(id, value);
    this.quietUntil = Math.min(this.quietUntil, this.expiryOf(value));
    if (this.entries.size > this.bounds.limit) {
      for (const [oldest, given] of this.entries) {
        this.giveUp(oldest, given);
        break;
      }
    }
  }

  delete(id: string): boolean {
    return this.entries.delete(id);
  }

  /** Gives up what is too old at that event time; times are nearly in order, so the first that is not ends the search. */
  expire(time: number): void {
    if (this.bounds.maxAge === 0 || time <= this.quietUntil) return;
    this.quietUntil = Number.POSITIVE_INFINITY;
    for (const [id, value] of this.entries) {
      if (this.expiryOf(value) >= time) {
        this.quietUntil = this.expiryOf(value);
        break;
      }
      this.giveUp(id, value);
    }
  }

  private expiryOf(value: V): number {
    return this.bounds.since(value) + this.bounds.maxAge;
  }

  /** All that are left, in their order. */
  [Symbol.iterator](): Iterator<[string, V]> {
    return this.entries.entries();
  }

  /** Takes out everything that is left. */
  drain(): V[] {
    const left = [...this.entries.values()];
    this.entries.clear();
    return left;
  }

  private giveUp(id: string, value: V): void {
    this.entries.delete(id);
    this.bounds.onGivenUp(value);
  }
}
