import type { Wants } from '../../batch/wants.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Engine } from './engine.ts';
import type { MadeColumns } from './made-ids.ts';
import type { Slot } from './slot.ts';

type Columns = Pick<Wants, 'fields' | 'labelSets'>;

/** Which of a slot's id columns is whose: a field's ids, its key lists, a label set's, and what was listed last. */
export const idColumn = (field: number): number => field * 2;
export const keyColumn = (field: number): number => field * 2 + 1;
export const labelColumn = ({ fields }: Columns, set: number): number => fields.length * 2 + set;
export const listedIds = (columns: Columns): number => labelColumn(columns, columns.labelSets.length);
export const listedRows = (columns: Columns): number => listedIds(columns) + 1;

/** The same of its columns of numbers, or anything else of 64 bits: what was listed last. */
export const listedNumbers = 0;
export const listedHashes = 1;
export const listedRecordHashes = 2;

/** What the columns of a batch read from. */
export interface Scanned {
  readonly engine: Engine;
  readonly slot: Slot;
  readonly rows: number;
  readonly dictionaries: Dictionaries;
  readonly made: MadeColumns | undefined;
}
