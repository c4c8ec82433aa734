import { randomBytes } from 'node:crypto';
import type { PlannedNotes } from '../../../batch/measure-plan.ts';
import {
  bytesOfNotes,
  COPY_BYTES,
  NOTE_BYTES,
  type NoteCounts,
  USE_BYTES,
} from '../../../batch/session-notes.ts';
import type { ScannerExports } from '../abi.ts';

/** Labels that were met for the first time: their spans (span-texts.ts) behind one another. */
export interface FreshLabels {
  /** The first of their ids. */
  readonly from: number;
  readonly bytes: Uint8Array;
  /** Where each of them ends in the bytes. */
  readonly ends: Uint32Array;
}

/** What an engine noted, as plain data. */
export interface TakenNotes {
  /** See SessionNotes. */
  readonly bytes: ArrayBuffer;
  readonly counts: NoteCounts;
  readonly levels: Uint32Array;
  readonly oldest: number;
  /** Of clients, targets and ports; undefined where none is new. */
  readonly labels: readonly (FreshLabels | undefined)[];
  /** Whether the ids of labels mean others than before. */
  readonly isAnew: boolean;
}

/** Words of the head of assembly/aggregation/note-tables.ts, and where its double is. */
const HEAD = { notes: 0, uses: 2, copies: 4, texts: 6, levels: 9, oldest: 5 } as const;
const LEVELS = 8;

/** The notes of sessions that an engine of this thread takes. */
export class EngineNotes {
  private readonly exports: ScannerExports;
  private readonly bytes: Buffer;
  private readonly words: Uint32Array;
  private readonly doubles: Float64Array;
  /** Of the labels of clients, targets and ports. */
  private readonly dictionaries: readonly number[];
  /** Ids that have been told. */
  private readonly told: number[];
  private isAnew = false;

  /** @param labelSets those of clients, targets and ports */
  constructor(plan: PlannedNotes, labelSets: readonly number[], exports: ScannerExports, bytes: Buffer) {
    this.exports = exports;
    this.bytes = bytes;
    this.words = new Uint32Array(bytes.buffer);
    this.doubles = new Float64Array(bytes.buffer);
    const [clients, targets, ports] = labelSets;
    const { id, duration, scaleDown, keepsIds, leastLevel, sayings, leveled } = plan;
    exports.openSessionNotes(
      clients!,
      targets!,
      ports!,
      id.index,
      duration.index,
      scaleDown.index,
      keepsIds ? 1 : 0,
      leastLevel,
      randomBytes(8).readBigUInt64LE(),
    );
    const said = new Map(sayings);
    for (const kind of new Set([...said.keys(), ...leveled])) {
      exports.addSaying(kind, said.get(kind) ?? 0, leveled.includes(kind) ? 1 : 0);
    }
    this.dictionaries = labelSets.map((set) => exports.dictionaryOfLabels(set) >>> 0);
    this.told = labelSets.map(() => 1);
  }

  /** The ids of labels begin anew. */
  forgetLabels(): void {
    this.told.fill(1);
    this.isAnew = true;
  }

  /**
   * What was noted, a copy, which is forgotten here; undefined if that is nothing.
   * @param which all; or, once that is worth it, the notes that have start and end
   * @param rooms buffers to copy to: the last one is taken if it is large enough
   */
  take(which: 'all' | 'grown', rooms: ArrayBuffer[] = []): TakenNotes | undefined {
    const { exports, words, doubles } = this;
    const head = exports.gatherNotes(which === 'all' ? 1 : 0) >>> 0;
    if (head === 0) return undefined;
    const at = (word: number): number => words[(head >>> 2) + word]!;
    const oldest = doubles[(head >>> 3) + HEAD.oldest]!;
    const counts = {
      notes: at(HEAD.notes + 1),
      uses: at(HEAD.uses + 1),
      copies: at(HEAD.copies + 1),
      textBytes: at(HEAD.texts + 1),
    };
    const parts = [
      [at(HEAD.notes), counts.notes * NOTE_BYTES],
      [at(HEAD.uses), counts.uses * USE_BYTES],
      [at(HEAD.copies), counts.copies * COPY_BYTES],
      [at(HEAD.texts), counts.textBytes],
    ] as const;
    const bytes = bytesFor(bytesOfNotes(counts), rooms);
    let to = 0;
    for (const [from, length] of parts) {
      bytes.set(this.bytes.subarray(from, from + length), to);
      to += length;
    }
    const levels = words.slice(at(HEAD.levels) >>> 2, (at(HEAD.levels) >>> 2) + LEVELS);
    const labels = this.dictionaries.map((_, set) => this.freshLabels(set));
    exports.clearGathered();
    const { isAnew } = this;
    this.isAnew = false;
    return { bytes: bytes.buffer, counts, levels, oldest, labels, isAnew };
  }

  private freshLabels(set: number): FreshLabels | undefined {
    const { exports, told, bytes } = this;
    const dictionary = this.dictionaries[set]!;
    const from = told[set]!;
    const size = exports.size(dictionary);
    if (size === from) return undefined;
    const spans: Uint8Array[] = [];
    const ends = new Uint32Array(size - from);
    let length = 0;
    for (let id = from; id < size; id++) {
      const start = exports.textOf(dictionary, id) >>> 0;
      const span = bytes.subarray(start, start + exports.textLength(dictionary, id));
      spans.push(span);
      length += span.length;
      ends[id - from] = length;
    }
    told[set] = size;
    return { from, bytes: Uint8Array.from(Buffer.concat(spans)), ends };
  }
}

function bytesFor(length: number, rooms: ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const fits = (rooms.at(-1)?.byteLength ?? 0) >= length;
  return new Uint8Array(fits ? rooms.pop()! : new ArrayBuffer(length));
}
