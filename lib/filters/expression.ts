import { createRequire } from 'node:module';
import type { Batch, Column } from '../batch/batch.ts';
import { PerTable, type Symbols } from '../batch/symbols.ts';
import type { Field } from '../batch/wants.ts';
import { ByteTable, NO, UNKNOWN, YES } from './byte-table.ts';

interface Re2 {
  test(text: string): boolean;
}

/** Loaded with the first expression only: most runs have none, and it is the largest module of all. */
let compile: ((source: string) => Re2) | undefined;
function compiler(): (source: string) => Re2 {
  if (compile === undefined) {
    const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof import('re2js');
    compile = (source) => RE2JS.compile(source);
  }
  return compile;
}

/**
 * An expression in Go's RE2 syntax, unanchored, in linear time; every text is tested once and remembered by its id.
 * `.*` and the empty expression match everything without a test.
 */
export class Expression {
  readonly source: string;
  private readonly re: Re2 | undefined;
  private readonly results = new PerTable<Symbols, ByteTable>(() => new ByteTable());

  /** @throws the library's error for a wrong expression; configuration has been checked before */
  constructor(source: string) {
    this.source = source;
    this.re = source === '' || source === '.*' ? undefined : compiler()(source);
  }

  get matchesAll(): boolean {
    return this.re === undefined;
  }

  test(text: string): boolean {
    return this.re === undefined || this.re.test(text);
  }

  /** The result for a text by its id in a dictionary. */
  testId(symbols: Symbols, id: number): boolean {
    return this.resultOf(this.results.of(symbols), symbols, id) === YES;
  }

  /** Whether the record has the field and its text matches. */
  matches(batch: Batch, field: Field, row: number): boolean {
    const id = batch.column(field).id(row);
    return id !== 0 && this.testId(batch.symbols, id);
  }

  /**
   * Writes those of the first `count` rows that have the field and match to `to`, which may be `rows` itself.
   * @returns how many there are
   */
  select(column: Column, symbols: Symbols, rows: Uint32Array, count: number, to: Uint32Array): number {
    const results = this.results.of(symbols);
    const ids = column.idsOf(rows.subarray(0, count));
    let selected = 0;
    for (let k = 0; k < count; k++) {
      const row = rows[k]!;
      const id = ids[k]!;
      if (id !== 0 && this.resultOf(results, symbols, id) === YES) to[selected++] = row;
    }
    return selected;
  }

  private resultOf(results: ByteTable, symbols: Symbols, id: number): number {
    const known = results.get(id);
    if (known !== UNKNOWN) return known;
    const result = this.test(symbols.text(id)) ? YES : NO;
    results.set(id, result);
    return result;
  }
}
