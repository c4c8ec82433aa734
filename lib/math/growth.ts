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
  if (column.byteLength >= LARGE && !memories.has(column.buffer)) discard(column);
  return made;
}

/** Of a channel whose ends are closed: what is handed to it is nobody's. Made when it is needed first. */
let nowhere: InstanceType<typeof MessagePort> | undefined;

/**
 * Gives the memory of a column that was not stretched back at once. It is empty after that. A copy that nobody takes
 * (structuredClone) would do the same only once the collector comes by.
 */
export function discard(column: Column): void {
  nowhere ??= closedPort();
  nowhere.postMessage(undefined, [column.buffer as ArrayBuffer]);
}

function closedPort(): InstanceType<typeof MessagePort> {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}

/** Bytes from which on a column that stays has pages of its own. */
const PAGED = 1 << 18;
const PAGE_BYTES = 1 << 16;
const MOST_PAGES = 1 << 16;

/** By the buffer of a column that has pages of its own, who has them. */
const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/**
 * The same for a column that stays as long as what it is of: a large one has pages of its own, behind which there is room
 * for more, and grows where it is. So there are never two of it, and no holes in the heap where shorter ones were: of
 * columns of some megabytes these were a quarter. Its buffer is whole pages, and may be longer than the column.
 */
export function stretched<C extends Column>(column: C, length: number): C {
  const bytes = length * column.BYTES_PER_ELEMENT;
  const buffer = bytes < PAGED ? undefined : withPages(column, Math.ceil(bytes / PAGE_BYTES));
  if (buffer === undefined) return grown(column, length);
  return new (column.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => C)(
    buffer,
    0,
    length,
  );
}

/** A buffer of so many pages that begins with a column, which is empty after that; undefined if the system gives none. */
function withPages(column: Column, pages: number): ArrayBufferLike | undefined {
  try {
    const memory = memories.get(column.buffer) ?? new WebAssembly.Memory({ initial: 0, maximum: MOST_PAGES });
    const isIn = column.buffer === memory.buffer;
    memory.grow(pages - memory.buffer.byteLength / PAGE_BYTES);
    if (!isIn) {
      new Uint8Array(memory.buffer).set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
      if (column.byteLength >= LARGE) discard(column);
    }
    memories.set(memory.buffer, memory);
    return memory.buffer;
  } catch {
    return undefined;
  }
}
