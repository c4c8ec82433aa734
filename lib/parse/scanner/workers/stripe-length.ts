/** Of a stripe, bytes. */
const LONGEST = 1 << 26;
/** Of what a worker is told at once: a message costs what scanning 60 kB does. */
const LONGEST_RANGE = 1 << 24;
/** Of what the main thread tells itself: others wait some 8 ms to be heard, and have something left to do meanwhile. */
const LONGEST_OWN_RANGE = 1 << 23;
/** Of what it reads and scans at once where nothing but an account comes of it: the second-level cache holds it. */
const PIECE = 1 << 19;
/** Bytes that left nothing but accounts, before the main thread helps. */
const WORTH_HELP = 1 << 20;
/** How many stripes a worker has at least of what is left of a file, so that all come to its end together. */
const STRIPES_LEFT = 2;

/**
 * How much of a file one worker is given to read alone. Batches are delivered in the order of the file, and a slot is
 * held until its rows were; so stripes are long only while pieces come without rows, which leave nothing but an account.
 */
export class StripeLength {
  private readonly workers: number;
  private readonly longest: number;
  private sum = 0;

  /** @param longest bytes */
  constructor(workers: number, longest = LONGEST) {
    this.workers = workers;
    this.longest = longest;
  }

  /** Whether the main thread does a worker's work, too: it has next to nothing else to do while no rows come. */
  get isWorthHelp(): boolean {
    return this.sum >= WORTH_HELP;
  }

  /** Of the next stripe, at least a piece. All in bytes. */
  of(left: number, piece: number): number {
    const share = Math.floor(left / (STRIPES_LEFT * this.workers));
    return Math.max(piece, Math.min(this.sum, share));
  }

  /** Of what a worker is told at once, and of the pieces in which it reads that; the main thread must hear others. */
  range(piece: number, isOwn: boolean): [bytes: number, piece: number] {
    if (this.sum < 2 * piece) return [piece, piece];
    return [Math.min(this.sum, isOwn ? LONGEST_OWN_RANGE : LONGEST_RANGE), Math.min(piece, PIECE)];
  }

  /** So many bytes were delivered as nothing but an account. */
  grow(delivered: number): void {
    this.sum = Math.min(this.longest, this.sum + delivered);
  }

  /** Rows came. */
  reset(): void {
    this.sum = 0;
  }
}
