import assert from 'node:assert/strict';
import { type Batch, type Input, ValueType } from '../../../lib/batch/batch.ts';
import { OTHER } from '../../../lib/batch/kinds.ts';
import { ABSENT } from '../../../lib/batch/symbols.ts';
import { type Path, type ShadowedKey, Wants } from '../../../lib/batch/wants.ts';
import { openFramer } from '../../../lib/framings/index.ts';
import { ReferenceParser } from '../../../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../../../lib/parse/objects/vocabulary.ts';
import type { Parser } from '../../../lib/parse/parser.ts';
import {
  openScanner,
  type Scanner,
  type ScannerFraming,
  type WorkersOptions,
} from '../../../lib/parse/scanner/index.ts';
import { Dice } from './random.ts';

/** What is asked of both parsers, as plain data. */
export interface WantsSpec {
  readonly fields: readonly (readonly Path[])[];
  /** By index of fields; Field.shadowed. */
  readonly shadowed?: Readonly<Record<number, ShadowedKey>>;
  /** By index of fields. */
  readonly labelSets: readonly (readonly number[])[];
  readonly families: readonly FamilySpec[];
}

export interface FamilySpec {
  readonly under: readonly Path[];
  readonly prefixes: readonly string[];
  readonly except?: readonly string[];
}

export interface Limits {
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
  readonly symbols?: number;
  readonly tuples?: number;
  readonly heapBytes?: number;
}

/** What holds for all inputs of one scanner. */
export interface Setting {
  readonly wants: WantsSpec;
  readonly limits: Limits;
  readonly framing: ScannerFraming;
}

export interface Case {
  readonly bytes: Buffer;
  /** Where the input is cut into chunks: sizes, the last one being used for the rest. */
  readonly chunks: readonly number[];
  /** Of the order in which columns are read and batches released. */
  readonly seed: number;
}

export function wantsOf(spec: WantsSpec): Wants {
  const wants = new Wants();
  const fields = spec.fields.map((paths, k) => wants.field(`f${k}`, paths, spec.shadowed?.[k]));
  for (const set of spec.labelSets) wants.labels(set.map((k) => fields[k]!));
  // some columns are made ahead, and some of these of records that nobody knows
  fields.forEach((field, k) => {
    const kinds = [undefined, [OTHER], [1]][(k + spec.families.length) % 3];
    if ((k + spec.labelSets.length) % 2 === 0) wants.reads({ what: 'ids', field }, kinds);
    if ((k + spec.labelSets.length) % 3 === 0) wants.reads({ what: 'keys', field }, kinds);
  });
  for (const { under, prefixes, except } of spec.families) wants.keysBeginning(under, prefixes, except);
  return wants;
}

/** A scanner and the means to compare what it gives with what the reference gives. */
export class Comparison {
  readonly setting: Setting;
  readonly wants: Wants;
  readonly scanner: Scanner;
  private readonly vocabulary: Vocabulary;

  constructor(setting: Setting, workers?: WorkersOptions) {
    this.setting = setting;
    this.wants = wantsOf(setting.wants);
    const scanner = openScanner({ wants: this.wants, limits: setting.limits, workers });
    assert(scanner !== undefined, 'the scanner is not built: npm run build');
    this.scanner = scanner;
    this.vocabulary = new Vocabulary(this.wants, setting.limits);
  }

  /** Runs both over one input; throws an AssertionError where they differ. */
  run({ bytes, chunks, seed }: Case): void {
    const dice = new Dice(seed);
    const expected = new Rows(this.wants, this.reference());
    const actual = new Rows(this.wants, this.scanner.parser(input(), this.setting.framing));
    let at = 0;
    for (let k = 0; at < bytes.length; k++) {
      const size = Math.max(1, chunks[Math.min(k, chunks.length - 1)] ?? bytes.length);
      const chunk = bytes.subarray(at, at + size);
      expected.push(chunk);
      // what a parser was given is its caller's again once the batches are read
      const lent = Buffer.from(chunk);
      actual.push(lent);
      lent.fill(0x7b);
      at += size;
      this.settle(expected, actual, dice, dice.chance(0.5));
    }
    expected.end();
    actual.end();
    this.settle(expected, actual, dice, true);
    assert.equal(actual.consumed, bytes.length, 'all bytes are accounted for');
  }

