import type { Reading } from '../../../batch/wants.ts';
import { idColumn, keyColumn } from '../column-places.ts';
import type { Dictionaries } from '../dictionaries.ts';
import { type MadeColumns, MadeIds } from '../made-ids.ts';
import type { Slot } from '../slot.ts';
import type { Scan } from './worker-messages.ts';

/** Room in a map that is new. */
const FIRST_IDS = 1024;

/** Where a worker makes a column. */
export function madeColumn({ what, field }: Reading): number {
  return what === 'ids' ? idColumn(field.index) : keyColumn(field.index);
}

/**
 * What a worker's ids are here. Nothing is sent for it: an id that is met for the first time is made anew from the row
 * that has it. Valid for one filling of the worker's dictionaries and one of ours.
 */
export class IdMaps {
  private readonly generation: number;
  private readonly dictionaries: Dictionaries;
  private readonly maps = { ids: new Uint32Array(FIRST_IDS), keys: new Uint32Array(FIRST_IDS) };

  constructor({ generation }: Scan, dictionaries: Dictionaries) {
    this.generation = generation;
    this.dictionaries = dictionaries;
  }

  serves({ generation }: Scan, dictionaries: Dictionaries): boolean {
    return generation === this.generation && dictionaries === this.dictionaries;
  }

  /** The columns that a worker made in a slot. */
  columns(readings: readonly Reading[], { sizes }: Scan, slot: Slot): MadeColumns {
    const made: { ids: MadeIds[]; keys: MadeIds[] } = { ids: [], keys: [] };
    for (const reading of readings) {
      const { what, field } = reading;
      made[what][field.index] = new MadeIds(slot.idColumn(madeColumn(reading)).ids, this.mapOf(what, sizes));
    }
    return made;
  }

  /** With room for all ids. A batch that holds an older, smaller map may learn an id again; that is all. */
  private mapOf(what: Reading['what'], sizes: Scan['sizes']): Uint32Array {
    const size = sizes[what];
    if (size > this.maps[what].length) {
      const larger = new Uint32Array(2 * size);
      larger.set(this.maps[what]);
      this.maps[what] = larger;
    }
    return this.maps[what];
  }
}
