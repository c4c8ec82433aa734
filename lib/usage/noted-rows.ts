import { readFileSync } from 'node:fs';
import { NOTE_BYTES, type SessionNotes } from '../batch/session-notes.ts';
import { PerTable, type Tuples } from '../batch/symbols.ts';
import { builtFile } from '../text/built-file.ts';
import type { Dictionary } from './dictionary.ts';
import type { IndexColumns, IndexMemory, IndexShape } from './hash-index.ts';

/** What assembly/index.ts exports, and documents. */
interface NotesExports {
  readonly memory: { readonly buffer: ArrayBufferLike; grow(pages: number): number };
  open(notes: number, clients: number, targets: number, most: number): void;
  setColumns(
    start: number,
    end: number,
    seconds: number,
    client: number,
    target: number,
    rank: number,
    note: number,
    list: number,
  ): void;
  setIndex(at: number, places: number, scale: number, secret: number, high: number): void;
  enter(count: number): void;
  take(from: number, to: number, row: number): number;
  freshRows(): number;
  listedNotes(): number;
}

/** Of notes that are taken at once. */
const MOST = 1024;
/** Of ids of labels; notes with greater ones are listed. */
const MOST_LABELS = 1 << 17;
/** No id, and no row. */
const NONE = 0xffff_ffff;

/* The memory, behind the module's own: notes, maps of labels, columns, the list, and the index. */
const NOTES = 1 << 16;
const CLIENTS = NOTES + MOST * NOTE_BYTES;
const TARGETS = CLIENTS + 4 * MOST_LABELS;
const STARTS = TARGETS + 4 * MOST_LABELS;
const ENDS = STARTS + 8 * MOST;
const SECONDS = ENDS + 8 * MOST;
const LIST = SECONDS + 8 * MOST;
const CLIENT = LIST + 8 * MOST;
const TARGET = CLIENT + 4 * MOST;
const NUMBER = TARGET + 4 * MOST;
const RANK = NUMBER + 4 * MOST;
const INDEX = RANK + MOST;

const PAGE = 1 << 16;
/** Entries of an index that are moved at once. */
const MOVED = (MOST * NOTE_BYTES) / 8;

/** New rows as columns, one behind the other. */
export interface NewRows {
  readonly length: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly seconds: Float64Array;
  readonly client: Uint32Array;
  readonly target: Uint32Array;
  readonly rank: Uint8Array;
  /** Which note each is of, of those that were taken with them. */
  readonly note: Uint32Array;
}

/** Whose rows they become. */
export interface NoteTaker {
  /** There will be so many rows more, at most. Gives the next one. */
  reserve(rows: number): number;
  /** @param first of the notes that the rows are of */
  append(rows: NewRows, first: number): void;
  /** A note that says more than its new row, or is to be joined with a row; @param row if it is a new one */
  further(note: number, row: number | undefined): void;
}

/** The names of clients and targets that notes have ids of in tables of their own. */
interface Names {
  readonly clients: Dictionary;
  readonly targets: Dictionary;
}

/**
 * Notes that become rows many at a time, by WebAssembly: JavaScript, which is compiled as it runs, took nearly twice as
 * long. The index by hash lies in the module's memory (IndexMemory), and serves one note at a time as before.
 */
export class NotedRows implements IndexMemory {
  private readonly exports: NotesExports;
  private readonly names: Names;
  /** By a table of labels what these are called here, as far as they were asked for. */
  private readonly known = new PerTable<Tuples, { ids: Uint32Array }>(() => ({ ids: new Uint32Array(0) }));
  private words!: Uint32Array;
  private bytes!: Uint8Array;
  private doubles!: Float64Array;

  private constructor(exports: NotesExports, names: Names) {
    this.exports = exports;
    this.names = names;
    this.reach(INDEX);
    exports.open(NOTES, CLIENTS, TARGETS, MOST_LABELS);
    exports.setColumns(STARTS, ENDS, SECONDS, CLIENT, TARGET, RANK, NUMBER, LIST);
  }

