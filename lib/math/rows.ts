import { nextRoom, stretched } from './growth.ts';

/**
 * Many series side by side in one array: what a series keeps is a row, so whatever is done to one series touches
 * neighbouring memory, and no object stands between. The parts of a series (a meter, a reservoir) each have columns
 * that they reserve before the first row is added.
 */
export class Rows {
  /** numbers in a row: a row begins at its index times this */
  width = 0;
  /** rows so far */
  length = 0;
  /** replaced by a longer array when rows are added, so it is to be read anew after `next` */
  numbers = new Float64Array(0);
  /** the same memory as 32-bit integers, two in the place of every number */
  words = new Int32Array(0);

  /**
   * Columns for so many numbers, next to those that were reserved before.
   * @returns the first of them
   */
  reserve(numbers: number): number {
    const column = this.width;
    this.width += numbers;
    return column;
  }

  /**
   * Room for one row more: the parts begin theirs in it, and if none of them objects, it is `add`ed.
   * @returns the index that the row will have
   */
  next(): number {
    const { numbers, length, width } = this;
    if ((length + 1) * width > numbers.length) {
      this.numbers = stretched(numbers, nextRoom(length) * width);
      this.words = new Int32Array(this.numbers.buffer, 0, 2 * this.numbers.length);
    }
    return length;
  }

  /** Adds the row that `next` spoke of; gives its index. */
  add(): number {
    return this.length++;
  }
}
