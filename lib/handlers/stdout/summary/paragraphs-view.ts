import type { Writable } from 'node:stream';

/** Milliseconds from the first record until something is said, and between two sayings. */
const PATIENCE_MS = 900;
const EVERY_MS = 60_000;
const LOOK_EVERY_MS = 300;

export interface ParagraphsViewOptions {
  readonly stream: Writable;
  /** A few lines that say how things stand. */
  head(): readonly string[];
  /** Grows with what was read: nothing is said anew while it stays. */
  progress(): number;
  /** Milliseconds, on a clock that only goes forward. */
  now(): number;
}

/** What a terminal is told meanwhile that cannot be redrawn: a few lines soon, then once a minute as long as records come. */
export class ParagraphsView {
  private readonly options: ParagraphsViewOptions;
  private readonly timer: NodeJS.Timeout;
  private due: number | undefined;
  private said = 0;

  constructor(options: ParagraphsViewOptions) {
    this.options = options;
    this.timer = setInterval(() => this.tick(), LOOK_EVERY_MS).unref();
  }

  /** Looks whether there is something to say. */
  tick(): void {
    const { stream, head, progress, now } = this.options;
    const records = progress();
    if (records === this.said) return;
    this.due ??= now() + PATIENCE_MS;
    // a terminal that does not keep up is not given more
    if (now() < this.due || stream.writableNeedDrain) return;
    this.said = records;
    this.due = now() + EVERY_MS;
    stream.write(`${head().join('\n')}\n\n`);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
