import { createRequire } from 'node:module';
import type { Batch } from '../batch.ts';
import type { Field } from '../fields.ts';
import { PerTable, type Symbols } from '../symbols.ts';

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

const UNKNOWN = undefined;

/**
 * An expression in Go's RE2 syntax, unanchored, in linear time; every text is tested once and remembered by its id.
 * `.*` and the empty expression match everything without a test.
 */
export class Expression {
  readonly source: string;
  private readonly re: Re2 | undefined;
  private readonly results = new PerTable<Symbols, (boolean | undefined)[]>(() => []);

  /** @throws the library's error for a wrong expression; configuration has been checked before */
  constructor(source: string) {
    this.source = source;
    this.re = source === '' || source === '.*' ? undefined : compiler()(source);
  }

  test(text: string): boolean {
    return this.re === undefined || this.re.test(text);
  }

  /** The result for a text by its id in a dictionary. */
  testId(symbols: Symbols, id: number): boolean {
    if (this.re === undefined) return true;
    const known = this.results.of(symbols);
    let result = known[id];
    if (result === UNKNOWN) {
      result = this.re.test(symbols.text(id));
      known[id] = result;
    }
    return result;
  }

  /** Whether the record has the field and its text matches. */
  matches(batch: Batch, field: Field, row: number): boolean {
    const id = batch.column(field).id(row);
    return id !== 0 && this.testId(batch.symbols, id);
  }
}
