import { Symbols, Tuples, tupleKey } from '../../batch/symbols.ts';
import type { LabelSet, Wants } from '../../batch/wants.ts';
import { decodeWtf8 } from '../../text/wtf8.ts';
import type { ScannerExports } from './abi.ts';
import { spanTexts } from './span-texts.ts';

export interface DictionaryLimits {
  /** Texts before fresh dictionaries are begun. */
  readonly symbols?: number | undefined;
  /** Tuples of a label set before fresh dictionaries are begun. */
  readonly tuples?: number | undefined;
}

/** Copies of the spans that a table of the scanner has. */
interface Spans {
  readonly bytes: Buffer;
  /** By id, and behind the last one. */
  readonly starts: Uint32Array;
}

/**
 * One set of dictionaries as consumers see it, beside the scanner's own tables that give the ids: whatever id a column
 * hands out has been learnt here before. Texts of tuples stay in those tables until they are cleared. Detached from them
 * (because they are full, or serve a later set), it goes on by itself, so that batches which began with it keep their ids
 * and may still get new ones.
 */
export class Dictionaries {
  readonly symbols: Symbols;
  readonly tuples: readonly Tuples[];
  private readonly exports: ScannerExports;
  private readonly bytes: Buffer;
  private readonly widths: readonly number[];
  private scanning = true;
  /** Batches that are alive and may ask for texts. */
  private holders = 0;
  /** By label set, once the scanner's tables are cleared; none if nobody is left who asks. */
  private kept: readonly Spans[] | undefined;

  constructor(wants: Wants, limits: DictionaryLimits, exports: ScannerExports, bytes: Buffer) {
    this.symbols = new Symbols(limits.symbols);
    this.tuples = wants.labelSets.map(() => new Tuples(limits.tuples));
    this.widths = wants.labelSets.map((set) => set.fields.length);
    this.exports = exports;
    this.bytes = bytes;
  }

  /** Whether the scanner's tables give the ids. */
  get attached(): boolean {
    return this.scanning;
  }

  get full(): boolean {
    return this.symbols.full || this.tuples.some((table) => table.full);
  }

  detach(): void {
    this.scanning = false;
  }

  /** A batch begins with these, */
  hold(): void {
    this.holders++;
  }

  /** and asks for nothing any more. */
  release(): void {
    if (--this.holders === 0 && this.kept !== undefined) this.kept = [];
  }

  /** The scanner's tables are about to be cleared: what batches that are alive may ask for is copied. */
  leave(): void {
    this.detach();
    this.kept = this.holders === 0 ? [] : this.tuples.map((_, set) => this.copyOf(set));
  }

  private copyOf(set: number): Spans {
    const { exports } = this;
    const dictionary = exports.tupleDictionary(set);
    const size = exports.size(dictionary);
    const starts = new Uint32Array(size + 1);
    for (let id = 1; id < size; id++) starts[id + 1] = starts[id]! + exports.textLength(dictionary, id);
    const bytes = Buffer.allocUnsafeSlow(starts[size]!);
    for (let id = 1; id < size; id++) {
      const from = exports.textOf(dictionary, id) >>> 0;
      this.bytes.copy(bytes, starts[id], from, from + starts[id + 1]! - starts[id]!);
    }
    return { bytes, starts };
  }

  /** Learns what texts are new in the scanner's table. */
  learnSymbols(): void {
    const dictionary = this.exports.symbolDictionary();
    const size = this.exports.size(dictionary);
    while (this.symbols.size < size) this.symbols.intern(this.textOf(dictionary, this.symbols.size));
  }

  learnTuples(set: number): void {
    const size = this.exports.size(this.exports.tupleDictionary(set));
    if (size > this.tuples[set]!.size) this.tuples[set]!.learn(size, (id) => this.tupleOf(set, id));
  }

  /** The id of a tuple whose texts JavaScript read; only for dictionaries that are detached. */
  internTuple(set: LabelSet, values: readonly string[]): number {
    return this.tuples[set.index]!.intern(tupleKey(values), () => values);
  }

  private textOf(dictionary: number, id: number): string {
    const start = this.exports.textOf(dictionary, id) >>> 0;
    return decodeWtf8(this.bytes, start, start + this.exports.textLength(dictionary, id));
  }

  private tupleOf(set: number, id: number): string[] {
    const width = this.widths[set]!;
    if (this.kept !== undefined) {
      const kept = this.kept[set];
      return kept === undefined ? [] : spanTexts(kept.bytes, kept.starts[id]!, kept.starts[id + 1]!, width);
    }
    const dictionary = this.exports.tupleDictionary(set);
    const start = this.exports.textOf(dictionary, id) >>> 0;
    return spanTexts(this.bytes, start, start + this.exports.textLength(dictionary, id), width);
  }
}
