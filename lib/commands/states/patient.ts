/** Asks a source for one item after the other, and waits for each no longer than it is told to. */
export class Patient<T> {
  private readonly source: AsyncIterator<T>;
  private isAsked = false;
  private arrival: { readonly result: IteratorResult<T> } | { readonly error: unknown } | undefined;
  private wake: () => void = () => {};

  constructor(items: AsyncIterable<T>) {
    this.source = items[Symbol.asyncIterator]();
  }

  /** The next item; undefined if none has come within so many milliseconds, and it may be asked for again. */
  async next(ms: number): Promise<IteratorResult<T> | undefined> {
    if (!this.isAsked) this.ask();
    if (this.arrival === undefined) await this.wait(ms);
    const { arrival } = this;
    if (arrival === undefined) return undefined;
    this.arrival = undefined;
    this.isAsked = false;
    if ('error' in arrival) throw arrival.error;
    return arrival.result;
  }

  /** No more is wanted. Not to be awaited where the source may wait for its next byte. */
  async return(): Promise<void> {
    await this.source.return?.();
  }

  private ask(): void {
    this.isAsked = true;
    const arrive = (arrival: NonNullable<Patient<T>['arrival']>): void => {
      this.arrival = arrival;
      this.wake();
    };
    this.source.next().then(
      (result) => arrive({ result }),
      (error: unknown) => arrive({ error }),
    );
  }

  private async wait(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
