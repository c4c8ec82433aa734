import { hashColumn, idColumn, keyColumn, labelColumn, numberColumn } from '../column-places.ts';
import type { Dictionaries } from '../dictionaries.ts';
import type { MadeColumns, MadeHashes, MadeIds, MadeNumbers, MadeTuples } from '../made-columns.ts';
import type { Slot } from '../slot.ts';
import type { Usages } from '../usage.ts';
import type { Foresight } from './foresight.ts';
import type { ColumnOrder, Scan } from './messages.ts';

/** Room in a map that is new. */
const FIRST_IDS = 1024;

/**
 * What a worker's ids are here. Nothing is sent for it: an id that is met for the first time is made anew from the row
 * that has it. Valid for one filling of the worker's dictionaries and one of ours.
 */
export class IdMaps {
  private readonly generation: number;
  private readonly dictionaries: Dictionaries;
  private symbols: Uint32Array = new Uint32Array(FIRST_IDS);
  private lists: Uint32Array = new Uint32Array(FIRST_IDS);
  private readonly tuples: Uint32Array[];
  private readonly foresight: Foresight;
  /** Index of the telling field. */
  private readonly telling: number | undefined;

  constructor(
    { generation, sizes }: Scan,
    dictionaries: Dictionaries,
    { foresight, telling }: { foresight: Foresight; telling: number | undefined },
  ) {
    this.foresight = foresight;
    this.telling = telling;
    this.generation = generation;
    this.dictionaries = dictionaries;
    this.tuples = sizes.tuples.map(() => new Uint32Array(FIRST_IDS));
  }

  serves({ generation }: Scan, dictionaries: Dictionaries): boolean {
    return generation === this.generation && dictionaries === this.dictionaries;
  }

  /** The columns that a worker made in a slot. Ids of texts and lists are kept plus one, as in their columns. */
  columns(made: readonly ColumnOrder[], slot: Slot, usages: Usages, { sizes }: Scan): MadeColumns {
    this.symbols = withRoom(this.symbols, sizes.symbols + 1);
    this.lists = withRoom(this.lists, sizes.lists + 1);
    const ids: MadeIds[] = [];
    const keys: MadeIds[] = [];
    const labels: MadeTuples[] = [];
    const numbers: MadeNumbers[] = [];
    const hashes: MadeHashes[] = [];
    const foreseen = this.foresight;
    for (const { kind, index } of made) {
      switch (kind) {
        case 'ids':
          ids[index] = { ids: slot.idColumn(idColumn(index)).ids, ours: this.symbols };
          break;
        case 'keys':
          keys[index] = { ids: slot.idColumn(keyColumn(index)).ids, ours: this.lists };
          break;
        case 'labels': {
          const ours = withRoom(this.tuples[index]!, sizes.tuples[index]!);
          this.tuples[index] = ours;
          const { ids } = slot.idColumn(labelColumn(usages, index));
          labels[index] = { ids, ours, wanted: foreseen.of(kind, index) };
          break;
        }
        case 'numbers':
          numbers[index] = {
            numbers: slot.numberColumn(numberColumn(index)).numbers,
            wanted: foreseen.of(kind, index),
          };
          break;
        case 'hashes':
          hashes[index] = {
            words: slot.numberColumn(hashColumn(usages, index)).words,
            wanted: foreseen.of(kind, index),
          };
      }
    }
    const telling = this.telling === undefined ? undefined : ids[this.telling]?.ids;
    return { telling, ids, keys, labels, numbers, hashes };
  }
}

/** A batch that holds an older copy may learn an id again; that is all. */
function withRoom(map: Uint32Array, size: number): Uint32Array {
  if (size < map.length) return map;
  const grown = new Uint32Array(2 * size);
  grown.set(map);
  return grown;
}
