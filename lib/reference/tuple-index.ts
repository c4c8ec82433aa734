import type { Tuples } from '../symbols.ts';

type Node = Map<string, Node | number>;

/**
 * Finds the id of a tuple text by text, a map for each: two to three times as fast as joining the texts to one key,
 * which has to be copied and hashed whole for every record. Only a new tuple makes its key.
 */
export class TupleIndex {
  readonly tuples: Tuples;
  private readonly root: Node = new Map();

  constructor(tuples: Tuples) {
    this.tuples = tuples;
  }

  id(texts: readonly string[]): number {
    let node = this.root;
    const last = texts.length - 1;
    for (let k = 0; k < last; k++) {
      let next = node.get(texts[k]!) as Node | undefined;
      if (next === undefined) {
        next = new Map();
        node.set(texts[k]!, next);
      }
      node = next;
    }
    const text = texts[last] ?? '';
    let id = node.get(text) as number | undefined;
    if (id === undefined) {
      id = this.tuples.intern(keyOf(texts), () => texts.slice());
      node.set(text, id);
    }
    return id;
  }
}

/** Each text behind its length, so no two tuples make the same key, whatever the texts hold. */
function keyOf(texts: readonly string[]): string {
  return texts.map((text) => `${text.length}:${text}`).join('');
}
