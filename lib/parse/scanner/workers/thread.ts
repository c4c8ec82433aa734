import { Worker } from 'node:worker_threads';
import type { Collect, Job, Reply, Setup } from './worker-messages.ts';

/** Who does jobs, and answers each in its turn. */
export interface Thread {
  post(job: Job | Collect): void;
  /** Whether answers are waited for, so that the process must not end. */
  hold(): void;
  letGo(): void;
  /** Ends it; what is on its way is lost. */
  close(): void;
}

export interface ThreadEvents {
  /** The first one says that it is ready. */
  message(reply: Reply): void;
  failure(cause: Error): void;
}

export type OpenThread = (setup: Setup, events: ThreadEvents) => Thread;

/** A worker makes next to no objects: without this its heap would take megabytes for nothing. */
const RESOURCES = { maxYoungGenerationSizeMb: 2 };

/** A thread of its own, which runs that file. */
export class WorkerThread implements Thread {
  private readonly worker: Worker;

  constructor(entry: string, setup: Setup, events: ThreadEvents) {
    this.worker = new Worker(entry, { workerData: setup, execArgv: [], env: {}, resourceLimits: RESOURCES });
    this.worker.unref();
    this.worker
      .on('message', (reply: Reply) => events.message(reply))
      .on('error', (error) => events.failure(error as Error))
      .on('exit', (code) => events.failure(new Error(`it ended with ${code}`)));
  }

  post(job: Job | Collect): void {
    this.worker.postMessage(job);
  }

  hold(): void {
    this.worker.ref();
  }

  letGo(): void {
    this.worker.unref();
  }

  close(): void {
    void this.worker.terminate();
  }
}
