import { allRows } from './all-rows.ts';

/** Kinds are bytes. */
const KINDS = 256;

/** The rows of a batch, or of a part of it, by their kind: each in the order of the batch. Used again and again. */
class RowsByKind {
  private readonly starts = new Uint32Array(KINDS + 1);
  private readonly places = new Uint32Array(KINDS);
  private rows: Uint32Array = new Uint32Array(0);

  /** Counts, then puts every row behind those of its kind: the same work however many kinds there are. */
  sort(kind: Uint8Array, from: number, to: number): void {
    if (this.rows.length < to - from) this.rows = new Uint32Array(2 * (to - from));
    const { starts, places, rows } = this;
    places.fill(0);
    for (let row = from; row < to; row++) places[kind[row]!]!++;
    let start = 0;
    for (let k = 0; k < KINDS; k++) {
      starts[k] = start;
      start += places[k]!;
      places[k] = starts[k]!;
    }
    starts[KINDS] = start;
    for (let row = from; row < to; row++) rows[places[kind[row]!]!++] = row;
  }

  count(kind: number): number {
    return this.starts[kind + 1]! - this.starts[kind]!;
  }

  of(kind: number): Uint32Array {
    return this.rows.subarray(this.starts[kind], this.starts[kind + 1]);
  }
}

/** The rows of a batch whose records are of certain kinds. */
export class KindList {
  /** The kinds, ascending. */
  readonly kinds: readonly number[];
  /** In the order of the batch; valid until the next `select`. */
  rows: Uint32Array = new Uint32Array(0);
  private readonly wanted = new Uint8Array(KINDS);
  private room: Uint32Array = new Uint32Array(0);

  constructor(kinds: readonly number[]) {
    this.kinds = kinds;
    for (const kind of kinds) this.wanted[kind] = 1;
  }

  select(sorted: RowsByKind, kind: Uint8Array, from: number, to: number): void {
    let rows = 0;
    let most = this.kinds[0] ?? 0;
    for (const k of this.kinds) {
      const count = sorted.count(k);
      rows += count;
      if (count > sorted.count(most)) most = k;
    }
    if (rows === sorted.count(most)) this.rows = sorted.of(most);
    else if (rows === to - from) this.rows = allRows(from, to);
    else this.merge(kind, from, to);
  }

  /** Without a branch: which kind comes next cannot be predicted. */
  private merge(kind: Uint8Array, from: number, to: number): void {
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

/** Rows of a batch, `to` not included. */
interface Part {
  readonly batch: { readonly kind: Uint8Array };
  readonly from: number;
  readonly to: number;
}

/** One list for all who ask for the same kinds. */
export class KindLists {
  private readonly lists: KindList[] = [];
  private readonly sorted = new RowsByKind();
  private latest: Part | undefined;

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

  /** Sorts a part of a batch, once for all who ask one after the other: whoever asks has the same object for it. */
  select(part: Part): void {
    if (part === this.latest) return;
    this.latest = part;
    const { batch, from, to } = part;
    this.sorted.sort(batch.kind, from, to);
    for (const list of this.lists) list.select(this.sorted, batch.kind, from, to);
  }
}
