import type { Dictionaries } from '../dictionaries.ts';
import type { MadeColumns, MadeHashes, MadeIds, MadeNumbers, MadeTuples } from '../prefilled-columns.ts';
import type { Foresight } from './foresight.ts';
import type { Ordered } from './orders.ts';
import type { Scan, Sizes } from './worker-messages.ts';

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
  /** By the list of what was ordered: most scans of a slot make all of it, and then nothing is new but the values. */
  private kept = new WeakMap<readonly Ordered[], MadeColumns>();
  private keptByKind = new WeakMap<readonly Ordered[], MadeColumns>();

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

  /**
   * The columns that a worker made in a slot. Ids of texts and lists are kept plus one, as in their columns.
   * @param ordered of that slot
   * @param kinds of its rows, if they are told apart by these
   */
  columns(ordered: readonly Ordered[], { made, sizes }: Scan, kinds: Uint8Array | undefined): MadeColumns {
    this.makeRoom(sizes);
    if (made < ordered.length) return this.columnsOf(ordered.slice(0, made), kinds);
    const kept = kinds === undefined ? this.kept : this.keptByKind;
    let columns = kept.get(ordered);
    if (columns === undefined) {
      columns = this.columnsOf(ordered, kinds);
      kept.set(ordered, columns);
    }
    return columns;
  }

  /** A batch that holds an older, smaller map may learn an id again; that is all. */
  private makeRoom({ symbols, lists, tuples }: Sizes): void {
    const grown = (map: Uint32Array, size: number): Uint32Array => {
      if (size < map.length) return map;
      const larger = new Uint32Array(2 * size);
      larger.set(map);
      this.kept = new WeakMap();
      this.keptByKind = new WeakMap();
      return larger;
    };
    this.symbols = grown(this.symbols, symbols + 1);
    this.lists = grown(this.lists, lists + 1);
    tuples.forEach((size, set) => {
      this.tuples[set] = grown(this.tuples[set]!, size);
    });
  }

  private columnsOf(ordered: readonly Ordered[], kinds: Uint8Array | undefined): MadeColumns {
    const ids: MadeIds[] = [];
    const keys: MadeIds[] = [];
    const labels: MadeTuples[] = [];
    const numbers: MadeNumbers[] = [];
    const hashes: MadeHashes[] = [];
    const { foresight } = this;
    for (const { kind, index, column } of ordered) {
      switch (kind) {
        case 'ids':
          ids[index] = { ids: column.ids, ours: this.symbols };
          break;
        case 'keys':
          keys[index] = { ids: column.ids, ours: this.lists };
          break;
        case 'labels':
          labels[index] = { ids: column.ids, ours: this.tuples[index]!, wanted: foresight.of(kind, index) };
          break;
        case 'numbers':
          numbers[index] = { numbers: column.numbers, wanted: foresight.of(kind, index) };
          break;
        case 'hashes':
          hashes[index] = { words: column.words, wanted: foresight.of(kind, index) };
      }
    }
    const telling = kinds ?? (this.telling === undefined ? undefined : ids[this.telling]?.ids);
    return { telling, ids, keys, labels, numbers, hashes };
  }
}