  private settle(expected: Rows, actual: Rows, dice: Dice, compare: boolean): void {
    const where = { rows: expected.count, rejected: expected.rejected.length, consumed: expected.consumed };
    assert.deepEqual(
      { rows: actual.count, rejected: actual.rejected.length, consumed: actual.consumed },
      where,
    );
    if (!compare) return;
    assert.deepEqual(actual.rejected, expected.rejected);
    if (dice.chance(0.3)) actual.readWholeColumns(dice);
    actual.compareAll(expected, dice);
    expected.release();
    actual.release();
  }

  reference(): Parser {
    return new ReferenceParser({
      input: input(),
      framer: openFramer(this.setting.framing, { input: input(), limits: this.setting.limits, sourceId: '' }),
      vocabulary: this.vocabulary,
      limits: this.setting.limits,
    });
  }
}

export const input = (): Input => ({ name: '-', framing: '' });

/** The rows of all batches that were not released yet, as one list. */
export class Rows {
  consumed = 0;
  readonly rejected: { offset: number; length: number; reason: string; text: string }[] = [];
  private readonly places: { batch: Batch; row: number }[] = [];
  private readonly batches: Batch[] = [];
  private readonly wants: Wants;
  private readonly parser: Parser;

  constructor(wants: Wants, parser: Parser) {
    this.wants = wants;
    this.parser = parser;
  }

  get count(): number {
    return this.places.length;
  }

  /** Rows so far, released ones included. */
  get total(): number {
    return this.gone + this.places.length;
  }

  /** Rows that were released. */
  private gone = 0;

  push(chunk: Buffer): void {
    this.take(this.parser.push(chunk) as Iterable<Batch>);
  }

  end(): void {
    this.take(this.parser.end() as Iterable<Batch>);
  }

  take(batches: Iterable<Batch>): void {
    for (const batch of batches) {
      assert(batch.rows + batch.rejected.length <= 4096);
      this.batches.push(batch);
      this.consumed += batch.consumed;
      for (const { offset, length, reason, bytes } of batch.rejected) {
        // of a record that is too long to keep, how much is kept may depend on how it arrived
        const text = Buffer.from(bytes)
          .subarray(0, reason === 'too-long' ? 8 : bytes.length)
          .toString('hex');
        this.rejected.push({ offset, length, reason, text });
      }
      for (let row = 0; row < batch.rows; row++) this.places.push({ batch, row });
    }
  }

  /** Reads columns as a consumer does that wants all rows of one before the next. */
  readWholeColumns(dice: Dice): void {
    for (const batch of this.batches) {
      for (const field of this.wants.fields) {
        if (dice.chance(0.5)) for (let row = 0; row < batch.rows; row++) batch.column(field).id(row);
      }
      for (const set of this.wants.labelSets) {
        if (dice.chance(0.5)) for (let row = 0; row < batch.rows; row++) batch.labels(set).id(row);
      }
    }
  }

  /** All rows that were not released yet. */
  compareAll(expected: Rows, dice: Dice): void {
    if (dice.chance(0.5)) this.compareLists(expected, dice);
    for (let k = 0; k < this.places.length; k++) this.compareRow(this.gone + k, expected, dice);
    if (dice.chance(0.5)) this.compareLists(expected, dice);
  }

  /** Reads columns of some rows of every batch in one call. */
  private compareLists(expected: Rows, dice: Dice): void {
    let first = this.gone - expected.gone;
    for (const batch of this.batches) {
      const rows = someRows(batch.rows, dice);
      const theirs = Array.from(rows, (row) => expected.places[first + row]!);
      first += batch.rows;
      for (const field of this.wants.fields) {
        const way = dice.below(4);
        if (way === 3) assert.deepEqual(...textsOf(batch, rows, theirs, field));
        if (way === 0) assert.deepEqual(...numbersOf(batch, rows, theirs, field));
        if (way === 1) assert.deepEqual(...hashesOf(batch, rows, theirs, field));
        if (way === 2) assert.deepEqual(...presentAmong(batch, rows, theirs, field));
      }
      for (const set of this.wants.labelSets) {
        if (dice.chance(0.3)) continue;
        const { tuples } = batch.labels(set);
        const ids = batch.labels(set).idsOf(rows);
        assert.deepEqual(
          Array.from(ids, (id) => tuples.values(id)),
          theirs.map((place) => tupleOf(place, set)),
        );
      }
    }
  }

