import { PackedTuples } from '../batch/packed-tuples.ts';
import { nextRoom, stretched } from '../math/growth.ts';

const FIRST_ROOM = 64;

/** The texts of labels, in common to all metrics whose labels have the same names. */
export class LabelTexts {
  private readonly byNames = new Map<string, PackedTuples>();

  of(names: readonly string[]): PackedTuples {
    const key = JSON.stringify(names);
    let tuples = this.byNames.get(key);
    if (tuples === undefined) {
      tuples = new PackedTuples(names.length);
      this.byNames.set(key, tuples);
    }
    return tuples;
  }
}

/**
 * Of every series of a metric the values of its labels, by index. Most metrics that share their texts with others meet
 * them in the same order, so an index and the id of its texts are one number until a series comes that parts them.
 */
export class SeriesLabels {
  length = 0;
  private readonly tuples: PackedTuples;
  /** By index the id of the texts, and by that id the index and 1, where the two have parted. */
  private ids: Uint32Array | undefined;
  private indices: Uint32Array = new Uint32Array(0);

  constructor(tuples: PackedTuples) {
    this.tuples = tuples;
  }

  /** The index of the series with these values, -1 if there is none. */
  find(values: readonly string[]): number {
    const id = this.tuples.find(values);
    if (this.ids === undefined) return id < this.length ? id : -1;
    return id < 0 ? id : (this.indices[id] ?? 0) - 1;
  }

  /**
   * Adds a series that `find` does not know.
   * @returns its index
   */
  add(values: readonly string[]): number {
    const id = this.tuples.idOf(values);
    if (this.ids === undefined && id !== this.length) this.part();
    const index = this.length++;
    if (this.ids !== undefined) this.note(index, id);
    return index;
  }

  texts(index: number): string[] {
    return this.tuples.texts(this.idOf(index));
  }

  /** The order of two series by the bytes of their values in UTF-8. */
  compare(a: number, b: number): number {
    return this.tuples.compare(this.idOf(a), this.idOf(b));
  }

  private idOf(index: number): number {
    return this.ids === undefined ? index : this.ids[index]!;
  }

  private part(): void {
    this.ids = new Uint32Array(Math.max(FIRST_ROOM, this.length));
    this.indices = new Uint32Array(Math.max(FIRST_ROOM, this.length));
    for (let k = 0; k < this.length; k++) this.note(k, k);
  }

  private note(index: number, id: number): void {
    if (index >= this.ids!.length) this.ids = stretched(this.ids!, nextRoom(index));
    if (id >= this.indices.length) this.indices = stretched(this.indices, nextRoom(id));
    this.ids![index] = id;
    this.indices[id] = index + 1;
  }
}
