import { copyBytes } from '../text/bytes.ts';
import { free } from '../text/free.ts';

/** Below, memory is the garbage collector's. Bytes. */
const SMALLEST = 1 << 16;
/** What is kept for those to come, all together. Bytes. */
const MOST_KEPT = 1 << 24;
/** What is taken of memory that is never given back to the system. Bytes. */
export const LARGEST_SHARED = 1 << 24;
/** Bytes behind, which whoever works there may read and write. */
const PADDING = 64;
const PAGE = 1 << 16;

interface Shared {
  readonly whole: Buffer;
  users: number;
}

/**
 * Memory for record batches, used again and again: what is new comes page by page from the system, which takes longer
 * than copying into it. Where WebAssembly is to look into it, it lies in a memory of that.
 */
export class BatchMemory {
  private readonly shared: WebAssembly.Memory | undefined;
  /** What is behind in it was never taken. */
  private end: number;
  /** By their size, of the one kind and the other. */
  private readonly kept = new Map<number, ArrayBufferLike[]>();
  private readonly places = new Map<number, number[]>();
  /** Of each place. */
  private readonly sizes = new Map<number, number>();
  private bytesKept = 0;
  /** What is shared at the moment, and of what was: by where their parts are. */
  private sharing: Shared | undefined;
  private readonly parts = new Map<number, Shared>();

  /** @param from of `shared`; what lies before belongs to others */
  constructor(shared?: WebAssembly.Memory, from = 0) {
    this.shared = shared;
    this.end = from;
  }

  take(length: number): Buffer {
    const { shared } = this;
    if (shared !== undefined && length <= LARGEST_SHARED) {
      const size = sizeFor(length);
      const place = this.places.get(size)?.pop() ?? this.grow(shared, size);
      if (place !== undefined) return Buffer.from(shared.buffer, place, length);
    }
    if (length < SMALLEST) return Buffer.allocUnsafe(length);
    const size = sizeFor(length);
    const memory = this.kept.get(size)?.pop();
    if (memory !== undefined) this.bytesKept -= size;
    return Buffer.from(memory ?? new ArrayBuffer(size), 0, length);
  }

  /** Bytes as `take` would have given them. They are nobody's any more where they were, nor is what is beside them. */
  adopt(bytes: Uint8Array): Buffer {
    if (this.shared === undefined || bytes.length > LARGEST_SHARED)
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const taken = this.take(bytes.length);
    copyBytes(taken, 0, bytes);
    // of small ones several lie in one memory, which Node keeps
    if (bytes.buffer.byteLength > Math.max(SMALLEST, Buffer.poolSize)) free(bytes.buffer);
    return taken;
  }

  /** What `take` or `adopt` gave, or its beginning, once nobody looks into it any more. */
  give(bytes: Buffer): void {
    const { buffer, byteOffset, byteLength } = bytes;
    const size = buffer.byteLength;
    const whole = this.parts.get(byteOffset);
    if (whole !== undefined && isShared(bytes)) {
      this.parts.delete(byteOffset);
      this.leave(whole);
    } else if (isShared(bytes)) add(this.places, this.sizes.get(byteOffset)!, byteOffset);
    else if (byteLength < SMALLEST) return;
    else if (size !== sizeFor(size) || this.bytesKept + size > MOST_KEPT) freeWhole(bytes);
    else {
      add(this.kept, size, buffer);
      this.bytesKept += size;
    }
  }

  /** Gives it back once `use` is over and so is everybody who has a part that was kept meanwhile. */
  share(whole: Buffer, use: () => void): void {
    const shared = { whole, users: 1 };
    this.sharing = shared;
    try {
      use();
    } finally {
      this.sharing = undefined;
      this.leave(shared);
    }
  }

  /** Keeps bytes of what is shared at the moment, until they are given back; gives whether they are of that. */
  keep(part: Buffer): boolean {
    const { sharing } = this;
    if (sharing === undefined || !isShared(part) || part.length === 0) return false;
    const { byteOffset, length } = sharing.whole;
    if (part.byteOffset < byteOffset || part.byteOffset + part.length > byteOffset + length) return false;
    sharing.users++;
    this.parts.set(part.byteOffset, sharing);
    return true;
  }

  private leave(shared: Shared): void {
    if (--shared.users === 0) this.give(shared.whole);
  }

  /** Undefined where the system has no more. */
  private grow(shared: WebAssembly.Memory, size: number): number | undefined {
    const place = this.end;
    const end = place + size + PADDING;
    const missing = end - shared.buffer.byteLength;
    try {
      if (missing > 0) shared.grow(Math.ceil(missing / PAGE));
    } catch {
      return undefined;
    }
    this.end = end;
    this.sizes.set(place, size);
    return place;
  }
}

export function isShared({ buffer }: Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer;
}

function sizeFor(length: number): number {
  return Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(Math.max(length, 1))));
}

function add<T>(lists: Map<number, T[]>, key: number, one: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}

/** What holds nothing else is given back at once: see free. */
function freeWhole({ buffer, byteLength }: Uint8Array): void {
  if (byteLength > 0 && byteLength === buffer.byteLength) free(buffer);
}
