import { Worker } from 'node:worker_threads';
import { MirrormonError, systemReason } from '../../../errors.ts';
import { builtFile } from '../../../text/built-file.ts';
import type { OwnSessions } from '../aggregation/own-sessions.ts';
import type { Collect, Job, Reply, Setup } from './worker-messages.ts';

/** Who does jobs, and answers each in its turn. */
export interface Thread {
  post(job: Job | Collect): void;
  /** Whether answers are waited for, so that the process must not end. */
  hold(): void;
  letGo(): void;
  /** Ends it; what is on its way is lost. */
  close(): void;
  /** What it knows of sessions, where it is the main thread and measures. */
  readonly ownSessions?: OwnSessions | undefined;
}

export interface ThreadEvents {
  /** The first one says that it is ready. */
  message(reply: Reply): void;
  failure(cause: Error): void;
}

export type OpenThread = (setup: Setup, events: ThreadEvents) => Thread;

/** A worker makes next to no objects: without this its heap would take megabytes for nothing. */
const RESOURCES = { maxYoungGenerationSizeMb: 2 };

/** A worker's code, as it was built. */
export function workerEntry(): string | undefined {
  return builtFile('parse/scanner', 'workers/worker.js');
}

/**
 * A thread of its own that runs that file, and waits to be told what it is for: beginning takes it half as long as loading
 * the program takes the main thread, and both go on beside. It keeps no process from ending.
 */
export class BegunThread {
  private readonly worker: Worker;
  private events: ThreadEvents | undefined;
  /** It failed before anybody was there to be told. */
  private cause: Error | undefined;
  private isClosed = false;

  constructor(entry: string) {
    this.worker = new Worker(entry, { execArgv: [], env: {}, resourceLimits: RESOURCES });
    this.worker.unref();
    this.worker
      .on('message', (reply: Reply) => this.events?.message(reply))
      .on('error', (error) => this.fail(error as Error))
      .on('exit', (code) => this.fail(new Error(`it ended with ${code}`)));
  }

  private fail(cause: Error): void {
    this.cause ??= cause;
    this.events?.failure(cause);
  }

  /** Whether it can still be used: nobody has, and it has neither failed nor been ended. */
  get isFree(): boolean {
    return this.events === undefined && this.cause === undefined && !this.isClosed;
  }

  /** Has it work for one who is told of its answers. */
  serve(setup: Setup, events: ThreadEvents): Worker {
    this.events = events;
    this.worker.postMessage(setup);
    return this.worker;
  }

  /** Nobody is told any more: whoever was holds on to the memory that is shared with it. */
  close(): void {
    this.isClosed = true;
    this.events = undefined;
    void this.worker.terminate();
  }
}

/** What a worker does in a thread that was begun. */
export class WorkerThread implements Thread {
  private readonly begun: BegunThread;
  private readonly worker: Worker;

  constructor(begun: BegunThread, setup: Setup, events: ThreadEvents) {
    this.begun = begun;
    this.worker = begun.serve(setup, events);
  }

  post(job: Job | Collect): void {
    this.worker.postMessage(job, 'room' in job && job.room !== undefined ? [job.room] : []);
  }

  hold(): void {
    this.worker.ref();
  }

  letGo(): void {
    this.worker.unref();
  }

  close(): void {
    this.begun.close();
  }
}

/** Why a worker is no more. What the system refuses it, Node tells by a code in words of its own. */
export function workerFailure(cause: Error): MirrormonError {
  const [code] = /\bE[A-Z]{3,}\b/.exec(cause.message) ?? [];
  const [what, hint] =
    code === undefined
      ? [cause.message, 'try again with --workers 0, and please report it']
      : [systemReason(Object.assign(new Error(cause.message), { code })), 'or try again with --workers 0'];
  return new MirrormonError('PIPELINE_BROKEN', `a parse worker failed: ${what}`, { hint, cause });
}
