import { grown } from '../math/growth.ts';
import { Sorting } from '../math/sorting.ts';

/** Times to be put in order, milliseconds since the epoch. */
export class Instants {
  private length = 0;
  private times: Float64Array;

  /** @param room times that will come, about */
  constructor(room: number) {
    this.times = new Float64Array(room);
  }

  /** @param time finite */
  add(time: number): void {
    if (this.length === this.times.length) this.times = grown(this.times, 2 * this.length + 1);
    this.times[this.length++] = time;
  }

  /** All of them. Nothing can be added behind that. */
  ascending(): Float64Array {
    const sorting = new Sorting(this.length);
    const sorted = sorting.sort(this.times.subarray(0, this.length));
    sorting.close();
    return sorted;
  }
}
