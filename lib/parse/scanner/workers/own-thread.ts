import type { OwnSessions } from '../aggregation/own-sessions.ts';
import { ScanWorker } from './scan-worker.ts';
import type { Thread, ThreadEvents } from './thread.ts';
import type { Collect, Job, Setup } from './worker-messages.ts';

/**
 * Does a worker's work on this thread, a job in a turn of the event loop, so that what other workers say is heard between
 * two of them.
 */
export class OwnThread implements Thread {
  private readonly worker: ScanWorker;
  private readonly events: ThreadEvents;
  private readonly jobs: (Job | Collect)[] = [];
  private isClosed = false;

  constructor(setup: Setup, events: ThreadEvents) {
    this.events = events;
    this.worker = new ScanWorker(setup, true);
    setImmediate(() => events.message({ ready: this.worker.given }));
  }

  get ownSessions(): OwnSessions | undefined {
    return this.worker.ownSessions;
  }

  post(job: Job | Collect): void {
    if (this.jobs.push(job) === 1) setImmediate(() => this.next());
  }

  private next(): void {
    if (this.isClosed) return;
    try {
      this.events.message(this.worker.do(this.jobs[0]!));
    } catch (error) {
      this.events.failure(error as Error);
      return;
    }
    this.jobs.shift();
    if (this.jobs.length > 0) setImmediate(() => this.next());
  }

  /** What is at work here keeps the process going by itself. */
  hold(): void {}
  letGo(): void {}

  close(): void {
    this.isClosed = true;
  }
}
