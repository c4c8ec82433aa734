/** How far the time of an input partition has come, milliseconds since the epoch; null before its first record. */
export type Marks = Readonly<Record<string, number | null>>;

interface Progress {
  time: number | null;
  /** When it moved last, on the clock of `idleAfter`. Milliseconds. */
  moved: number;
}

/**
 * Event time of which all partitions of the inputs have been heard: nothing older is still to come, but for records that
 * are late within their partition. Marks never go back, whoever reads a partition anew.
 */
export class Watermark {
  private readonly partitions = new Map<string, Progress>();
  private readonly idleAfter: number;

  /** @param idleAfter milliseconds behind which a partition that does not move is not waited for; 0 = never */
  constructor(idleAfter: number) {
    this.idleAfter = idleAfter;
  }

  /** @param now milliseconds, on a clock that only goes forward */
  take(marks: Marks, now: number): void {
    for (const [partition, time] of Object.entries(marks)) {
      const known = this.partitions.get(partition);
      if (known === undefined) this.partitions.set(partition, { time, moved: now });
      else if (time !== null && time > (known.time ?? Number.NEGATIVE_INFINITY)) {
        known.time = time;
        known.moved = now;
      }
    }
  }

  /** The marks, to be taken by whoever goes on. */
  get marks(): Marks {
    return Object.fromEntries(Array.from(this.partitions, ([partition, { time }]) => [partition, time]));
  }

  /**
   * -Infinity as long as a partition that is waited for has had no record. Where none is waited for, all that has come
   * is all there is: the newest mark.
   */
  at(now: number): number {
    let least = Number.POSITIVE_INFINITY;
    let newest = Number.NEGATIVE_INFINITY;
    for (const { time, moved } of this.partitions.values()) {
      newest = Math.max(newest, time ?? Number.NEGATIVE_INFINITY);
      if (this.idleAfter > 0 && now - moved > this.idleAfter) continue;
      least = Math.min(least, time ?? Number.NEGATIVE_INFINITY);
    }
    return least === Number.POSITIVE_INFINITY ? newest : least;
  }
}
