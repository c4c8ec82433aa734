import type { Batch } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { Wants } from '../batch/wants.ts';
import { type WhereClause, WhereTest } from './where-clause.ts';

/** The kind of records that do not count. */
export const OUTSIDE = 'outside';

/** Which records count at all. */
export interface RestrictionOptions {
  /** Milliseconds since the epoch: records from then on. */
  readonly since?: number | undefined;
  /** Records before then. */
  readonly until?: number | undefined;
  readonly where: readonly WhereClause[];
}

/** A comparison that holds for nothing, and the first value that is no number. */
export interface Uncompared {
  readonly clause: WhereClause;
  readonly value: string;
}

/**
 * Leaves out records before anything is made of them: they have a kind that nobody reads, and no time, so that they move
 * no clock. They are counted as filtered.
 */
export class Restriction {
  private readonly since: number;
  private readonly until: number;
  private readonly tests: readonly WhereTest[];
  private readonly outside: number;
  /** The newest time so far, for records that have none. */
  private newest = Number.NaN;
  private readonly onOutside: (records: number) => void;

  /** @param onOutside told how many records of a batch do not count */
  constructor(
    { since, until, where }: RestrictionOptions,
    wants: Wants,
    kinds: Kinds,
    onOutside: (records: number) => void = () => {},
  ) {
    this.onOutside = onOutside;
    this.since = since ?? Number.NEGATIVE_INFINITY;
    this.until = until ?? Number.POSITIVE_INFINITY;
    this.tests = where.map((clause) => new WhereTest(clause, wants));
    const [first] = this.tests;
    if (first !== undefined && since === undefined && until === undefined) wants.reads(first.reads);
    this.outside = kinds.define(OUTSIDE, 'none').id;
  }

  apply(batch: Batch): void {
    const { kind, time, rows } = batch;
    let outside = 0;
    for (let row = 0; row < rows; row++) {
      if (this.isInside(time[row]!) ? this.holds(batch, row) : this.lookFrom(0, batch, row)) continue;
      kind[row] = this.outside;
      time[row] = Number.NaN;
      outside++;
    }
    if (outside > 0) this.onOutside(outside);
  }

  /** Fields of conditions that no record had. */
  get unseen(): readonly string[] {
    return this.tests.filter(({ isSeen }) => !isSeen).map(({ clause }) => clause.field);
  }

  /** Comparisons of fields that are numbers in no record. */
  get uncompared(): readonly Uncompared[] {
    return this.tests.flatMap(({ clause, unlike }) =>
      unlike === undefined ? [] : [{ clause, value: unlike }],
    );
  }

  /** A record without a time happens when the ones before it do. */
  private isInside(time: number): boolean {
    if (!Number.isNaN(time)) this.newest = time;
    const at = this.newest;
    return Number.isNaN(at) || (at >= this.since && at < this.until);
  }

  private holds(batch: Batch, row: number): boolean {
    const { tests } = this;
    for (let k = 0; k < tests.length; k++)
      if (!tests[k]!.holds(batch, row)) return this.lookFrom(k + 1, batch, row);
    return true;
  }

  /** What is said at the end of fields is said of all records. */
  private lookFrom(first: number, batch: Batch, row: number): false {
    for (let k = first; k < this.tests.length; k++) this.tests[k]!.look(batch, row);
    return false;
  }
}
