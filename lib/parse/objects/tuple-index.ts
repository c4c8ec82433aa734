import type { Tuples } from '../../batch/symbols.ts';
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
      id = this.tuples.intern(keyOf(texts), () => texts.slice());
      this.ids.set(texts, id);
    }
    return id;
  }
}

/** Each text behind its length, so no two tuples make the same key, whatever the texts hold. */
function keyOf(texts: readonly string[]): string {
  return texts.map((text) => `${text.length}:${text}`).join('');
}
