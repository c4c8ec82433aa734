import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { encodePicks } from '../encode/index.ts';
import { LineBuffer, type Lines, linesWithin, missing } from '../encode/line-buffer.ts';
import type { Handler, HandlerContext, Written } from '../handler.ts';
import { Unwritable, writtenBut } from '../unwritable.ts';
import { cutBack, type FilePosition, HeldFile } from './cut-back.ts';
import type { Disk } from './disk.ts';
import { type Target, targetOf } from './followed-path.ts';
import { cannotOpen, cannotWrite, checkPath, lacksNewline } from './path-check.ts';
import { prune } from './prune.ts';
import type { AppendError, EventFile } from './rolling.ts';

const mebibyte = 1 << 20;
/** What the File Reporter's library takes when it is told 0. */
const unsetLimit = 100;
/** Large enough to cost no more than copying. */
const largestWrite = 1 << 20;
/** What has no room is tried again in parts of this size, so that a full disk is filled up to little less than one. */
const partialWrite = 256 * 1024;
/** Events that are encoded at a time: it bounds the memory that a report of many series takes. */
const slice = 4096;
/** Before the umask; the controller's. */
const newFileMode = 0o664;
const newline = Buffer.from('\n');

/** The File Reporter's rolling file. `disk` stands between it and the file system in tests. */
export function openFile(config: HandlerConfig, context: HandlerContext, disk?: Disk): Handler {
  return new FileHandler(config, context, disk);
}

class FileHandler implements Handler {
  readonly name: string;
  readonly type = 'file';
  private readonly config: HandlerConfig;
  private readonly context: HandlerContext;
  private readonly disk: Disk | undefined;
  private readonly path: string;
  /** Where it leads: looked up whenever the file is opened. */
  private target: Target = { path: '', rolls: true };
  private readonly limit: number;
  private file: EventFile | undefined;
  /** Serves all writes: each is over before the next is encoded. */
  private readonly lines = new LineBuffer();
  private mode = newFileMode;
  /** The last line of the file was cut by a crash. It gets a newline before the first event, so that it spoils no other. */
  private unfinished = false;
  /** What a failed write left at the end of a file and could not be cut off yet. */
  private leftover: { readonly identity: string; readonly bytes: number } | undefined;
  private isStale = false;
  private readonly held = new HeldFile();
  private lastRoll = Number.NEGATIVE_INFINITY;
  /** How far the picks of the last call have come: a call that failed goes on from there. */
  private progress = { picks: undefined as Picks | undefined, next: 0, bytes: 0, lost: 0 };
  private readonly unwritable: Unwritable;

  constructor(config: HandlerConfig, context: HandlerContext, disk: Disk | undefined) {
    if (config.path === undefined) {
      throw new MirrormonError('CONFIG_INVALID', `handler ${config.name} has no path`, {
        where: config.place,
      });
    }
    this.name = config.name;
    this.config = config;
    this.context = context;
    this.unwritable = new Unwritable(config.name, context);
    this.disk = disk;
    this.path = config.path;
    this.limit = (config.maxsizemb || unsetLimit) * mebibyte;
  }

  async open(): Promise<void> {
    await checkPath(this.path, this.config.place);
    try {
      await this.openFile();
    } catch (error) {
      throw cannotOpen(this.path, error);
    }
    await this.prune();
  }

  async write(flow: Flow, picks: Picks): Promise<Written> {
    if (this.progress.picks !== picks) this.progress = { picks, next: 0, bytes: 0, lost: 0 };
    const { unwritable } = this;
    try {
      while (this.progress.next < picks.count) {
        const from = this.progress.next;
        const to = Math.min(from + slice, picks.count);
        // the system looks at the file while the lines are made
        const [file, lines] = await Promise.all([
          this.ready(),
          encodePicks(flow, picks, this.config, this.context, { from, to, into: this.lines, unwritable }),
        ]);
        await this.append(lines, file);
      }
    } catch (error) {
      throw await this.broken(error);
    }
    const { bytes, lost } = this.progress;
    this.progress = { picks: undefined, next: 0, bytes: 0, lost: 0 };
    return writtenBut(bytes, lost);
  }

  async position(): Promise<FilePosition | undefined> {
    const file = await this.ready();
    if (!this.target.rolls) return undefined;
    await file.sync();
    this.held.propose(file.identity);
    return { identity: file.identity, length: file.length };
  }

  async kept(): Promise<void> {
    this.held.settle();
    await this.prune();
  }

