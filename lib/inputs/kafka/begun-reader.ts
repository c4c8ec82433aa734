import { Worker } from 'node:worker_threads';
import { builtFile } from '../../text/built-file.ts';
import type { FromThread, Setup } from './thread-messages.ts';

/** The client makes few objects that last: its heap needs no room for more. */
const RESOURCES = { maxYoungGenerationSizeMb: 4 };

export interface ReaderEvents {
  message(message: FromThread): void;
  /** It has failed, or ended: nothing comes any more. */
  failure(cause: Error): void;
}

/**
 * The thread that fetches topics, as long as it only loads the client: that takes longer than all else that a run begins
 * with, so it is begun before anything else is loaded. It keeps no process from ending.
 */
export class BegunReader {
  private readonly worker: Worker;
  private events: ReaderEvents | undefined;
  /** It failed before anybody was there to be told. */
  private cause: Error | undefined;

  constructor() {
    this.worker = new Worker(builtFile('inputs/kafka', 'reading-thread.js')!, {
      ...{ execArgv: [], resourceLimits: RESOURCES },
    });
    this.worker.unref();
    this.worker
      .on('message', (message: FromThread) => this.events?.message(message))
      .on('error', (error) => this.fail(error as Error))
      .on('exit', () => this.fail(new Error('it ended')));
  }

  private fail(cause: Error): void {
    this.cause ??= cause;
    this.events?.failure(cause);
  }

  /** Tells it where it puts what it reads, for one who is told what it says: once. */
  serve(setup: Setup, events: ReaderEvents): Worker {
    this.events = events;
    if (this.cause !== undefined) events.failure(this.cause);
    this.worker.postMessage(setup);
    return this.worker;
  }

  close(): void {
    void this.worker.terminate();
  }
}
