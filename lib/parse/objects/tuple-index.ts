import { type Tuples, tupleKey } from '../../batch/symbols.ts';
import { TextTrie } from '../../batch/text-trie.ts';

/** Finds the id of a tuple by its texts. Only a new tuple makes its key. */
export class TupleIndex {
  readonly tuples: Tuples;
  private readonly ids = new TextTrie<number>();

  constructor(tuples: Tuples) {
    this.tuples = tuples;
  }

  id(texts: readonly string[]): number {
    let id = this.ids.get(texts);
    if (id === undefined) {
      id = this.tuples.intern(tupleKey(texts), () => texts.slice());
      this.ids.set(this.tuples.values(id), id);
    }
    return id;
  }
}
