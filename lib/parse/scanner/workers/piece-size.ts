/** Measured: a worker's second-level cache holds it, and messages cost little beside it. */
export const LARGEST_RANGE = 1 << 20;
const SMALLEST_RANGE = 1 << 12;

/** How much a worker is given at once: as much as makes a batch, which is at most so many rows. */
export class PieceSize {
  bytes: number;
  private readonly most: number;

  constructor(most = LARGEST_RANGE) {
    this.most = Math.min(most, LARGEST_RANGE);
    this.bytes = this.most;
  }

  /** @param used bytes that made a batch; `wasFull` if there were more */
  adapt(used: number, wasFull: boolean): void {
    this.bytes = wasFull
      ? Math.max(Math.min(SMALLEST_RANGE, this.most), Math.min(this.bytes, used - (used >> 3)))
      : Math.min(this.most, this.bytes + (this.bytes >> 6));
  }
}
