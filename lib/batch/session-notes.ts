import { Buffer } from 'node:buffer';
import { decodeWtf8 } from '../text/wtf8.ts';
import type { Tuples } from './symbols.ts';

/** What a record says of a session: its start, its end, a copied target, or, from `port` on, which action on a port. */
export const says = { start: 1, end: 2, copy: 3, port: 4 } as const;

/** How well a record knows whose a session is: its start best, then its end, then what came between. */
export const ranks = { none: 0, between: 1, end: 2, start: 3 } as const;

/*
 * Where a note, a use of a port and a copied target have what: words of 4 bytes from the beginning of each, of times
 * doubles (assembly/aggregation/note-tables.ts).
 */
export const NOTE_BYTES = 64;
export const USE_BYTES = 32;
export const COPY_BYTES = 24;

/** All that one run of records says of an id. The object is used again for the next one. */
export interface SessionNote {
  /** Of the id, 0 without one. */
  low: number;
  high: number;
  /** Of the best of its records: see `ranks`. */
  rank: number;
  /** Milliseconds since the epoch; NaN where none tells. */
  start: number;
  end: number;
  /** The duration that the end says; NaN if it does not. */
  seconds: number;
  /** Ids in the tables of labels. */
  client: number;
  target: number;
  /** The same of the end, if there is one. */
  endClient: number;
  endTarget: number;
}

/** A use of a port: ids in the tables of labels and of the action. Used again as notes are. */
export interface NotedUse {
  name: number;
  action: number;
  first: number;
  last: number;
  /** Number of the next one; 0 = none. */
  next: number;
}

/** A copied target. Used again as notes are. */
export interface NotedCopy {
  client: number;
  target: number;
  time: number;
  scalesDown: boolean;
}

/** How many there are of everything in the bytes of notes: these parts, one behind the other. */
export interface NoteCounts {
  readonly notes: number;
  readonly uses: number;
  readonly copies: number;
  readonly textBytes: number;
}

/** The tables that the ids of labels in notes are of. */
export interface NoteLabels {
  readonly clients: Tuples;
  readonly targets: Tuples;
  readonly ports: Tuples;
}

/** What records that are no rows say of sessions, as whoever read them put it together. */
export class SessionNotes {
  readonly counts: NoteCounts;
  readonly labels: NoteLabels;
  /** Records by index into `levels`. */
  readonly levels: ArrayLike<number>;
  /** The earliest time of them all; Infinity if there is none. */
  readonly oldest: number;
  /** Texts of ids, in WTF-8. */
  readonly ids: Buffer;
  private readonly words: Uint32Array;
  private readonly doubles: Float64Array;

  private readonly usesAt: number;
  private readonly copiesAt: number;
  private readonly note = {} as SessionNote;
  private readonly use = {} as NotedUse;
  private readonly copied = {} as NotedCopy;

  constructor(
    bytes: ArrayBuffer,
    counts: NoteCounts,
    labels: NoteLabels,
    { levels, oldest }: { readonly levels: ArrayLike<number>; readonly oldest: number },
  ) {
    this.counts = counts;
    this.labels = labels;
    this.levels = levels;
    this.oldest = oldest;
    const texts = bytesOfNotes(counts) - counts.textBytes;
    this.words = new Uint32Array(bytes, 0, texts >> 2);
    this.doubles = new Float64Array(bytes, 0, texts >> 3);
    this.ids = Buffer.from(bytes, texts, counts.textBytes);
    this.usesAt = counts.notes * NOTE_BYTES;
    this.copiesAt = this.usesAt + counts.uses * USE_BYTES;
  }

  /** The k-th note. */
  at(k: number): SessionNote {
    const { note, words, doubles } = this;
    const word = k * (NOTE_BYTES / 4);
    const double = k * (NOTE_BYTES / 8);
    note.low = words[word]!;
    note.high = words[word + 1]!;
    note.start = doubles[double + 1]!;
    note.end = doubles[double + 2]!;
    note.seconds = doubles[double + 3]!;
    note.endClient = words[word + 8]!;
    note.endTarget = words[word + 9]!;
    note.client = words[word + 10]!;
    note.target = words[word + 11]!;
    note.rank = words[word + 15]!;
    return note;
  }

  /** The notes from the k-th to before another one, as they are. */
  bytesOf(k: number, before: number): Uint8Array {
    const { buffer } = this.words;
    return new Uint8Array(buffer, k * NOTE_BYTES, (before - k) * NOTE_BYTES);
  }

  /** Where in `ids` the id of the k-th note begins and ends, if they are kept. */
  idStart(k: number): number {
    return this.words[k * (NOTE_BYTES / 4) + 13]!;
  }

  idEnd(k: number): number {
    return this.idStart(k) + this.words[k * (NOTE_BYTES / 4) + 14]!;
  }

  /** The id of the k-th note; '' where none is kept. */
  id(k: number): string {
    return decodeWtf8(this.ids, this.idStart(k), this.idEnd(k));
  }

  /** What the session of the k-th note did with a port first; each use comes once. */
  firstUse(k: number): NotedUse | undefined {
    return this.useOf(this.words[k * (NOTE_BYTES / 4) + 12]!);
  }

  nextUse({ next }: NotedUse): NotedUse | undefined {
    return this.useOf(next);
  }

  private useOf(number: number): NotedUse | undefined {
    if (number === 0) return undefined;
    const { use, words, doubles } = this;
    const at = this.usesAt + (number - 1) * USE_BYTES;
    const word = at >> 2;
    use.name = words[word]!;
    use.action = words[word + 1]!;
    use.next = words[word + 2]!;
    use.first = doubles[(at >> 3) + 2]!;
    use.last = doubles[(at >> 3) + 3]!;
    return use;
  }

  /** The k-th copied target, in the order in which they came. */
  copy(k: number): NotedCopy {
    const { copied, words, doubles } = this;
    const at = this.copiesAt + k * COPY_BYTES;
    const word = at >> 2;
    copied.client = words[word]!;
    copied.target = words[word + 1]!;
    copied.time = doubles[(at >> 3) + 1]!;
    copied.scalesDown = words[word + 4] === 1;
    return copied;
  }
}

/** Of all parts together. */
export function bytesOfNotes({ notes, uses, copies, textBytes }: NoteCounts): number {
  return notes * NOTE_BYTES + uses * USE_BYTES + copies * COPY_BYTES + textBytes;
}
