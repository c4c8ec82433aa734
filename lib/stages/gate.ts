import type { QueueDepth } from '../ledger.ts';

/**
 * The bound on batches between parse and tee: parse takes a place for every batch, tee gives it back. Whoever finds no
 * place waits, and with it everything up to the source.
 */
export class Gate {
  private readonly depth: QueueDepth;
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(depth: QueueDepth) {
    this.depth = depth;
  }

  get held(): number {
    return this.taken;
  }

  take(): Promise<void> | undefined {
    // a queue of size 0 still hands over one batch at a time, as an unbuffered channel does
    if (this.taken >= Math.max(1, this.depth.size)) {
      return new Promise<void>((resolve) => this.waiting.push(resolve)).then(() => this.enter());
    }
    this.enter();
    return undefined;
  }

  give(): void {
    this.taken--;
    this.waiting.shift()?.();
  }

  private enter(): void {
    this.taken++;
    if (this.taken > this.depth.deepest) this.depth.deepest = this.taken;
  }
}
