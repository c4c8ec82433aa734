import type { Pipeline } from '../pipeline.ts';
import type { Io, StopSignal } from './io.ts';

/** After a signal, milliseconds until inputs that are still silent are not waited for. */
const INPUTS_MS = 2_000;
/** Until handlers are not: what was read may take this long to be flushed. */
const FLUSH_MS = 22_000;
/** Until nothing is, whatever blocks. */
const END_MS = 24_000;

/** How a run ends when it is told to, within 25 s whatever blocks; and what it does where it is only told to reopen. */
export class Ending {
  /** What told it to end. */
  signal: StopSignal | undefined;
  /** Settles when nothing is to be waited for any more. */
  readonly over: Promise<void>;
  private readonly stop = new AbortController();
  private readonly abandon = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly deaf: () => void;
  private readonly pipeline: Pick<Pipeline, 'breakOff' | 'refresh'>;
  private end: () => void = () => {};

  constructor(pipeline: Pick<Pipeline, 'breakOff' | 'refresh'>, io: Pick<Io, 'onSignal' | 'terminalIsGone'>) {
    this.pipeline = pipeline;
    this.over = new Promise((resolve) => {
      this.end = resolve;
    });
    this.deaf = io.onSignal((signal) => {
      if (signal === 'SIGUSR1' || (signal === 'SIGHUP' && !io.terminalIsGone())) pipeline.refresh();
      else this.begin(signal);
    });
  }

  /** Aborts when nothing more is to be read. */
  get reading(): AbortSignal {
    return this.stop.signal;
  }

  /** Aborts when inputs are not to be waited for. */
  get waiting(): AbortSignal {
    return this.abandon.signal;
  }

  /** Ends reading, without a signal: nobody is left to write to. */
  stopReading(): void {
    this.stop.abort();
    this.after(INPUTS_MS, () => this.abandon.abort());
  }

  /** The run has ended. */
  close(): void {
    this.deaf();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private begin(signal: StopSignal): void {
    if (this.signal !== undefined) return;
    this.signal = signal;
    this.stopReading();
    this.after(FLUSH_MS, () => this.pipeline.breakOff());
    this.after(END_MS, () => this.end());
  }

  private after(ms: number, act: () => void): void {
    this.timers.push(setTimeout(act, ms));
  }
}
