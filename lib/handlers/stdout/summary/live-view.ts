import type { Writable } from 'node:stream';

/** Milliseconds between two drawings at least, and from the first record until the screen is taken. */
const EVERY_MS = 250;
const PATIENCE_MS = 600;
/** A drawing may take this part of the time: many sessions are drawn less often. */
const SHARE = 0.1;

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const END_OF_LINE = '\x1b[K';
const REST_OF_SCREEN = '\x1b[J';

export interface LiveViewOptions {
  readonly stream: Writable;
  /** The screen's lines; asked for at each drawing. */
  draw(isPaused: boolean): string[];
  /** Grows with what was read: nothing is drawn anew while it stays. */
  progress(): number;
  /** Milliseconds, on a clock that only goes forward. */
  now(): number;
  /** Told as the screen is taken and given back. */
  onScreen(isTaken: boolean): void;
  onQuit(): void;
  /** Takes a key other than those of the view; gives whether it changes what is drawn. */
  onKey(key: string): boolean;
  readKeys(onKey: (key: string) => void): () => void;
}

/** A screen that is redrawn in place, in the terminal's alternate screen, as long as records come. */
export class LiveView {
  private readonly options: LiveViewOptions;
  private readonly timer: NodeJS.Timeout;
  private readonly redraw = (): void => this.draw();
  private readonly restore = (): void => this.leave();
  private firstRecord: number | undefined;
  private isTaken = false;
  private isPaused = false;
  private drawn = -1;
  private quietUntil = 0;
  private release: (() => void) | undefined;

  constructor(options: LiveViewOptions) {
    this.options = options;
    this.timer = setInterval(() => this.tick(), EVERY_MS).unref();
  }

  /** Looks whether there is something to draw. */
  tick(): void {
    const { now, progress } = this.options;
    const records = progress();
    if (records > 0) this.firstRecord ??= now();
    if (this.firstRecord === undefined || now() - this.firstRecord < PATIENCE_MS) return;
    if (!this.isTaken) this.enter();
    if (!this.isPaused && records !== this.drawn && now() >= this.quietUntil) this.draw();
  }

  /** Gives the screen back. */
  stop(): void {
    clearInterval(this.timer);
    this.leave();
  }

  private enter(): void {
    const { stream, onScreen, readKeys } = this.options;
    this.isTaken = true;
    onScreen(true);
    stream.write(ENTER);
    stream.on('resize', this.redraw);
    // whatever ends the process, the terminal is to be usable afterwards
    process.once('exit', this.restore);
    this.release = readKeys((key) => this.onKey(key));
  }

  private leave(): void {
    if (!this.isTaken) return;
    this.isTaken = false;
    const { stream, onScreen } = this.options;
    stream.off('resize', this.redraw);
    process.off('exit', this.restore);
    this.release?.();
    stream.write(LEAVE);
    onScreen(false);
  }

  private onKey(key: string): void {
    if (key === 'q') this.options.onQuit();
    else if (key === 'p' || key === ' ') this.isPaused = !this.isPaused;
    else if (!this.options.onKey(key)) return;
    this.draw();
  }

  private draw(): void {
    if (!this.isTaken) return;
    const { stream, draw, progress, now } = this.options;
    // a terminal that does not keep up is not given more
    if (stream.writableNeedDrain) return;
    const started = now();
    this.drawn = progress();
    const lines = draw(this.isPaused);
    stream.write(`${HOME}${lines.join(`${END_OF_LINE}\n`)}${END_OF_LINE}${REST_OF_SCREEN}`);
    this.quietUntil = now() + (now() - started) / SHARE;
  }
}
