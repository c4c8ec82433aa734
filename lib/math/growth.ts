/** Numbers of many things side by side, each at the index of its thing. */
export type Column = Float64Array | Uint32Array | Int32Array | Uint8Array;

/** Above so many things columns grow by a quarter: the half that doubling leaves empty would be the most of all memory. */
const MANY = 1 << 14;
/** Bytes from which on what is outgrown does not wait for the collector. */
const LARGE = 1 << 16;

/** How many things to have room for, where there is none for one more than these. */
export function nextRoom(things: number): number {
  return things < MANY ? Math.max(1, 2 * things) : things + (things >>> 2);
}

/** What is reserved for a log of months at once, as memory that nothing is written to is none. */
const VAST = 1 << 20;

/**
 * The same for few columns that are filled from their beginning and may become long: nothing is moved on the way, and no
 * collector is called for what was outgrown.
 */
export function vastRoom(things: number): number {
  return things < MANY ? nextRoom(things) : Math.max(VAST, 2 * things);
}

/**
 * A column with more room, its numbers in place. The outgrown one is empty after that: the collector does not see how much
 * hangs on it, and would let tens of megabytes pile up.
 */
export function grown<C extends Column>(column: C, length: number): C {
  const made = new (column.constructor as new (length: number) => C)(length);
  made.set(column as never);
  if (column.byteLength >= LARGE) discard(column);
  return made;
}

/** Gives the memory of a column back at once. It is empty after that. */
export function discard(column: Column): void {
  structuredClone(undefined, { transfer: [column.buffer as ArrayBuffer] });
}
