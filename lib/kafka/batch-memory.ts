/** Below, memory is the garbage collector's. Bytes. */
const SMALLEST = 1 << 16;
/** What is kept for those to come, all together. Bytes. */
const MOST_KEPT = 1 << 24;

/**
 * Memory for record batches, used again and again: what is new comes page by page from the system, which takes longer
 * than copying into it.
 */
export class BatchMemory {
  /** By the logarithm of their size. */
  private readonly kept = new Map<number, ArrayBuffer[]>();
  private bytesKept = 0;

  take(length: number): Buffer {
    if (length < SMALLEST) return Buffer.allocUnsafe(length);
    const size = 2 ** Math.ceil(Math.log2(length));
    const memory = this.kept.get(size)?.pop();
    if (memory !== undefined) this.bytesKept -= size;
    return Buffer.from(memory ?? new ArrayBuffer(size), 0, length);
  }

  /** What `take` gave, once nobody looks into it any more. */
  give({ buffer, byteLength }: Buffer): void {
    if (byteLength < SMALLEST || this.bytesKept + buffer.byteLength > MOST_KEPT) return;
    const size = buffer.byteLength;
    const some = this.kept.get(size);
    if (some === undefined) this.kept.set(size, [buffer as ArrayBuffer]);
    else some.push(buffer as ArrayBuffer);
    this.bytesKept += size;
  }
}
