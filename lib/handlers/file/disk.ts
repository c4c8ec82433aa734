import { type Stats, statSync, writeSync } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';

/** How bytes reach a file; tests put a disk in its place that fills up. */
export interface Disk {
  /** Appends some or all of the bytes and gives their number. */
  write(file: FileHandle, bytes: Uint8Array): Promise<number> | number;
  truncate(file: FileHandle, length: number): Promise<void>;
  /** undefined = there is nothing, or it cannot be seen. */
  stat(path: string): Promise<Stats | undefined> | Stats | undefined;
}

/** A call that took longer than this was no matter of memory. Milliseconds. */
const SLOW_MS = 20;
/** Calls in succession that must not have been slow before the disk counts as quick again. */
const PROBATION = 100;

/**
 * The system's disk. What is written goes to the page cache, which takes less time than handing it over to a thread
 * does; so calls are made at once as long as they are quick. Once one was slow (the cache is full, the file is on
 * another machine), they are left to threads until they have been quick for a while: nothing else has to wait then.
 */
export class SystemDisk implements Disk {
  private readonly now: () => number;
  private probation = 0;

  /** @param now milliseconds, of a fine clock */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  write(file: FileHandle, bytes: Uint8Array): Promise<number> | number {
    return this.timed(
      () => writeSync(file.fd, bytes),
      async () => (await file.write(bytes)).bytesWritten,
    );
  }

  truncate(file: FileHandle, length: number): Promise<void> {
    return file.truncate(length);
  }

  stat(path: string): Promise<Stats | undefined> | Stats | undefined {
    return this.timed(
      () => statNow(path),
      () => stat(path).catch(() => undefined),
    );
  }

  private timed<T>(atOnce: () => T, byThread: () => Promise<T>): Promise<T> | T {
    const started = this.now();
    if (this.probation > 0) return byThread().finally(() => this.note(started));
    try {
      return atOnce();
    } finally {
      this.note(started);
    }
  }

  private note(started: number): void {
    if (this.now() - started > SLOW_MS) this.probation = PROBATION;
    else if (this.probation > 0) this.probation--;
  }
}

function statNow(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
