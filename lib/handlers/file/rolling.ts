import { once } from 'node:events';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { RotatingFileStream } from 'rotating-file-stream';
import { backupPath } from './backup-names.ts';
import { type Disk, SystemDisk } from './disk.ts';

/** A write that failed; what of it had reached the file was cut off again, but for `leftover` bytes. */
export class AppendError extends Error {
  readonly leftover: number;

  constructor(leftover: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.leftover = leftover;
  }
}

/** A file that events are appended to. */
export interface EventFile {
  /** Bytes in the file. */
  readonly length: number;
  /** Which file it is, whatever its path: equal for two open files only if they are the same. */
  readonly identity: string;
  /** undefined of what is not ours to make anew. */
  readonly mode: number | undefined;
  /** Appends all of the bytes, or none of them but for what AppendError says. One call at a time. */
  append(bytes: Uint8Array): Promise<void>;
  /** Whether the path still leads to this file. */
  isInPlace(): Promise<boolean>;
  /** Cuts off what an earlier failure left behind. */
  cutOff(bytes: number): Promise<void>;
  roll(): Promise<void>;
  /** Everything appended is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
  destroy(): void;
}

/** What the library keeps to itself and this needs. That can change with any release, hence the exact pin. */
interface Internals extends Writable {
  file: FileHandle;
  size: number;
  rotate(): Promise<void>;
}

const Base = RotatingFileStream as unknown as new (
  generator: (time: Date | null, index?: number) => string,
  options: { path: string; mode: number },
) => Internals;

/** Where the library would try a thousand names, the first is free here unless another program took it. */
const nameOf =
  (path: string) =>
  (time: Date | null, index: number = 1) =>
    time === null ? path : backupPath(path, time.getTime() + index - 1);

/**
 * One open file of rotating-file-stream, which opens, names and renames. Three things it does otherwise:
 * it rolls when it is told to, before the write that would exceed a limit, where the library rolls after it;
 * a write happens as a whole or not at all, where the library takes a short write for a complete one;
 * and a folder that is missing is an error, never made, since a mistyped path would fill some other disk.
 */
export class RollingFile extends Base implements EventFile {
  /** As it was given: a link may be led elsewhere. */
  private readonly given: string;
  private readonly rollTime: () => number;
  private readonly disk: Disk;
  private stats: Stats | undefined;

  private constructor(path: string, given: string, mode: number, rollTime: () => number, disk: Disk) {
    super(nameOf(path), { path: '', mode });
    this.given = given;
    this.rollTime = rollTime;
    this.disk = disk;
    // Every failure is also the result of a call here; without a listener it would end the process as well.
    this.on('error', () => {});
  }

  /** Opens to append, creating the file if need be. `given` is a path that leads to it; `rollTime` gives the time for a backup's name, ever ascending. */
  static async open(
    path: string,
    mode: number,
    rollTime: () => number,
    disk: Disk = new SystemDisk(),
    given = path,
  ): Promise<RollingFile> {
    const file = new RollingFile(path, given, mode, rollTime, disk);
    await once(file, 'open');
    file.stats = await file.file.stat();
    return file;
  }

  /** Bytes in the file. */
  get length(): number {
    return this.size;
  }

  /** Appends all of the bytes, or none of them but for what AppendError says. One call at a time; not queued as `write` is. */
  async append(bytes: Uint8Array): Promise<void> {
    let done = 0;
    try {
      while (done < bytes.length) {
        const written = await this.disk.write(this.file, done === 0 ? bytes : bytes.subarray(done));
        if (written === 0) throw Object.assign(new Error('the disk took nothing'), { code: 'EIO' });
        done += written;
        this.size += written;
      }
    } catch (cause) {
      const undone = () => 0;
      const left = done === 0 ? 0 : await this.cutOff(done).then(undone, () => done);
      throw new AppendError(left, cause);
    }
  }

  /** Which file it is, whatever its path: equal for two open files only if they are the same. */
  get identity(): string {
    return identityOf(this.stats);
  }

  get mode(): number {
    return (this.stats?.mode ?? 0) & 0o7777;
  }

  /** Makes the file a backup and goes on in a new one of the same mode and owner. */
  async roll(): Promise<void> {
    const before = this.stats;
    await this.rotate();
    this.stats = await this.file.stat();
    if (before === undefined) return;
    await this.takeAfter(before, this.stats);
    this.stats = await this.file.stat();
  }

  async sync(): Promise<void> {
    await this.file.datasync();
  }

  /** Cuts off what an earlier failure left behind. */
  async cutOff(bytes: number): Promise<void> {
    // The file's own word, since someone may have shortened it; extending it would fill it with zeros.
    const { size } = await this.file.stat();
    await this.disk.truncate(this.file, Math.max(0, size - bytes));
    this.size = Math.max(0, size - bytes);
  }

  /** Whether the path still leads to this file: others may have moved or removed it, and writes would be lost. */
  async isInPlace(): Promise<boolean> {
    return identityOf(await this.disk.stat(this.given)) === this.identity;
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.end((error?: Error | null) => (error ? reject(error) : resolve())),
    );
  }

  /** Called by the library for the time of a backup. */
  now(): Date {
    return new Date(this.rollTime());
  }

  /** Called by the library when a folder is missing. */
  async makePath(name: string): Promise<never> {
    throw Object.assign(new Error(`no such folder: ${name}`), { code: 'ENOENT' });
  }

  private async takeAfter(before: Stats, after: Stats): Promise<void> {
    if (after.mode !== before.mode) await this.file.chmod(before.mode & 0o7777);
    if (after.uid === before.uid && after.gid === before.gid) return;
    // Only root may give a file away; anyone else goes on with a file of his own.
    await this.file.chown(before.uid, before.gid).catch(() => {});
  }
}

function identityOf(stats: Stats | undefined): string {
  return stats === undefined ? 'none' : `${stats.dev}:${stats.ino}`;
}
