import type { RowList } from './batch.ts';

/** 0, 1, 2, ... as far as anyone has asked. */
let numbers: Uint32Array = new Uint32Array(0);

/** The rows from one on up to another, as a list that is not to be written to. */
export function allRows(from: number, to: number): RowList {
  if (numbers.length < to) numbers = new Uint32Array(2 * to).map((_, k) => k);
  return numbers.subarray(from, to);
}
