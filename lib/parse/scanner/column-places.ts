import type { Dictionaries } from './dictionaries.ts';
import type { Engine } from './engine.ts';
import type { MadeColumns } from './prefilled-columns.ts';
import type { Slot } from './slot.ts';
import type { Usages } from './usage.ts';

/** Which of a slot's id columns is whose: a field's ids, its key lists, a label set's, and what was listed last. */
export const idColumn = (field: number): number => field * 2;
export const keyColumn = (field: number): number => field * 2 + 1;
export const labelColumn = ({ ids }: Usages, set: number): number => ids.length * 2 + set;
export const listedIds = ({ ids, labels }: Usages): number => ids.length * 2 + labels.length;
export const listedRows = (usages: Usages): number => listedIds(usages) + 1;

/** The same of its columns of numbers, or anything else of 64 bits: a field's, what was listed last, a field's hashes. */
export const numberColumn = (field: number): number => field;
export const listedNumbers = ({ ids }: Usages): number => ids.length;
export const listedHashes = ({ ids }: Usages): number => ids.length + 1;
export const hashColumn = ({ ids }: Usages, field: number): number => ids.length + 2 + field;
export const listedRecordHashes = ({ ids }: Usages): number => 2 * ids.length + 2;

/** What the columns of a batch read from. */
export interface Scanned {
  readonly engine: Engine;
  readonly slot: Slot;
  readonly rows: number;
  readonly dictionaries: Dictionaries;
  readonly made: MadeColumns | undefined;
}
