import type { Input } from '../../../batch/batch.ts';
import type { MirrormonError } from '../../../errors.ts';
import { discard } from '../../../math/growth.ts';
import type { PartialsState } from '../aggregation/partial-tables.ts';
import { RemotePartials } from '../aggregation/remote-partials.ts';
import { Engine, type EngineOptions, newMemory } from '../engine.ts';
import { planMemory, TABLES_START } from '../memory-plan.ts';
import { rejectionsOf } from '../rejections.ts';
import { ScannedBatch } from '../scanned-batch.ts';
import type { Slot } from '../slot.ts';
import { IdMaps, madeColumn } from './id-maps.ts';
import { NoteRooms } from './note-rooms.ts';
import { type Answer, type TaskOf, taskOf } from './task.ts';
import { type OpenThread, type Thread, workerFailure } from './thread.ts';
import {
  type Collect,
  type Collected,
  type Job,
  type RangeOrder,
  type Reply,
  type Scan,
  type Setup,
  SKIPPED,
} from './worker-messages.ts';

/** One to be scanned, one that waits for it, one for the batch that is consumed. */
const SLOTS = 3;
export interface LaneOptions extends EngineOptions {
  readonly maxLineBytes: number;
  /** Starts who does the work. */
  readonly thread: OpenThread;
  /** Whether that is the main thread. */
  readonly isOwn?: boolean | undefined;
}

/** A job that was given to a worker. */
export type Task = TaskOf<Lane>;

/** How the lines of an input are to be read (assembly/write-batch.ts), and their place among all that is measured. */
export interface Lines {
  readonly mode: number;
  readonly order: number;
}

/**
 * One worker as the main thread sees it: the memory that both share, an engine over it with tables of its own, which
 * reads what the worker scanned, and the jobs that are on their way. A slot is back when its batch has been released.
 */
export class Lane {
  readonly engine: Engine;
  private readonly thread: Thread;
  private readonly onFailure: (error: MirrormonError) => void;
  private readonly waiting: Resolvers<Answer | Collected>[] = [];
  private maps: IdMaps | undefined;
  private isReady = false;
  /** What the worker has measured, if it measures. */
  private remote: RemotePartials | undefined;
  private readonly options: LaneOptions;
  private readonly begun: Resolvers<void>;
  /** undefined where nothing is noted, or by this thread. */
  private readonly rooms: NoteRooms | undefined;
  private closed = false;
  /** The worker does nothing of what it was given behind a range that it did not read to its stop. */
  private resumes = false;

  /** Throws a RangeError if the system has no room for the memory. */
  constructor(options: LaneOptions, onFailure: (error: MirrormonError) => void) {
    const { module, wants, limits, windowBytes, maxLineBytes, measureUntil } = options;
    const measures = measureUntil !== undefined;
    this.options = options;
    const ours = planMemory(wants, limits, windowBytes, SLOTS, options.measures).bytes;
    const theirs = planMemory(wants, limits, windowBytes, 0, measures).bytes;
    const memory = newMemory(TABLES_START + ours + theirs);
    this.engine = new Engine({ ...options, slots: SLOTS, place: { memory, start: TABLES_START } });
    this.onFailure = onFailure;
    const start = TABLES_START + ours;
    const { fields, labelSets, families, readings, kindRule, plan } = wants;
    if (measures && plan?.notes !== undefined && !this.isOwn) this.rooms = new NoteRooms();
    const setup = {
      ...{ module, memory, start, measures, windowBytes, maxLineBytes },
      wants: { fields, labelSets, families, readings, kindRule, plan },
      limits: { ...limits },
    } as unknown as Setup;
    this.begun = withResolvers<void>();
    this.begun.promise.catch(() => {});
    this.thread = options.thread(setup, {
      message: (reply) => this.receive(reply),
      failure: (cause) => this.fail(cause),
    });
  }

  /** Fails if the worker does before it is ready. */
  get started(): Promise<void> {
    return this.begun.promise;
  }

  get ready(): boolean {
    return this.isReady;
  }

  /** Whether it is the main thread that does the work. */
  get isOwn(): boolean {
    return this.options.isOwn === true;
  }

  /** Jobs on their way. */
  get load(): number {
    return this.waiting.length;
  }

  /** Lines of a file. */
  read(slot: Slot, { mode, order }: Lines, range: RangeOrder): Task {
    return this.give(slot, { mode, range, size: 0, base: 0 }, order);
  }

  /** Whole lines that are in the slot's window already. */
  scan(slot: Slot, { mode, order }: Lines, size: number, base: number): Task {
    return this.give(slot, { mode, size, base }, order);
  }

