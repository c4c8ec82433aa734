import { type BigIntStats, close, constants, fstat, open, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { type ReadFileOptions, readOpen } from './read-file.ts';

const openDescriptor = promisify(open);
const closeDescriptor = promisify(close);
const statsOf = promisify(fstat);
const exactStatsOf = statsOf as unknown as (
  descriptor: number,
  options: { bigint: true },
) => Promise<BigIntStats>;

/**
 * A regular file that stays open: whoever reads of it, how often, and in whichever thread, reads the file that was
 * opened, whatever has become of its path since. Calls fail with the system's error.
 */
export class OpenFile {
  readonly name: string;
  readonly descriptor: number;
  /** Bytes, when it was opened. */
  readonly size: number;
  /** Tells files apart, whatever they are called: device and inode. */
  readonly identity: string;
  private closed = false;

  private constructor(name: string, descriptor: number, { size, dev, ino }: Stats) {
    this.name = name;
    this.descriptor = descriptor;
    this.size = size;
    this.identity = `${dev}:${ino}`;
  }

  static async open(name: string): Promise<OpenFile> {
    // should it be a named pipe by now, nobody is waited for
    const descriptor = await openDescriptor(name, constants.O_RDONLY | constants.O_NONBLOCK);
    return new OpenFile(name, descriptor, await statsOf(descriptor));
  }

  /** Its bytes from an offset to its end, what was appended meanwhile included; see readOpen. */
  async *read(options: ReadFileOptions, from = 0): AsyncGenerator<Uint8Array> {
    const { name, size, descriptor } = this;
    let bytesRead = from;
    for await (const bytes of readOpen(descriptor, { ...options, size, from })) {
      bytesRead += bytes.length;
      options.onProgress?.({ name, bytesRead, size });
      yield bytes;
    }
  }

  /** When it was written to last, in nanoseconds since the epoch. */
  async changedNow(): Promise<bigint> {
    return (await exactStatsOf(this.descriptor, { bigint: true })).mtimeNs;
  }

  /** Bytes that it has now. */
  async sizeNow(): Promise<number> {
    return (await statsOf(this.descriptor)).size;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await closeDescriptor(this.descriptor);
  }
}
