import { PackedTuples } from '../batch/packed-tuples.ts';
import { PerTable, type Tuples } from '../batch/symbols.ts';

/** Entries before the rest is one: the totals stay exact, the names beyond are `*`. */
const MOST_ENTRIES = 100_000;
/** What stands for all that is beyond the bound. */
export const REMAINDER = '*';

/** Tuples of texts by id, from 0. What a parser's tables call them is remembered by table. */
export class Dictionary {
  private readonly tuples: PackedTuples;
  private readonly known = new PerTable<Tuples, number[]>(() => []);
  private readonly most: number;
  /** The id of what is beyond the bound; -1 = nothing was yet. */
  private beyond = -1;

  /** @param width texts in an entry */
  constructor(width: number, most = MOST_ENTRIES) {
    this.tuples = new PackedTuples(width);
    this.most = most;
  }

  /** Whether names were left out. */
  get full(): boolean {
    return this.tuples.length > this.most;
  }

  intern(texts: readonly string[]): number {
    const known = this.tuples.find(texts);
    if (known >= 0) return known;
    if (this.tuples.length >= this.most) return this.remainder();
    return this.tuples.add(texts);
  }

  /** How many there are. */
  get length(): number {
    return this.tuples.length;
  }

  /** The texts of an id; none of an id that there is not. */
  texts(id: number): string[] {
    return id < this.tuples.length ? this.tuples.texts(id) : [];
  }

  /** One text of an id; '' of an id that there is not. */
  text(id: number, which: number): string {
    return id < this.tuples.length ? this.tuples.text(id, which) : '';
  }

  /** By id what the entries of this one are called in another, which learns them. */
  learntBy(other: Dictionary): Uint32Array {
    return Uint32Array.from({ length: this.length }, (_, id) => other.intern(this.texts(id)));
  }

  /** The id of a parser's tuple. */
  idOf(tuples: Tuples, tuple: number): number {
    const known = this.known.of(tuples);
    known[tuple] ??= this.intern(tuples.values(tuple));
    return known[tuple]!;
  }

  /** The id of what stands for all that is beyond a bound. */
  remainder(): number {
    if (this.beyond < 0) {
      const texts = new Array<string>(this.tuples.width).fill(REMAINDER);
      this.beyond = this.tuples.idOf(texts);
    }
    return this.beyond;
  }
}
