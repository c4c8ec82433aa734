import { type Column, type LabelColumn, ValueType } from '../batch.ts';
import type { LabelSet } from '../fields.ts';
import { ABSENT, type Tuples } from '../symbols.ts';
import { ENTRY_ESCAPED, ENTRY_LENGTH_SHIFT, FULL, UNKNOWN } from './abi.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Engine } from './engine.ts';
import type { MadeColumns, MadeIds } from './made-columns.ts';
import type { Slot } from './slot.ts';
import type { Usage, Usages } from './usage.ts';
import { encodeWtf8 } from './wtf8.ts';

/** Which of a slot's id columns is whose. */
export const idColumn = (field: number): number => field * 2;
export const keyColumn = (field: number): number => field * 2 + 1;
export const labelColumn = ({ ids }: Usages, set: number): number => ids.length * 2 + set;

/** What the columns of a batch read from. */
export interface Scanned {
  readonly engine: Engine;
  readonly slot: Slot;
  readonly rows: number;
  readonly dictionaries: Dictionaries;
  readonly made: MadeColumns | undefined;
}

/**
 * One field. Ids are made when they are asked for, and not before: only what a consumer needs as an id enters the
 * dictionary. A field that was asked for throughout is read in one go (usage.ts).
 */
export class FieldColumn implements Column {
  private readonly batch: Scanned;
  private readonly field: number;
  private readonly usage: Usage;
  private readonly numberUsage: Usage;
  private readonly madeIds: MadeIds | undefined;
  private readonly madeNumbers: Float64Array | undefined;
  /** Per row the id plus one; 0 = not asked for yet. Made when the first is asked for. */
  private ids: Uint32Array | undefined;
  /** The same for lists of keys. */
  private keyIds: Uint32Array | undefined;
  private madeKeys: MadeIds | undefined;

  constructor(batch: Scanned, field: number) {
    const { usages } = batch.engine;
    this.batch = batch;
    this.field = field;
    this.usage = usages.ids[field]!;
    this.numberUsage = usages.numbers[field]!;
    this.numberUsage.begin(batch.rows);
    this.madeIds = batch.made?.ids[field];
    this.madeNumbers = batch.made?.numbers[field];
    this.madeKeys = batch.made?.keys[field];
  }

  type(row: number): number {
    const { engine, slot } = this.batch;
    return engine.exports.typeOf(slot.address, row, this.field);
  }

  number(row: number): number {
    const { engine, slot } = this.batch;
    let value: number;
    if (this.madeNumbers !== undefined) value = this.madeNumbers[row]!;
    else {
      this.numberUsage.count++;
      value = engine.exports.numberOf(slot.address, row, this.field);
    }
    if (!Number.isNaN(value) || this.type(row) !== ValueType.number) return value;
    return Number(this.text(row));
  }

  id(row: number): number {
    const made = this.madeIds;
    if (made !== undefined) {
      const theirs = made.ids[row]!;
      const known = made.ours[theirs]!;
      if (known !== 0) return known - 1;
      const id = this.makeId(row);
      made.ours[theirs] = id + 1;
      return id;
    }
    this.ids ??= this.column(this.usage.begin(this.batch.rows));
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
    const made = this.madeKeys;
    if (made !== undefined) {
      const theirs = made.ids[row]!;
      const known = made.ours[theirs]!;
      if (known !== 0) return known - 1;
      const id = this.makeKeys(row);
      made.ours[theirs] = id + 1;
      return id;
    }
    const { engine, slot, rows } = this.batch;
    const usage = engine.usages.keys[this.field]!;
    if (this.keyIds === undefined) {
      usage.begin(rows);
      this.keyIds = slot.idColumn(keyColumn(this.field)).ids.fill(0, 0, rows);
    }
    const known = this.keyIds[row]!;
    if (known !== 0) return known - 1;
    usage.count++;
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
    const { address, ids } = slot.idColumn(idColumn(this.field));
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
  private readonly made: MadeIds | undefined;
  /** Per row the id; 0 = not asked for yet, since tuples count from 1. */
  private readonly ids: Uint32Array;

  constructor(batch: Scanned, set: LabelSet, fieldOf: (index: number) => Column) {
    this.batch = batch;
    this.set = set;
    this.usage = batch.engine.usages.labels[set.index]!;
    this.fieldOf = fieldOf;
    this.tuples = batch.dictionaries.tuples[set.index]!;
    this.made = batch.made?.labels[set.index];
    this.ids = this.made?.ids ?? this.column(this.usage.begin(batch.rows));
  }

  id(row: number): number {
    if (this.made !== undefined) {
      const { ours } = this.made;
      const theirs = this.ids[row]!;
      const known = ours[theirs]!;
      if (known !== 0) return known;
      const id = this.makeId(row);
      ours[theirs] = id;
      return id;
    }
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
    const { address, ids } = slot.idColumn(labelColumn(engine.usages, this.set.index));
    let done = 0;
    if (throughout && dictionaries.attached) {
      done = engine.exports.tupleColumn(slot.address, rows, this.set.index, address);
      dictionaries.learnTuples(this.set.index);
      if (done < rows) dictionaries.detach();
    }
    return ids.fill(0, done, rows);
  }
}
