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

/** Most picks, and bytes of bodies, that are in the hand at once; one parcel always fits. */
export interface Grasp {
  readonly count: number;
  readonly bytes: number;
}

type Known = Pick<Waiting, 'count' | 'report' | 'isOld'>;

/** Tells how far a hand reaches: parcels that may be dealt with together, up to a size. */
export class Reach {
  private readonly most: Grasp;
  private first: Known | undefined;
  private count = 0;
  private bytes = 0;

  constructor(most: Grasp) {
    this.most = most;
  }

  /** Whether the next one is taken, too. @param size of its body */
  takes(next: Known, size: number): boolean {
    this.count += next.count;
    this.bytes += size;
    this.first ??= next;
    if (next === this.first) return true;
    if (next.report !== this.first.report || next.isOld !== this.first.isOld) return false;
    return this.count <= this.most.count && this.bytes <= this.most.bytes;
  }
}

/** Parcels in the order in which they came, but for those in hand. */
export interface Spool {
  /** Of all bodies that wait. */
  readonly bytes: number;
  readonly length: number;
  push(parcel: Waiting): Promise<void> | void;
  /** Takes the oldest into the hand, where there is none in it. @returns what is in the hand */
  take(most: Grasp): Promise<readonly Waiting[]> | readonly Waiting[];
  /** The first of the hand are dealt with. */
  done(parcels: number): Promise<void> | void;
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
  private hand: readonly Waiting[] = [];

  get length(): number {
    return this.parcels.length;
  }

  push(parcel: Waiting): void {
    this.parcels.push(parcel);
    this.bytes += parcel.body.length;
  }

  take(most: Grasp): readonly Waiting[] {
    if (this.hand.length === 0) {
      const reach = new Reach(most);
      const end = this.parcels.findIndex((next) => !reach.takes(next, next.body.length));
      this.hand = this.parcels.splice(0, end < 0 ? this.parcels.length : end);
      for (const { body } of this.hand) this.bytes -= body.length;
    }
    return this.hand;
  }

  done(parcels: number): void {
    this.hand = this.hand.slice(parcels);
  }

  drop(): Lost | undefined {
    const parcel = this.pull();
    return parcel && lost(parcel);
  }

  secure(): void {}

  close(): readonly Lost[] {
    const left = [...this.hand, ...this.parcels];
    this.parcels = [];
    this.hand = [];
    this.bytes = 0;
    return left.map((parcel) => lost(parcel));
  }

  private pull(): Waiting | undefined {
    const parcel = this.parcels.shift();
    this.bytes -= parcel?.body.length ?? 0;
    return parcel;
  }
}
