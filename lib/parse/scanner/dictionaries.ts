import { Symbols, Tuples, tupleKey } from '../../batch/symbols.ts';
import type { LabelSet, Wants } from '../../batch/wants.ts';
import { decodeWtf8 } from '../../text/wtf8.ts';
import type { ScannerExports } from './abi.ts';

export interface DictionaryLimits {
  /** Texts before fresh dictionaries are begun. */
  readonly symbols?: number | undefined;
  /** Tuples of a label set before fresh dictionaries are begun. */
  readonly tuples?: number | undefined;
}

/**
 * One set of dictionaries as consumers see it, beside the scanner's own tables that give the ids: whatever id a column
 * hands out has been learnt here before. Detached from those tables (because they are full, or serve a later set), it
 * goes on by itself, so that batches which began with it keep their ids and may still get new ones.
 */
export class Dictionaries {
  readonly symbols: Symbols;
  readonly tuples: readonly Tuples[];
  private readonly exports: ScannerExports;
  private readonly bytes: Buffer;
  private readonly widths: readonly number[];
  private scanning = true;

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

  /** Learns what texts are new in the scanner's table. */
  learnSymbols(): void {
    const dictionary = this.exports.symbolDictionary();
    const size = this.exports.size(dictionary);
    while (this.symbols.size < size) this.symbols.intern(this.textOf(dictionary, this.symbols.size));
  }

  learnTuples(set: number): void {
    const dictionary = this.exports.tupleDictionary(set);
    const size = this.exports.size(dictionary);
    const table = this.tuples[set]!;
    while (table.size < size) table.learn(this.tupleOf(dictionary, table.size, this.widths[set]!));
  }

  /** The id of a tuple whose texts JavaScript read; only for dictionaries that are detached. */
  internTuple(set: LabelSet, values: readonly string[]): number {
    return this.tuples[set.index]!.intern(tupleKey(values), () => values);
  }

  private textOf(dictionary: number, id: number): string {
    const start = this.exports.textOf(dictionary, id) >>> 0;
    return decodeWtf8(this.bytes, start, start + this.exports.textLength(dictionary, id));
  }

  /** See lib/parse/scanner/assembly/dictionaries/tuples.ts: the lengths, then the texts. */
  private tupleOf(dictionary: number, id: number, width: number): string[] {
    if (width === 1) return [this.textOf(dictionary, id)];
    const start = this.exports.textOf(dictionary, id) >>> 0;
    let at = start + width * 4;
    const values: string[] = [];
    for (let k = 0; k < width; k++) {
      const end = at + this.bytes.readUInt32LE(start + k * 4);
      values.push(decodeWtf8(this.bytes, at, end));
      at = end;
    }
    return values;
  }
}
