import { PerTable, type Tuples } from '../batch/symbols.ts';
import { TextTrie } from '../batch/text-trie.ts';

/** Entries before the rest is one: the totals stay exact, the names beyond are `*`. */
const MOST_ENTRIES = 100_000;
/** What stands for all that is beyond the bound. */
export const REMAINDER = '*';

/** Tuples of texts by id, from 0. What a parser's tables call them is remembered by table. */
export class Dictionary {
  readonly entries: (readonly string[])[] = [];
  private readonly ids = new TextTrie<number>();
  private readonly known = new PerTable<Tuples, number[]>(() => []);
  private readonly width: number;
  private readonly most: number;

  /** @param width texts in an entry */
  constructor(width: number, most = MOST_ENTRIES) {
    this.width = width;
    this.most = most;
  }

  /** Whether names were left out. */
  get full(): boolean {
    return this.entries.length > this.most;
  }

  intern(texts: readonly string[]): number {
    const known = this.ids.get(texts);
    if (known !== undefined) return known;
    if (this.entries.length >= this.most) return this.remainder();
    return this.add(texts);
  }

  /** The id of a parser's tuple. */
  idOf(tuples: Tuples, tuple: number): number {
    const known = this.known.of(tuples);
    known[tuple] ??= this.intern(tuples.values(tuple));
    return known[tuple]!;
  }

  private remainder(): number {
    const texts = new Array<string>(this.width).fill(REMAINDER);
    return this.ids.get(texts) ?? this.add(texts);
  }

  private add(texts: readonly string[]): number {
    const id = this.entries.length;
    this.entries.push(texts);
    this.ids.set(texts, id);
    return id;
  }
}
