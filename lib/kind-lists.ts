/** The rows of a batch whose records are of certain kinds. */
export class KindList {
  /** The kinds, ascending. */
  readonly kinds: readonly number[];
  /** In the order of the batch; valid until the next `select`. */
  rows: Uint32Array = new Uint32Array(0);
  private readonly wanted = new Uint8Array(256);
  private room: Uint32Array = new Uint32Array(0);

  constructor(kinds: readonly number[]) {
    this.kinds = kinds;
    for (const kind of kinds) this.wanted[kind] = 1;
  }

  /** Without a branch: which kind comes next cannot be predicted. */
  select(kind: Uint8Array, from: number, to: number): void {
    if (this.room.length <= to - from) this.room = new Uint32Array(2 * (to - from) + 1);
    const { room, wanted } = this;
    let count = 0;
    for (let row = from; row < to; row++) {
      room[count] = row;
      count += wanted[kind[row]!]!;
    }
    this.rows = room.subarray(0, count);
  }
}

/** One list for all who ask for the same kinds. */
export class KindLists {
  private readonly lists: KindList[] = [];

  of(kinds: Iterable<number>): KindList {
    const sorted = [...new Set(kinds)].sort((a, b) => a - b);
    const name = sorted.join();
    let list = this.lists.find((known) => known.kinds.join() === name);
    if (list === undefined) {
      list = new KindList(sorted);
      this.lists.push(list);
    }
    return list;
  }

  select(kind: Uint8Array, from: number, to: number): void {
    for (const list of this.lists) list.select(kind, from, to);
  }
}
