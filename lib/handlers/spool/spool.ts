import type { Parcel } from '../handler.ts';

/** A parcel that waits, with what the books need to know of it. */
export interface Waiting extends Parcel {
  /** Whether its picks are events made here, not records. */
  readonly report: boolean;
  /** Left behind by an earlier run, in whose books it stands. */
  readonly isOld: boolean;
}

/** A parcel without its body, for the books. */
export type Lost = Pick<Waiting, 'count' | 'report' | 'isOld'> & {
  /** Whether a later run will deliver it. */
  readonly isKept: boolean;
};

/** Parcels in the order in which they came, but for the one in hand. */
export interface Spool {
  /** Of all bodies that wait. */
  readonly bytes: number;
  readonly length: number;
  push(parcel: Waiting): Promise<void> | void;
  /** Takes the oldest into the hand, where there is none in it. */
  take(): Promise<Waiting | undefined> | Waiting | undefined;
  /** What was in the hand is dealt with. */
  done(): Promise<void> | void;
  /** Drops the oldest that waits. */
  drop(): Promise<Lost | undefined> | Lost | undefined;
  /** Nothing is sure to be delivered soon: keep as much as can be for a run that comes later. */
  secure(): Promise<void> | void;
  /** @returns what this run will not deliver, with what is in the hand */
  close(): Promise<readonly Lost[]> | readonly Lost[];
}

export function lost({ count, report, isOld }: Omit<Lost, 'isKept'>, isKept = false): Lost {
  return { count, report, isOld, isKept };
}

/** A spool in memory. */
export class MemorySpool implements Spool {
  bytes = 0;
  private parcels: Waiting[] = [];
  private hand: Waiting | undefined;

  get length(): number {
    return this.parcels.length;
  }

  push(parcel: Waiting): void {
    this.parcels.push(parcel);
    this.bytes += parcel.body.length;
  }

  take(): Waiting | undefined {
    this.hand ??= this.pull();
    return this.hand;
  }

  done(): void {
    this.hand = undefined;
  }

  drop(): Lost | undefined {
    const parcel = this.pull();
    return parcel && lost(parcel);
  }

  secure(): void {}

  close(): readonly Lost[] {
    const left = this.hand === undefined ? this.parcels : [this.hand, ...this.parcels];
    this.parcels = [];
    this.hand = undefined;
    this.bytes = 0;
    return left.map((parcel) => lost(parcel));
  }

  private pull(): Waiting | undefined {
    const parcel = this.parcels.shift();
    this.bytes -= parcel?.body.length ?? 0;
    return parcel;
  }
}