  async cutBack(position: unknown): Promise<void> {
    await cutBack(this.path, position as FilePosition);
    this.held.propose((position as FilePosition).identity);
  }

  /** The next write opens the file anew. */
  reopen(): void {
    this.isStale = true;
  }

  async close(): Promise<void> {
    try {
      if (this.leftover !== undefined) await this.ready();
      await this.file?.close();
    } catch (error) {
      throw await this.broken(error);
    } finally {
      this.file = undefined;
    }
  }

  private async append({ bytes, ends }: Lines, file: EventFile): Promise<void> {
    const limit = this.target.rolls ? this.limit : Number.POSITIVE_INFINITY;
    let largest = largestWrite;
    let start = 0;
    for (let from = 0; from < ends.length; ) {
      const room = limit - file.length - (this.unfinished ? 1 : 0);
      let to = linesWithin(ends, from, start + Math.min(room, largest));
      if (to === from) {
        const length = ends[from]! - start;
        if (length > room && file.length > 0) {
          await this.roll(file);
          continue;
        }
        if (length > limit) this.warnOfSize(length);
        to++;
      }
      if (this.unfinished) await this.finishLine(file);
      const end = ends[to - 1]!;
      try {
        await file.append(bytes.subarray(start, end));
      } catch (error) {
        if (end - start <= partialWrite || largest === partialWrite || !isUndone(error)) throw error;
        largest = partialWrite;
        continue;
      }
      this.progress.next += to - from;
      this.progress.lost += missing(ends, from, to);
      this.progress.bytes += end - start;
      from = to;
      start = end;
    }
  }

  /** The open file, opened anew if a failure closed it or someone moved it away, and with whole lines only. */
  private async ready(): Promise<EventFile> {
    if (this.isStale) this.letGo();
    this.isStale = false;
    if (this.file !== undefined && !(await this.file.isInPlace())) this.letGo();
    const file = this.file ?? (await this.openFile());
    if (this.leftover?.identity === file.identity) {
      await file.cutOff(this.leftover.bytes);
      this.unfinished = await lacksNewline(this.target.path, file.length);
    }
    this.leftover = undefined;
    return file;
  }

  private async openFile(): Promise<EventFile> {
    this.target = await targetOf(this.path);
    const { path, rolls } = this.target;
    if (!rolls) {
      const device = await (await import('./device.ts')).Device.open(path);
      this.file = device;
      this.unfinished = false;
      return device;
    }
    const { RollingFile } = await import('./rolling.ts');
    const file = await RollingFile.open(path, this.mode, () => this.rollTime(), this.disk, this.path);
    this.file = file;
    this.mode = file.mode;
    this.unfinished = await lacksNewline(path, file.length);
    return file;
  }

  /** Ascends even if the clock does not, so that no two backups share a name and the oldest has the oldest name. */
  private rollTime(): number {
    this.lastRoll = Math.max(this.context.now(), this.lastRoll + 1);
    return this.lastRoll;
  }

  private async roll(file: EventFile): Promise<void> {
    await file.roll();
    this.unfinished = false;
    await this.prune();
  }

  private async finishLine(file: EventFile): Promise<void> {
    await file.append(newline);
    this.unfinished = false;
  }

  private async prune(): Promise<void> {
    const { path, rolls } = this.target;
    const { maxbackups } = this.config;
    if (rolls) await prune(path, maxbackups, (message) => this.context.warn(message), this.held.identities);
  }

  private warnOfSize(length: number): void {
    this.context.warn(
      `${this.path}: an event of ${length} bytes is larger than maxsizemb (${this.limit} bytes) and gets a file of its own`,
    );
  }

  /** A stream that failed cannot be used again; the next call opens the file anew. */
  private async broken(error: unknown): Promise<MirrormonError> {
    const { AppendError } = await import('./rolling.ts');
    const failed = this.file;
    this.letGo();
    let cause = error;
    if (error instanceof AppendError) {
      cause = error.cause;
      if (failed && error.leftover > 0) this.leftover = { identity: failed.identity, bytes: error.leftover };
    }
    const { next, lost, bytes } = this.progress;
    return cannotWrite(this.path, cause, { picks: next - lost, bytes });
  }

  private letGo(): void {
    this.file?.destroy();
    this.file = undefined;
  }
}

/** Whether nothing of a failed write is left in the file. */
function isUndone(error: unknown): boolean {
  return (error as Partial<AppendError>).leftover === 0;
}
