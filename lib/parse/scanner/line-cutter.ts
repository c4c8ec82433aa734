import { readFileSync } from 'node:fs';
import { builtFile } from '../../text/built-file.ts';
import { copyBytes } from '../../text/bytes.ts';

/** What lib/parse/scanner/assembly/cutter/index.ts exports, and documents. */
interface CutterExports {
  readonly memory: WebAssembly.Memory;
  lines(
    count: number,
    input: number,
    starts: number,
    stops: number,
    choices: number,
    output: number,
    ends: number,
  ): number;
}

const ANOTHER_WAY = -1;
const PAGE = 65_536;
/** Lines at a time. */
const MOST_LINES = 4096;

/** The memory: the module's own, choices of keys, columns of the picks, input, output. */
const CHOICES = PAGE;
const CHOICES_END = 4 * PAGE;
const COLUMNS = CHOICES_END;
const INPUT = COLUMNS + 4 * 4 * MOST_LINES;
/** What the module may read and write behind input, output and choices. */
const PADDING = 64;

/** Columns of the lines to be cut: where in the input each starts and stops, and its choice of keys, 0 = whole. */
export interface CutColumns {
  readonly starts: Uint32Array;
  readonly stops: Uint32Array;
  readonly choices: Uint32Array;
}

/**
 * Cuts lines out of the bytes of a batch, whole or without some keys, by WebAssembly. One serves the whole process:
 * what it gives is to be copied before the next call.
 */
export class LineCutter {
  readonly mostLines = MOST_LINES;
  private readonly exports: CutterExports;
  private memory!: Buffer;
  private cutColumns!: CutColumns;
  private ends!: Uint32Array;
  private loaded: WeakRef<object> | undefined;
  private output = 0;
  /** By the holder, then the keys, where a choice is. */
  private readonly known = new Map<string, Map<readonly string[], number>>();
  private knownEnd = CHOICES;

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module, {}).exports as unknown as CutterExports;
    this.reserve(INPUT);
  }

  /** To be filled for the next `cut`; new ones after every `load`. */
  get columns(): CutColumns {
    return this.cutColumns;
  }

  /** Takes the bytes of a batch, of which lines of at most so many bytes in all are to be cut. */
  load(batch: { readonly bytes: Uint8Array }, most: number): void {
    const { bytes } = batch;
    this.output = (INPUT + bytes.length + PADDING + 7) & ~7;
    this.reserve(this.output + most + PADDING);
    // several handlers cut from it, one after the other
    if (this.loaded?.deref() === batch) return;
    copyBytes(this.memory, INPUT, bytes);
    this.loaded = new WeakRef(batch);
  }

  /**
   * The number of a choice: of the object by that key only these keys stay. It holds until the next call that gives
   * undefined: then there was no room, and all choices are to be asked for anew.
   */
  choice(holder: string, keys: readonly string[]): number | undefined {
    const known = this.known.get(holder)?.get(keys);
    if (known !== undefined) return known;
    const texts = [holder, ...keys].map((text) => Buffer.from(text));
    const size = texts.reduce((sum, text) => sum + text.length + 8, 8 + PADDING);
    if (this.knownEnd + size > CHOICES_END) {
      this.known.clear();
      this.knownEnd = CHOICES;
      return undefined;
    }
    const address = this.knownEnd;
    this.write(address, texts);
    this.knownEnd = (address + size + 7) & ~7;
    this.remember(holder, keys, address);
    return address;
  }

  private remember(holder: string, keys: readonly string[], address: number): void {
    const known = this.known.get(holder);
    if (known === undefined) this.known.set(holder, new Map([[keys, address]]));
    else known.set(keys, address);
  }

  /**
   * Cuts as many lines as the columns were filled for.
   * @returns the lines with their newlines, and where each ends; undefined if one must be made another way
   */
  cut(count: number): { readonly bytes: Buffer; readonly ends: Uint32Array } | undefined {
    const { cutColumns, output } = this;
    const { starts, stops, choices } = cutColumns;
    const length = this.exports.lines(
      count,
      INPUT,
      starts.byteOffset,
      stops.byteOffset,
      choices.byteOffset,
      output,
      this.ends.byteOffset,
    );
    if (length === ANOTHER_WAY) return undefined;
    return { bytes: this.memory.subarray(output, output + length), ends: this.ends.subarray(0, count) };
  }

  /** See assembly/cutter/index.ts: the holder's address and length, how many keys, their lengths as bits, the keys. */
  private write(address: number, [holder, ...keys]: Buffer[]): void {
    const { memory } = this;
    let place = address;
    let text = address + 16 + 8 * keys.length;
    const add = (bytes: Buffer): void => {
      memory.writeUInt32LE(text, place);
      memory.writeUInt32LE(bytes.length, place + 4);
      bytes.copy(memory, text);
      text += bytes.length;
      place += 8;
    };
    add(holder!);
    memory.writeUInt32LE(keys.length, place);
    const lengths = keys.reduce((bits, { length }) => bits | (1 << Math.min(length, 31)), 0);
    memory.writeInt32LE(lengths, place + 4);
    place += 8;
    for (const key of keys) add(key);
  }

  /** Growing takes the memory away from under its views, so they are made anew. */
  private reserve(bytes: number): void {
    const { memory } = this.exports;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(Math.max(missing, memory.buffer.byteLength / 2) / PAGE));
    else if (this.memory !== undefined) return;
    const { buffer } = memory;
    const column = (which: number) => new Uint32Array(buffer, COLUMNS + 4 * MOST_LINES * which, MOST_LINES);
    this.memory = Buffer.from(buffer);
    this.cutColumns = { starts: column(0), stops: column(1), choices: column(2) };
    this.ends = column(3);
  }
}

let cutter: LineCutter | undefined;
let tried = false;

/** The process's; undefined where it was not built or the runtime has no SIMD. */
export function lineCutter(): LineCutter | undefined {
  if (tried) return cutter;
  tried = true;
  const path = builtFile('parse/scanner', 'cutter.wasm');
  if (path === undefined) return undefined;
  try {
    cutter = new LineCutter(new WebAssembly.Module(readFileSync(path)));
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
  }
  return cutter;
}
