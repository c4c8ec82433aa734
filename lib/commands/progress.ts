import type { Ledger } from '../ledger.ts';
import { printable } from '../text/printable.ts';
import { thousands } from '../text/thousands.ts';
import { formatBytes } from './closing-line.ts';

/** Milliseconds between two looks. */
const EVERY_MS = 250;
const CLEAR_LINE = '\r\u001b[K';

export interface FileProgress {
  readonly name: string;
  readonly bytesRead: number;
  readonly size?: number | undefined;
}

/** One line on a terminal that says how far a run is; cleared before anything else is written. */
export class Progress {
  private readonly stderr: { write(text: string): unknown };
  private readonly ledger: Ledger;
  private readonly started: number;
  private readonly now: () => number;
  private readonly timer: NodeJS.Timeout;
  private current: FileProgress | undefined;
  private shown = false;

  constructor(stderr: { write(text: string): unknown }, ledger: Ledger, now: () => number) {
    this.stderr = stderr;
    this.ledger = ledger;
    this.now = now;
    this.started = now();
    this.timer = setInterval(() => this.show(), EVERY_MS).unref();
  }

  reading(file: FileProgress): void {
    this.current = file;
  }

  /** Makes room for other output. */
  clear(): void {
    if (this.shown) this.stderr.write(CLEAR_LINE);
    this.shown = false;
  }

  stop(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private show(): void {
    const { records, bytes } = this.ledger.read;
    const seconds = (this.now() - this.started) / 1000;
    const file = this.current;
    const part = file?.size ? ` ${Math.floor((100 * file.bytesRead) / file.size)} %` : '';
    const name = file === undefined ? '' : `${printable(file.name)}${part}, `;
    this.stderr.write(`${CLEAR_LINE}${name}${thousands(records)} records, ${formatBytes(bytes / seconds)}/s`);
    this.shown = true;
  }
}
