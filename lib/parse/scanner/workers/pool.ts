import type { MirrormonError } from '../../../errors.ts';
import { builtFile } from '../../../text/built-file.ts';
import type { EngineOptions } from '../engine.ts';
import { longestUnfinishedLine } from '../scanner-parser.ts';
import type { Slot } from '../slot.ts';
import type { Usages } from '../usage.ts';
import { LARGEST_RANGE } from './piece-size.ts';
import { TickBarrier } from './tick-barrier.ts';
import { Lane } from './worker-thread.ts';

/** Behind a range and its last line. */
const WINDOW_ROOM = 1 << 16;

export interface PoolOptions extends Omit<EngineOptions, 'windowBytes'> {
  readonly workers: number;
  readonly usages: Usages;
  /** The worker's code, if not the scanner's own. */
  readonly entry?: string | undefined;
}

export interface FreeSlot {
  readonly lane: Lane;
  readonly slot: Slot;
}

/** The parse workers. They start with the first call of `take`, which finds none that is ready before a while. */
export class Pool {
  readonly windowBytes: number;
  readonly maxLineBytes: number;
  private readonly options: PoolOptions;
  private lanes: Lane[] | undefined;
  private failure: MirrormonError | undefined;

  constructor(options: PoolOptions) {
    this.options = options;
    this.maxLineBytes = longestUnfinishedLine(options.limits.maxRecordBytes);
    this.windowBytes = LARGEST_RANGE + this.maxLineBytes + WINDOW_ROOM;
  }

  get workers(): number {
    return this.options.workers;
  }

  /**
   * A free slot of the worker that has the least to do; undefined if there is none. Throws once a worker has failed.
   */
  take(): FreeSlot | undefined {
    this.lanes ??= this.open();
    if (this.failure !== undefined) throw this.failure;
    let best: Lane | undefined;
    for (const lane of this.lanes) {
      if (lane.ready && lane.engine.hasSlot && (best === undefined || lane.load < best.load)) best = lane;
    }
    return best === undefined ? undefined : { lane: best, slot: best.engine.takeSlot()! };
  }

  /** Whether `take` would give one. */
  get hasFree(): boolean {
    return (
      this.lanes?.some((lane) => lane.ready && lane.engine.hasSlot) === true || this.failure !== undefined
    );
  }

  /** Settled when all workers are ready. */
  async start(): Promise<void> {
    this.lanes ??= this.open();
    await Promise.all(this.lanes.map((lane) => lane.started));
  }

  /** Has what workers measured be there to be taken: all, when none is at work; or the ticks up to now. */
  async collect(what: 'all' | 'ticks'): Promise<void> {
    await Promise.all((this.lanes ?? []).map((lane) => lane.collect(what)));
  }

  /** Takes what workers measured, or the ticks that they logged. */
  async drain(what: 'all' | 'ticks'): Promise<void> {
    await this.collect(what);
    this.options.partials?.drain(what);
  }

  /** A barrier behind what workers have been given: see TickBarrier. */
  barrier(tasks: number): TickBarrier {
    return new TickBarrier(tasks, this.collect('ticks'), () => this.options.partials?.drain('ticks'));
  }

  private open(): Lane[] {
    const { windowBytes, maxLineBytes, options } = this;
    const entry = options.entry ?? builtFile('parse/scanner', 'workers/worker.js');
    const lanes: Lane[] = [];
    if (entry === undefined) return lanes;
    const onFailure = (error: MirrormonError): void => {
      this.failure ??= error;
    };
    try {
      while (lanes.length < options.workers) {
        lanes.push(new Lane({ ...options, windowBytes, maxLineBytes, entry }, onFailure));
      }
    } catch (error) {
      // no address space for another one: a limit of the system's, and no reason not to run
      if (!(error instanceof RangeError)) throw error;
    }
    return lanes;
  }

  /** Ends the workers; they are started again should they be needed. */
  close(): void {
    for (const lane of this.lanes ?? []) lane.close();
    this.lanes = undefined;
  }
}
