import { type Column, type LabelColumn, ValueType } from '../batch.ts';
import type { LabelSet } from '../fields.ts';
import { ABSENT, type Tuples } from '../symbols.ts';
import { ENTRY_ESCAPED, ENTRY_LENGTH_SHIFT, FULL, UNKNOWN } from './abi.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Engine } from './engine.ts';
import type { Slot } from './slot.ts';
import type { Usage } from './usage.ts';
import { encodeWtf8 } from './wtf8.ts';

/** What the columns of a batch read from. */
export interface Scanned {
  readonly engine: Engine;
  readonly slot: Slot;
  readonly rows: number;
  readonly dictionaries: Dictionaries;
}

/**
 * One field. Ids are made when they are asked for, and not before: only what a consumer needs as an id enters the
 * dictionary. A field that was asked for throughout is read in one go (usage.ts).
 */
export class FieldColumn implements Column {
  private readonly batch: Scanned;
  private readonly field: number;
  private readonly usage: Usage;
  /** Per row the id plus one; 0 = not asked for yet. */
  private readonly ids: Uint32Array;
  /** The same for lists of keys; made when the first is asked for. */
  private keyIds: Uint32Array | undefined;

  constructor(batch: Scanned, field: number, usage: Usage) {
    this.batch = batch;
    this.field = field;
    this.usage = usage;
    this.ids = this.column(usage.begin(batch.rows));
  }

  type(row: number): number {
    const { engine, slot } = this.batch;
    return engine.exports.typeOf(slot.address, row, this.field);
  }

  number(row: number): number {
    const { engine, slot } = this.batch;
    const value = engine.exports.numberOf(slot.address, row, this.field);
    if (!Number.isNaN(value) || this.type(row) !== ValueType.number) return value;
    return Number(this.text(row));
  }

  id(row: number): number {
    const known = this.ids[row]!;
    if (known !== 0) return known - 1;
    this.usage.count++;
    const id = this.makeId(row);
    this.ids[row] = id + 1;
    return id;
  }

  text(row: number): string | undefined {
    const { engine, slot } = this.batch;
    const entry = engine.exports.entryOf(slot.address, row, this.field) >>> 2;
    if (entry === 0) return undefined;
    const start = engine.words[entry]!;
    const rest = engine.words[entry + 1]!;
    const end = start + (rest >>> ENTRY_LENGTH_SHIFT);
    switch (rest & 7) {
      case ValueType.string: {
        const text = engine.bytes.toString('utf8', start, end);
        return (rest & ENTRY_ESCAPED) === 0 ? text : JSON.parse(`"${text}"`);
      }
      case ValueType.number:
        return engine.bytes.toString('latin1', start, end);
      case ValueType.true:
        return 'true';
      case ValueType.false:
        return 'false';
      default:
        return undefined;
    }
  }

  keys(row: number): number {
    this.keyIds ??= this.batch.slot.idColumn(this.field * 2 + 1).ids.fill(0, 0, this.batch.rows);
    const known = this.keyIds[row]!;
    if (known !== 0) return known - 1;
    const id = this.makeKeys(row);
    this.keyIds[row] = id + 1;
    return id;
  }

  private makeId(row: number): number {
    const { engine, slot, dictionaries } = this.batch;
    if (dictionaries.attached) {
      const id = engine.exports.symbol(slot.address, row, this.field);
      if (id !== FULL) {
        if (id >= dictionaries.symbols.size) dictionaries.learnSymbols();
        return id;
      }
      dictionaries.detach();
    }
    const text = this.text(row);
    return text === undefined ? ABSENT : dictionaries.symbols.intern(text);
  }

  /** The column's ids: all of them at once, or none yet. */
  private column(throughout: boolean): Uint32Array {
    const { engine, slot, rows, dictionaries } = this.batch;
    const { address, ids } = slot.idColumn(this.field * 2);
    let done = 0;
    if (throughout && dictionaries.attached) {
      done = engine.exports.symbolColumn(slot.address, rows, this.field, address);
      dictionaries.learnSymbols();
      if (done < rows) dictionaries.detach();
    }
    return ids.fill(0, done, rows);
  }

  private makeKeys(row: number): number {
    const { engine, slot, dictionaries } = this.batch;
    const { exports } = engine;
    const id = exports.keyList(slot.address, row, this.field);
    if (id === ABSENT) return ABSENT;
    if (id !== UNKNOWN && dictionaries.attached) return id;
    const list = keyList(engine.bytes.toString('utf8', exports.keysFrom() >>> 0, exports.keysTo() >>> 0));
    if (dictionaries.attached) {
      const symbol = exports.symbolOfInbox(engine.send(encodeWtf8(list)));
      if (symbol !== FULL) {
        dictionaries.learnSymbols();
        exports.learnKeyList(symbol);
        return symbol;
      }
      dictionaries.detach();
    }
    return dictionaries.symbols.intern(list);
  }
}

/** Keys in the order of JavaScript's objects, where whole numbers come first. */
function keyList(json: string): string {
  let list = '';
  for (const key of Object.keys(JSON.parse(json))) list += `${key}\0`;
  return list;
}

/** One label set. */
export class LabelSetColumn implements LabelColumn {
  readonly tuples: Tuples;
  private readonly batch: Scanned;
  private readonly set: LabelSet;
  private readonly usage: Usage;
  private readonly fieldOf: (index: number) => Column;
  /** Behind the id columns of the fields, of which each has two. */
  private readonly place: number;
  /** Per row the id; 0 = not asked for yet, since tuples count from 1. */
  private readonly ids: Uint32Array;

  constructor(batch: Scanned, set: LabelSet, usage: Usage, fieldOf: (index: number) => Column) {
    this.batch = batch;
    this.set = set;
    this.usage = usage;
    this.fieldOf = fieldOf;
    this.place = batch.engine.fieldUsage.length * 2 + set.index;
    this.tuples = batch.dictionaries.tuples[set.index]!;
    this.ids = this.column(usage.begin(batch.rows));
  }

  id(row: number): number {
    const known = this.ids[row]!;
    if (known !== 0) return known;
    this.usage.count++;
    const id = this.makeId(row);
    this.ids[row] = id;
    return id;
  }

  private makeId(row: number): number {
    const { engine, slot, dictionaries } = this.batch;
    if (dictionaries.attached) {
      const id = engine.exports.tuple(slot.address, row, this.set.index);
      if (id !== FULL) {
        if (id >= this.tuples.size) dictionaries.learnTuples(this.set.index);
        return id;
      }
      dictionaries.detach();
    }
    const values = this.set.fields.map((field) => this.fieldOf(field.index).text(row) ?? '');
    return dictionaries.internTuple(this.set, values);
  }

  /** The column's ids: all of them at once, or none yet. */
  private column(throughout: boolean): Uint32Array {
    const { engine, slot, rows, dictionaries } = this.batch;
    const { address, ids } = slot.idColumn(this.place);
    let done = 0;
    if (throughout && dictionaries.attached) {
      done = engine.exports.tupleColumn(slot.address, rows, this.set.index, address);
      dictionaries.learnTuples(this.set.index);
      if (done < rows) dictionaries.detach();
    }
    return ids.fill(0, done, rows);
  }
}
