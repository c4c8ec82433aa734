import type { Fetched, FetchedPartition } from '../../kafka/fetch.ts';
import type { ReadPartition } from './partitions.ts';

/** What became of a request. */
export interface Arrival {
  readonly broker: number;
  /** What was asked for, by its topic's id and number. */
  readonly asked: ReadonlyMap<string, { readonly partition: ReadPartition; readonly from: number }>;
  readonly fetched?: Fetched;
  readonly error?: unknown;
}

/** What came and waits to be used. What nobody uses is given to `drop`. */
export class Answered {
  private readonly waiting: Arrival[] = [];
  private readonly drop: (records: Buffer) => void;
  private isClosed = false;
  private wake: () => void = () => {};

  constructor(drop: (records: Buffer) => void) {
    this.drop = drop;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  add(arrival: Arrival): void {
    if (this.isClosed) this.leave(arrival.fetched?.partitions);
    else this.waiting.push(arrival);
    this.wake();
  }

  take(): Arrival | undefined {
    return this.waiting.shift();
  }

  /** Ends the wait for something, if there is one. */
  stir = (): void => this.wake();

  something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  leave(partitions: readonly Pick<FetchedPartition, 'records'>[] = []): void {
    for (const { records } of partitions) this.drop(records);
  }

  /** Each in turn; those that are not asked for any more are left. */
  *each<T extends { readonly fetched: FetchedPartition }>(pieces: readonly T[]): Generator<T> {
    let given = 0;
    try {
      for (const piece of pieces) {
        given++;
        yield piece;
      }
    } finally {
      this.leave(pieces.slice(given).map(({ fetched }) => fetched));
    }
  }

  /** Nothing is used any more, whatever comes. */
  close(): void {
    this.isClosed = true;
    for (const { fetched } of this.waiting.splice(0)) this.leave(fetched?.partitions);
  }
}
