import type { PartialsState } from '../aggregation/partial-tables.ts';
import { nextBarrier } from '../aggregation/tick-barriers.ts';
import type { Pool } from './pool.ts';
import { SKIPPED } from './worker-messages.ts';
import type { Lane } from './worker-thread.ts';

type Logged = PartialsState | typeof SKIPPED | undefined;

/** What a worker was asked for: what it logged before a barrier. */
interface Asked {
  readonly barrier: number;
  readonly logged: Promise<Logged>;
}

/**
 * Takes the ticks that were logged between two barriers of a file when all before the second one has been delivered, as
 * the main thread measures some of it then. Workers come to a barrier at different times: each is asked what it logged
 * before it is given what comes behind one, and logs the next ones elsewhere. So it is at most one interval ahead of what
 * was taken. One that did not do all that it was given before the barrier does not answer, and stays in its interval.
 */
export class IntervalTicks {
  private readonly pool: Pool;
  /** The first barrier that was not passed. */
  private next: number;
  /** The barrier before which a worker logs; not said = the first that was not passed. */
  private readonly ends = new Map<Lane, number>();
  private readonly asked = new Map<Lane, Asked>();

  /** @param from offset from which on the file is read */
  constructor(pool: Pool, from: number) {
    this.pool = pool;
    this.next = nextBarrier(from);
  }

  /** Whether a worker may go on with lines that begin at an offset. */
  admits(lane: Lane, offset: number): boolean {
    const end = nextBarrier(offset);
    const own = this.ends.get(lane) ?? this.next;
    // of its two logs one is to be read and the other to be written
    return end === own || (end > own && !this.asked.has(lane));
  }

  /** A worker that may do so goes on there. */
  enter(lane: Lane, offset: number): void {
    const end = nextBarrier(offset);
    const own = this.ends.get(lane) ?? this.next;
    this.ends.set(lane, end);
    if (end > own) this.ask(lane, own, 'unless skipping');
  }

  /** All before an offset has been delivered. */
  async passed(offset: number): Promise<void> {
    while (this.next <= offset) await this.pass();
  }

  /** Takes all that anybody was asked for: nothing more is delivered. */
  async finish(): Promise<void> {
    while (this.asked.size > 0) await this.pass();
  }

  private async pass(): Promise<void> {
    const { next } = this;
    const following = nextBarrier(next);
    this.next = following;
    let due: [Lane, Asked][];
    let logs: Logged[];
    do {
      for (const lane of this.pool.opened) {
        if ((this.ends.get(lane) ?? next) > next) continue;
        this.ends.set(lane, following);
        this.ask(lane, next);
      }
      due = [...this.asked].filter(([, { barrier }]) => barrier <= next);
      logs = await Promise.all(due.map(([, { logged }]) => logged));
      // who skipped something is asked again, as somebody else has done it
    } while (logs.includes(SKIPPED));
    // meanwhile workers may be given more: until its log is taken, none may go on behind a barrier, and write to that log
    for (const [k, [lane]] of due.entries()) lane.offer('ticks', logs[k] as PartialsState | undefined);
    this.pool.takePartials('ticks');
    for (const [lane] of due) this.asked.delete(lane);
  }

  private ask(lane: Lane, barrier: number, when?: 'unless skipping'): void {
    const logged = lane.ask('ticks', when);
    this.asked.set(lane, { barrier, logged });
    logged.then(
      (log) => {
        if (log !== SKIPPED) return;
        this.asked.delete(lane);
        this.ends.set(lane, barrier);
      },
      // whoever waits for the worker's next task is told that it failed
      () => {},
    );
  }
}
