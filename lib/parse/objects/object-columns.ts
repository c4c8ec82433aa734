import { type Column, type LabelColumn, type RowList, ValueType } from '../../batch/batch.ts';
import { ABSENT, type Symbols, type Tuples } from '../../batch/symbols.ts';
import type { Field, LabelSet } from '../../batch/wants.ts';
import { hashText } from '../../text/hash.ts';
import { locate } from '../../text/json.ts';
import { encodeWtf8 } from '../../text/wtf8.ts';
import type { Rows } from './object-rows.ts';
import { FieldReader, isObject } from './path.ts';
import { type Shadowed, shadowedIn } from './shadowed.ts';
import type { TupleIndex } from './tuple-index.ts';

function typeOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return ValueType.string;
    case 'number':
      return ValueType.number;
    case 'boolean':
      return value ? ValueType.true : ValueType.false;
    case 'object':
      if (value === null) return ValueType.null;
      return Array.isArray(value) ? ValueType.array : ValueType.object;
    default:
      return ValueType.absent;
  }
}

/** A number's digits as they stand in the input: JSON.parse keeps 53 bits of a session_id, and 1.0 is not the text 1. */
function digits(rows: Rows, row: number, reader: FieldReader, value: number): string {
  const start = rows.offset[row] ?? 0;
  const path = reader.pathOf(rows.objects[row]!);
  if (rows.bytes.length === 0 || path === undefined) return String(value);
  const span = locate(rows.bytes, start, start + rows.length[row]!, path);
  if (span === undefined) return String(value);
  const { buffer, byteOffset } = rows.bytes;
  return Buffer.from(buffer, byteOffset + span.start, span.end - span.start).toString('latin1');
}

/** Reads a field of a row, also where JSON.parse kept another value of its key. */
class RowReader {
  private readonly rows: Rows;
  private readonly reader: FieldReader;
  private readonly shadowed: Field['shadowed'];

  constructor(rows: Rows, field: Field) {
    this.rows = rows;
    this.reader = new FieldReader(field);
    this.shadowed = field.shadowed;
  }

  value(row: number): unknown {
    const shadowed = this.shadowedAt(row);
    return shadowed === undefined ? this.reader.read(this.rows.objects[row]!) : shadowed.value;
  }

  /** undefined for what has no text: null, objects, arrays, nothing at all. */
  text(row: number): string | undefined {
    const shadowed = this.shadowedAt(row);
    const value = shadowed === undefined ? this.reader.read(this.rows.objects[row]!) : shadowed.value;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return shadowed?.text ?? digits(this.rows, row, this.reader, value);
    return typeof value === 'boolean' ? String(value) : undefined;
  }

  private shadowedAt(row: number): Shadowed | undefined {
    return this.shadowed === undefined ? undefined : shadowedIn(this.rows, row, this.shadowed);
  }
}

/** One field, read when it is asked for: most rows are never asked for most fields. */
export class FieldColumn implements Column {
  private readonly reader: RowReader;
  private readonly symbols: Symbols;
  /** Per row the id plus one; 0 = not asked for yet. */
  private readonly ids: Uint32Array;

  constructor(rows: Rows, field: Field, symbols: Symbols) {
    this.reader = new RowReader(rows, field);
    this.symbols = symbols;
    this.ids = new Uint32Array(rows.objects.length);
  }

  type(row: number): number {
    return typeOf(this.value(row));
  }

  number(row: number): number {
    const value = this.value(row);
    return typeof value === 'number' ? value : Number.NaN;
  }

  presentAmong(rows: RowList): RowList {
    return rows.filter((row) => this.type(row) !== ValueType.absent);
  }

  numbersOf(rows: RowList): Float64Array {
    return Float64Array.from(rows, (row) => this.number(row));
  }

  id(row: number): number {
    const known = this.ids[row]!;
    if (known !== 0) return known - 1;
    const text = this.text(row);
    const id = text === undefined ? ABSENT : this.symbols.intern(text);
    this.ids[row] = id + 1;
    return id;
  }

  idsOf(rows: RowList): Uint32Array {
    return rows.map((row) => this.id(row));
  }

  text(row: number): string | undefined {
    return this.reader.text(row);
  }

  hashesOf(rows: RowList): Uint32Array {
    const hashes = new Uint32Array(2 * rows.length);
    for (let k = 0; k < rows.length; k++) {
      const text = this.text(rows[k]!);
      if (text !== undefined) hashText(encodeWtf8(text), hashes, 2 * k);
    }
    return hashes;
  }

  /** Keys in the order of JavaScript's objects, where whole numbers come first. */
  keys(row: number): number {
    const value = this.value(row);
    if (!isObject(value)) return ABSENT;
    let list = '';
    for (const key of Object.keys(value)) list += `${key}\0`;
    return this.symbols.intern(list);
  }

  keysOf(rows: RowList): Uint32Array {
    return rows.map((row) => this.keys(row));
  }

  private value(row: number): unknown {
    return this.reader.value(row);
  }
}

/** One label set, interned as tuples. */
export class LabelSetColumn implements LabelColumn {
  readonly tuples: Tuples;
  private readonly index: TupleIndex;
  private readonly readers: readonly RowReader[];
  /** Per row the id; 0 = not asked for yet, since tuples count from 1. */
  private readonly ids: Uint32Array;
  private readonly texts: string[];

  constructor(rows: Rows, set: LabelSet, index: TupleIndex) {
    this.tuples = index.tuples;
    this.index = index;
    this.readers = set.fields.map((field) => new RowReader(rows, field));
    this.ids = new Uint32Array(rows.objects.length);
    this.texts = set.fields.map(() => '');
  }

  id(row: number): number {
    const known = this.ids[row]!;
    if (known !== 0) return known;
    for (let k = 0; k < this.readers.length; k++) this.texts[k] = this.readers[k]!.text(row) ?? '';
    const id = this.index.id(this.texts);
    this.ids[row] = id;
    return id;
  }

  idsOf(rows: RowList): Uint32Array {
    return Uint32Array.from(rows, (row) => this.id(row));
  }
}
