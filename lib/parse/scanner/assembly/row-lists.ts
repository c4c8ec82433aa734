/**
 * Lists of rows that columns are made for, a word for each row, and the blocks in which they are dealt with: so many
 * rows that what is found of them stays at hand.
 */
import { reserve } from './arena';
import { MOST_ROWS } from './slot';

export const BLOCK: u32 = 64;

let listed: usize = 0;

export function openRows(): void {
  listed = reserve(<usize>MOST_ROWS << 2);
}

/** Where the host writes a list to. */
export function listStart(): usize {
  return listed;
}

/** Rows of the block that begins with the `from`-th of `count`. */
// @ts-ignore: decorator
@inline
export function blockOf(from: u32, count: u32): u32 {
  return count - from < BLOCK ? count - from : BLOCK;
}
