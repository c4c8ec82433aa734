import type { MirrormonError } from '../../../errors.ts';
import type { EngineOptions } from '../engine.ts';
import { longestUnfinishedLine } from '../scanner-parser.ts';
import type { Slot } from '../slot.ts';
import { OwnThread } from './own-thread.ts';
import { LARGEST_RANGE } from './piece-size.ts';
import { BegunThread, type OpenThread, WorkerThread, workerEntry } from './thread.ts';
import { TickBarrier } from './tick-barrier.ts';
import { Lane } from './worker-thread.ts';

/** Behind a range and its last line. */
const WINDOW_ROOM = 1 << 16;

export interface PoolOptions extends Omit<EngineOptions, 'windowBytes'> {
  readonly workers: number;
  /** The worker's code, if not the scanner's own. */
  readonly entry?: string | undefined;
  /** The first worker's thread, if it was begun before. */
  readonly begun?: BegunThread | undefined;
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
  /** The main thread's. */
  private own: Lane | undefined;
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
    const best = leastLoaded(this.free());
    return best && { lane: best, slot: best.engine.takeSlot()! };
  }

  /** Whoever was started, the main thread if it helps included. */
  get opened(): readonly Lane[] {
    const { lanes = [], own } = this;
    return own === undefined ? lanes : [...lanes, own];
  }

  /** Has a thread that was begun get ready. */
  prepare(): void {
    if (this.options.begun?.isFree === true) this.lanes ??= this.open();
  }

  /** Workers that have a free slot, and starts them if none was; throws once one has failed. */
  free(): Lane[] {
    this.lanes ??= this.open();
    if (this.failure !== undefined) throw this.failure;
    return this.lanes.filter(isFree);
  }

  /** The main thread if it helps and has a free slot. */
  get freeOwn(): Lane | undefined {
    return this.own !== undefined && isFree(this.own) ? this.own : undefined;
  }

  /** Whether `take` would give one. */
  get hasFree(): boolean {
    return this.lanes?.some(isFree) === true || this.failure !== undefined;
  }

  /** Settled when all workers are ready. */
  async start(): Promise<void> {
    this.lanes ??= this.open();
    await Promise.all(this.lanes.map((lane) => lane.started));
  }

  /** Has what workers measured be there to be taken: all, when none is at work; or the ticks up to now. */
  async collect(what: 'all' | 'ticks'): Promise<void> {
    await Promise.all(this.opened.map((lane) => lane.collect(what)));
  }

  /** Takes what workers measured, or the ticks that they logged. */
  async drain(what: 'all' | 'ticks'): Promise<void> {
    await this.collect(what);
    this.takePartials(what);
  }

  /** Takes what workers have offered. */
  takePartials(what: 'all' | 'ticks'): void {
    this.options.partials?.drain(what);
  }

  /** A barrier behind what workers have been given: see TickBarrier. */
  barrier(tasks: number): TickBarrier {
    return new TickBarrier(tasks, this.collect('ticks'), () => this.takePartials('ticks'));
  }

  /** Has the main thread do a worker's work, too, when it has nothing else to do. */
  help(): void {
    this.own ??= this.begin((setup, events) => new OwnThread(setup, events), true);
  }

  private open(): Lane[] {
    const { begun, entry = workerEntry() } = this.options;
    const lanes: Lane[] = [];
    if (entry === undefined) return lanes;
    while (lanes.length < this.options.workers) {
      const lane = this.begin((setup, events) => {
        const thread = begun?.isFree === true ? begun : new BegunThread(entry);
        return new WorkerThread(thread, setup, events);
      });
      if (lane === undefined) break;
      lanes.push(lane);
    }
    return lanes;
  }

  /** Undefined where there is no address space for another one: a limit of the system's, and no reason not to run. */
  private begin(thread: OpenThread, isOwn = false): Lane | undefined {
    const { windowBytes, maxLineBytes, options } = this;
    const onFailure = (error: MirrormonError): void => {
      this.failure ??= error;
    };
    try {
      return new Lane({ ...options, windowBytes, maxLineBytes, thread, isOwn }, onFailure);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Ends the workers; they are started again should they be needed. */
  close(): void {
    for (const lane of this.opened) lane.close();
    this.lanes = undefined;
    this.own = undefined;
  }
}

const isFree = (lane: Lane): boolean => lane.ready && lane.engine.hasSlot;

/** Undefined if there is none. */
export function leastLoaded(lanes: readonly Lane[]): Lane | undefined {
  let best: Lane | undefined;
  for (const lane of lanes) if (best === undefined || lane.load < best.load) best = lane;
  return best;
}
