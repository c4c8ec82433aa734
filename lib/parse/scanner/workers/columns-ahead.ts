import { OTHER } from '../../../batch/kinds.ts';
import type { Reading, Wants } from '../../../batch/wants.ts';
import type { Engine } from '../engine.ts';

/** Kinds are bytes. */
const KINDS = 256;

/** Makes the columns that the plan names (Wants.reads), of the rows that it names, where they are scanned. */
export class ColumnsAhead {
  private readonly engine: Engine;
  private readonly readings: readonly Reading[];
  /** By reading, then by kind as a scan tells it. */
  private readonly wanted: readonly Uint8Array[];
  private readonly rows: Uint32Array;
  /** Where ids of a list go, one behind the other: nobody reads them there. */
  private readonly listed: number;

  constructor(engine: Engine, wants: Pick<Wants, 'readings' | 'kindRule'>) {
    this.engine = engine;
    this.readings = wants.readings;
    this.wanted = wants.readings.map(({ kinds }) => toldKinds(kinds, wants.kindRule));
    this.rows = new Uint32Array(engine.exports.MOST_ROWS.value);
    this.listed = engine.exports.newIdColumn() >>> 0;
  }

  /**
   * @param kinds of the rows, as the scan told them
   * @param addresses of the columns, in the order of the plan
   * @returns whether there was room for all ids; those of rows that are left are made where they are asked for
   */
  make(slot: number, kinds: Uint8Array, addresses: readonly number[]): boolean {
    const { exports, bytes } = this.engine;
    for (const column of addresses) bytes.fill(0, column, column + 4 * kinds.length);
    return this.readings.every(({ what, field }, k) => {
      const column = addresses[k]!;
      const count = this.list(kinds, this.wanted[k]!);
      const done =
        what === 'ids'
          ? exports.symbolsOfList(slot, count, field.index, column, this.listed)
          : exports.keyListColumn(slot, count, field.index, column);
      return done === count;
    });
  }

  private list(kinds: Uint8Array, wanted: Uint8Array): number {
    let count = 0;
    for (let row = 0; row < kinds.length; row++) {
      this.rows[count] = row;
      count += wanted[kinds[row]!]!;
    }
    return this.engine.list(this.rows.subarray(0, count));
  }
}

/** By the kind that a scan tells of a record, which is 0 where it tells none: 1 if it may be of one of the kinds. */
export function toldKinds(kinds: Reading['kinds'], rule: Wants['kindRule']): Uint8Array {
  const wanted = new Uint8Array(KINDS);
  if (kinds === undefined) return wanted.fill(1);
  const told = new Set(rule && [...rule.kinds.values(), rule.familyKind, rule.ordinary]);
  for (const kind of kinds) wanted[told.has(kind) ? kind : OTHER] = 1;
  return wanted;
}
