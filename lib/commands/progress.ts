import { statSync } from 'node:fs';
import { isGlob } from '../inputs/glob.ts';
import type { Ledger } from '../ledger.ts';
import { duration } from '../text/figures.ts';
import { printable } from '../text/printable.ts';
import { thousands } from '../text/thousands.ts';
import { formatBytes } from './closing-line.ts';

/** Milliseconds between two looks. */
const EVERY_MS = 250;
/** What was read of all before a guess is worth something. */
const GUESSABLE = 0.02;
const CLEAR_LINE = '\r\u001b[K';

export interface FileProgress {
  readonly name: string;
  /** Of the file as it lies on the disk. */
  readonly bytesRead: number;
  readonly size?: number | undefined;
}

export interface ProgressOptions {
  readonly stderr: { write(text: string): unknown };
  readonly ledger: Ledger;
  /** As the user named them. */
  readonly files: readonly string[];
  /** Milliseconds, on a clock that only goes forward. */
  readonly now: () => number;
}

/** One line on a terminal that says how far a run is; cleared before anything else is written. */
export class Progress {
  private readonly options: ProgressOptions;
  private readonly started: number;
  private readonly timer: NodeJS.Timeout;
  private readonly seen = new Set<string>();
  /** Bytes of the files before the current one, and of all; NaN where a pattern stands for files. */
  private before = 0;
  private readonly total: number;
  private current: FileProgress | undefined;
  private shown = false;

  constructor(options: ProgressOptions) {
    this.options = options;
    this.started = options.now();
    this.total = sizeOf(options.files);
    this.timer = setInterval(() => this.show(), EVERY_MS).unref();
  }

  reading(file: FileProgress): void {
    if (!this.seen.has(file.name)) {
      this.before += this.current?.size ?? 0;
      this.seen.add(file.name);
    }
    this.current = file;
  }

  /** Makes room for other output. */
  clear(): void {
    if (this.shown) this.options.stderr.write(CLEAR_LINE);
    this.shown = false;
  }

  stop(): void {
    clearInterval(this.timer);
    this.clear();
  }

  /** What the line says. */
  text(): string {
    const { ledger, now } = this.options;
    const { records, bytes } = ledger.read;
    const seconds = (now() - this.started) / 1000;
    const rate = seconds > 0 ? `, ${formatBytes(bytes / seconds)}/s` : '';
    return `${this.place()}${thousands(records)} records${rate}${this.left(seconds)}`;
  }

  private place(): string {
    const { current, seen } = this;
    if (current === undefined) return '';
    const { files } = this.options;
    const of = Number.isNaN(this.total) ? '' : ` of ${files.length}`;
    const which = files.length > 1 || of === '' ? `file ${seen.size}${of}, ` : '';
    const part = current.size ? ` ${Math.floor((100 * current.bytesRead) / current.size)} %` : '';
    return `${which}${printable(current.name)}${part}, `;
  }

  private left(seconds: number): string {
    const { current, total, before } = this;
    if (current === undefined) return '';
    const whole = Number.isNaN(total) ? (current.size ?? Number.NaN) : total;
    const done = (current.bytesRead + (Number.isNaN(total) ? 0 : before)) / whole;
    if (!(done >= GUESSABLE && done < 1) || (Number.isNaN(total) && this.seen.size > 1)) return '';
    return `, ${duration(Math.round((seconds * (1 - done)) / done))} left`;
  }

  private show(): void {
    this.options.stderr.write(`${CLEAR_LINE}${this.text()}`);
    this.shown = true;
  }
}

/** Bytes of all files; NaN where that is not known before. */
function sizeOf(files: readonly string[]): number {
  let bytes = 0;
  for (const file of files) {
    const size = isGlob(file) ? undefined : statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return Number.NaN;
    bytes += size;
  }
  return bytes;
}
