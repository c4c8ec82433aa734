import { setTimeout as delay } from 'node:timers/promises';

/** How often a file is looked at, milliseconds: while it is written, and after some silence. */
const BUSY_MS = 10;
const IDLE_MS = 200;
const IDLE_AFTER = 100;
/** A writer may hold on to a file that was rotated away: it is left once it has been silent for so long. Milliseconds. */
const LINGER_MS = 300;

/** When something came last, and what follows from that. */
export class Pace {
  private last = performance.now();

  heard(): void {
    this.last = performance.now();
  }

  get hasGoneSilent(): boolean {
    return this.silence > LINGER_MS;
  }

  /** Until it is to be looked at again. An abort ends the wait like its end does. @param isBehind more is known to wait */
  async pause(isBehind: boolean, signal: AbortSignal): Promise<void> {
    if (this.silence <= 0 || signal.aborted) return;
    const ms = isBehind ? 0 : this.silence < IDLE_AFTER * BUSY_MS ? BUSY_MS : IDLE_MS;
    await delay(ms, undefined, { signal }).catch(() => {});
  }

  private get silence(): number {
    return performance.now() - this.last;
  }
}
