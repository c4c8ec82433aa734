/** What several producers give, one item after the other: who gives one waits until it was taken and is done with. */
export class Arrivals<T> {
  private readonly waiting: { readonly item: T; readonly taken: () => void }[] = [];
  private isOver = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => {};

  /** Settles when the consumer asks for the next item, or is gone. */
  give(item: T): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((taken) => {
      this.waiting.push({ item, taken });
      this.wake();
    });
  }

  /** Nothing more is given; what was is still taken. */
  end(failure?: { readonly error: unknown }): void {
    this.isOver = true;
    this.failure ??= failure;
    this.wake();
  }

  /** Ends when `end` was called and all was taken, with the failure that it was called with. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = this.waiting.shift();
        if (next !== undefined) {
          try {
            yield next.item;
          } finally {
            next.taken();
          }
        } else if (this.isOver) break;
        else {
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
        }
      }
    } finally {
      this.isOver = true;
      for (const { taken } of this.waiting.splice(0)) taken();
    }
    if (this.failure !== undefined) throw this.failure.error;
  }
}