  private compareRow(index: number, expected: Rows, dice: Dice): void {
    const actualPlace = this.places[index - this.gone]!;
    const expectedPlace = expected.places[index - expected.gone]!;
    assert.deepEqual(headOf(actualPlace), headOf(expectedPlace));
    for (const field of this.wants.fields) {
      const way = dice.below(4);
      assert.deepEqual(
        [field.paths, fieldOf(actualPlace, field, way)],
        [field.paths, fieldOf(expectedPlace, field, way)],
      );
    }
    for (const set of this.wants.labelSets) {
      if (dice.chance(0.3)) continue;
      assert.deepEqual(tupleOf(actualPlace, set), tupleOf(expectedPlace, set));
    }
    for (const family of this.wants.families) {
      const { batch, row } = expectedPlace;
      assert.equal(actualPlace.batch.has(family, actualPlace.row), batch.has(family, row), 'has');
    }
  }

  release(): void {
    for (const batch of this.batches) batch.release();
    this.batches.length = 0;
    this.gone += this.places.length;
    this.places.length = 0;
    this.rejected.length = 0;
  }
}

/** Each row at most once, in some order. */
function someRows(count: number, dice: Dice): Uint32Array {
  const share = dice.next();
  const rows = [...Array(count).keys()].filter(() => dice.chance(share));
  if (dice.chance(0.3)) rows.reverse();
  return Uint32Array.from(rows);
}

type Wanted = Wants['fields'][number];

function numbersOf(batch: Batch, rows: Uint32Array, theirs: readonly Place[], field: Wanted) {
  const numbers = Array.from(batch.column(field).numbersOf(rows));
  return [numbers, theirs.map((place) => place.batch.column(field).number(place.row))] as const;
}

function textsOf(batch: Batch, rows: Uint32Array, theirs: readonly Place[], field: Wanted) {
  const text = ({ symbols }: Batch, id: number) => (id === ABSENT ? undefined : symbols.text(id));
  return [
    Array.from(batch.column(field).idsOf(rows), (id) => text(batch, id)),
    theirs.map(({ batch, row }) => text(batch, batch.column(field).id(row))),
  ] as const;
}

function hashesOf(batch: Batch, rows: Uint32Array, theirs: readonly Place[], field: Wanted) {
  const hashes = Array.from(batch.column(field).hashesOf(rows));
  const one = (place: Place): number[] =>
    Array.from(place.batch.column(field).hashesOf(Uint32Array.of(place.row)));
  return [hashes, theirs.flatMap(one)] as const;
}

function presentAmong(batch: Batch, rows: Uint32Array, theirs: readonly Place[], field: Wanted) {
  const isThere = ({ batch, row }: Place): boolean => batch.column(field).type(row) !== ValueType.absent;
  return [
    Array.from(batch.column(field).presentAmong(rows)),
    Array.from(rows).filter((_, k) => isThere(theirs[k]!)),
  ] as const;
}

interface Place {
  readonly batch: Batch;
  readonly row: number;
}

function headOf({ batch, row }: Place): unknown {
  const start = batch.offset[row]!;
  return {
    offset: batch.base + start,
    text: Buffer.from(batch.bytes.subarray(start, start + batch.length[row]!)).toString('latin1'),
    time: batch.time[row],
    level: batch.level[row],
    kind: batch.kind[row],
    object: JSON.stringify(batch.object(row)),
  };
}

/** Reads a field in one of the orders in which consumers may. */
function fieldOf({ batch, row }: Place, field: Wanted, way: number): unknown {
  const column = batch.column(field);
  const type = column.type(row);
  const number = column.number(row);
  if (way === 0) return [type, number];
  const id = (): string | undefined => textOrNothing(batch, column.id(row));
  const keys = (): string | undefined => textOrNothing(batch, column.keys(row));
  if (way === 1) return [type, number, column.text(row)];
  if (way === 2) return [type, number, id(), column.text(row), keys()];
  return [type, number, keys(), column.text(row), id()];
}

function textOrNothing(batch: Batch, id: number): string | undefined {
  return id === 0 ? undefined : batch.symbols.text(id);
}

function tupleOf({ batch, row }: Place, set: Wants['labelSets'][number]): readonly string[] {
  const column = batch.labels(set);
  return column.tuples.values(column.id(row));
}