  /** Undefined where it was not built, or the system has no address space for it. */
  static open(names: Names): NotedRows | undefined {
    const path = builtFile('usage', 'notes.wasm');
    if (path === undefined) return undefined;
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
      return new NotedRows(exports as unknown as NotesExports, names);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Takes in all notes. */
  take(notes: SessionNotes, to: NoteTaker): void {
    const { clients, targets } = notes.labels;
    this.load(clients, CLIENTS);
    this.load(targets, TARGETS);
    const { notes: length } = notes.counts;
    for (let k = 0; k < length; k += MOST) this.takeSome(notes, k, Math.min(MOST, length - k), to);
    this.store(clients, CLIENTS);
    this.store(targets, TARGETS);
  }

  private takeSome(notes: SessionNotes, first: number, count: number, to: NoteTaker): void {
    const { exports } = this;
    // an index that grows passes through where the notes are
    to.reserve(count);
    this.bytes.set(notes.bytesOf(first, first + count), NOTES);
    for (let from = 0; from < count; ) {
      from = exports.take(from, count, to.reserve(count - from));
      to.append(this.newRows(exports.freshRows()), first);
      for (let k = 0; k < exports.listedNotes(); k++) {
        const at = (LIST >> 2) + 2 * k;
        const known = this.words[at + 1]!;
        to.further(first + this.words[at]!, known === NONE ? undefined : known);
      }
      if (from < count && !this.name(notes, first + from)) to.further(first + from++, undefined);
    }
  }

  private newRows(length: number): NewRows {
    const { doubles, words, bytes } = this;
    const numbers = (at: number): Float64Array => doubles.subarray(at >> 3, (at >> 3) + length);
    const ids = (at: number): Uint32Array => words.subarray(at >> 2, (at >> 2) + length);
    return {
      length,
      start: numbers(STARTS),
      end: numbers(ENDS),
      seconds: numbers(SECONDS),
      client: ids(CLIENT),
      target: ids(TARGET),
      rank: bytes.subarray(RANK, RANK + length),
      note: ids(NUMBER),
    };
  }

  /** Gives the labels of a note their ids here; false if it has some that there is no room for. */
  private name(notes: SessionNotes, k: number): boolean {
    const { client, target } = notes.at(k);
    if (client >= MOST_LABELS || target >= MOST_LABELS) return false;
    const { clients, targets } = this.names;
    this.words[(CLIENTS >> 2) + client] = clients.idOf(notes.labels.clients, client);
    this.words[(TARGETS >> 2) + target] = targets.idOf(notes.labels.targets, target);
    return true;
  }

  private load(labels: Tuples, at: number): void {
    const { ids } = this.known.of(labels);
    this.words.set(ids, at >> 2);
    this.words.fill(NONE, (at >> 2) + ids.length, (at >> 2) + sizeOf(labels));
  }

  private store(labels: Tuples, at: number): void {
    this.known.of(labels).ids = this.words.slice(at >> 2, (at >> 2) + sizeOf(labels));
  }

  place(rows: number, { places, scale, secret }: IndexShape): IndexColumns {
    const highs = INDEX + 8 * places;
    this.reach(highs + 4 * rows);
    this.exports.setIndex(INDEX, places, scale, secret, highs);
    const entries = this.words.subarray(INDEX >> 2, highs >> 2).fill(0);
    return { entries, high: this.words.subarray(highs >> 2, (highs >> 2) + rows) };
  }

  enter(entries: Uint32Array): void {
    for (let from = 0; from < entries.length; from += 2 * MOVED) {
      const some = entries.subarray(from, from + 2 * MOVED);
      this.words.set(some, NOTES >> 2);
      this.exports.enter(some.length / 2);
    }
  }

  /** Has the memory reach up to there. */
  private reach(end: number): void {
    const { memory } = this.exports;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    this.words = new Uint32Array(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    this.doubles = new Float64Array(memory.buffer);
  }
}

const sizeOf = ({ size }: Tuples): number => Math.min(size, MOST_LABELS);