  private give(slot: Slot, job: Omit<Job, 'slot' | 'columns'>, order: number): Task {
    const answer = withResolvers<Answer | Collected>();
    const scan = answer.promise as Promise<Answer>;
    const task = taskOf({ lane: this, slot, scan }, job.range, {
      onFree: () => this.engine.giveBack(slot),
      onLeft: () => {
        this.resumes = true;
      },
    });
    this.send(answer, {
      ...job,
      ...this.measuring(order),
      ...(job.range !== undefined && this.resumes && { resumes: true }),
      slot: slot.address,
      room: this.rooms?.next(this.load + 1),
      columns: this.options.wants.readings.map((reading) => slot.idColumn(madeColumn(reading)).address),
    });
    if (job.range !== undefined) this.resumes = false;
    return task;
  }

  private send(answer: Resolvers<Answer | Collected>, job: Job | Collect): void {
    if (this.waiting.push(answer) === 1) this.thread.hold();
    this.thread.post(job);
  }

  /** @param order of the input's first byte */
  private measuring(order: number): Pick<Job, 'measuring' | 'taken'> {
    const { remote, options } = this;
    if (remote === undefined) return {};
    options.partials!.hold(remote);
    return { measuring: { until: options.measureUntil!(), order }, taken: remote.goOn() };
  }

  /** Has what the worker measured be there to be taken: all, until it is given something to do; or its ticks. */
  async collect(what: 'all' | 'ticks'): Promise<void> {
    this.offer(what, (await this.ask(what)) as PartialsState | undefined);
  }

  /**
   * Asks the worker what it has measured; undefined if that is nothing.
   * @param when it does not answer, SKIPPED, if something that it was given before is to be given anew
   */
  async ask(
    what: 'all' | 'ticks',
    when?: 'unless skipping',
  ): Promise<PartialsState | typeof SKIPPED | undefined> {
    if (this.remote?.isHeld !== true) return undefined;
    const answer = withResolvers<Answer | Collected>();
    // what we know that it skipped has been given to somebody
    this.send(answer, { collect: what, unlessSkipping: when !== undefined && !this.resumes });
    const reply = (await answer.promise) as Collected | typeof SKIPPED;
    return reply === SKIPPED ? reply : reply.collected;
  }

  /** Whoever takes partials next takes what the worker was asked for. */
  offer(what: 'all' | 'ticks', state: PartialsState | undefined): void {
    if (state === undefined) return;
    const { notes } = state;
    // the worker has them no more: they would be lost if it goes on before anybody takes the rest, as behind an input
    if (notes !== undefined) this.options.partials!.takeAllOf(this.remote!, notes);
    this.remote!.collect(what, { ...state, notes: undefined });
  }

  /** Hands on what the worker noted of sessions: of its tasks in their order. */
  takeNotes({ notes }: Scan): void {
    if (notes === undefined) return;
    this.options.partials!.takeNotes(this.remote!, notes);
    if (this.rooms === undefined) discard(new Uint8Array(notes.bytes));
    else this.rooms.takeBack(notes.bytes);
  }

  /** The batch of a task that was scanned; tasks of a lane are to be taken in their order. */
  batchOf({ slot }: Task, scan: Scan, input: Input, order: number): ScannedBatch {
    const { engine } = this;
    const dictionaries = engine.dictionaries();
    if (!this.maps?.serves(scan, dictionaries)) this.maps = new IdMaps(scan, dictionaries);
    return new ScannedBatch({
      input,
      engine,
      slot,
      dictionaries,
      rows: scan.rows,
      untold: scan.untold,
      order: order + scan.base,
      size: scan.scanned,
      base: scan.base,
      rejected: rejectionsOf(slot, scan.rejected, scan.base),
      consumed: scan.scanned - scan.begin,
      made: this.maps.columns(this.options.wants.readings, scan, slot),
      dismissed: scan.dismissed && { ...scan.dismissed, before: slot.clock.subarray(0, scan.rows) },
    });
  }

  private receive(reply: Reply): void {
    if (typeof reply === 'object' && 'ready' in reply) {
      const { bytes, exports } = this.engine;
      const { plan } = this.options.wants;
      this.remote =
        reply.ready && new RemotePartials(bytes, reply.ready, exports, plan?.notes, this.thread.ownSessions);
      this.isReady = true;
      this.begun.resolve();
      return;
    }
    this.rooms?.answered(reply);
    this.waiting.shift()!.resolve(reply);
    if (this.waiting.length === 0) this.thread.letGo();
  }

  private fail(cause: Error): void {
    if (this.closed) return;
    this.closed = true;
    const error = workerFailure(cause);
    this.begun.reject(error);
    this.onFailure(error);
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  /** Ends the worker; what is on its way is lost. */
  close(): void {
    this.closed = true;
    this.rooms?.close();
    this.thread.close();
  }
}

interface Resolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

/** A promise that is settled from outside: Promise.withResolvers, which Node 20 lacks. */
function withResolvers<T>(): Resolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { promise, resolve, reject };
}
