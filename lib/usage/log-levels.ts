import { type Batch, levels } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import { PerTable, type Symbols } from '../batch/symbols.ts';
import type { Field, Wants } from '../batch/wants.ts';
import { logField } from '../tracing/record-fields.ts';
import { REMAINDER } from './dictionary.ts';

export const WARN = levels.indexOf('WARN');
/** Modules that are told apart. */
const MOST_MODULES = 10_000;
/** Modules of a program are few; of a text that is no module there may be any number. */
const LEVELS = levels.length;

export interface ModuleCounts {
  readonly module: string;
  readonly warnings: number;
  readonly errors: number;
}

/** Everything, for whoever adds it up elsewhere. */
export interface LevelsState {
  readonly counts: ArrayLike<number>;
  readonly modules: Iterable<readonly [module: string, counts: Omit<ModuleCounts, 'module'>]>;
}

/** How many log records there are of each level, and which modules warned or failed. */
export class LogLevels {
  /** By index into `levels`. */
  readonly counts = new Float64Array(LEVELS);
  readonly modules = new Map<string, { warnings: number; errors: number }>();
  private readonly isLog: Uint8Array;
  private readonly module: Field;
  private readonly byId = new PerTable<Symbols, { warnings: number; errors: number }[]>(() => []);

  /** `kinds` must have the log kinds already. */
  constructor(wants: Wants, kinds: Kinds) {
    this.module = logField(wants, 'module');
    this.isLog = new Uint8Array(256);
    for (const { id, stream } of kinds.all) this.isLog[id] = stream === 'log' ? 1 : 0;
  }

  observe(batch: Batch): void {
    const { kind, level, rows } = batch;
    const { isLog, counts } = this;
    for (let row = 0; row < rows; row++) {
      if (isLog[kind[row]!] === 0) continue;
      const of = level[row]!;
      counts[of]!++;
      if (of >= WARN) this.count(batch, row, of);
    }
  }

  /** Records below WARN, by index into `levels`. */
  add(counts: ArrayLike<number>): void {
    for (let k = 0; k < LEVELS; k++) this.counts[k]! += counts[k]!;
  }

  /** The modules with most errors, then most warnings, first. */
  top(): ModuleCounts[] {
    return [...this.modules]
      .map(([module, counts]) => ({ module, ...counts }))
      .sort((a, b) => b.errors - a.errors || b.warnings - a.warnings || (a.module < b.module ? -1 : 1));
  }

  merge(other: LevelsState): void {
    for (let k = 0; k < LEVELS; k++) this.counts[k]! += other.counts[k]!;
    for (const [module, { warnings, errors }] of other.modules) {
      const own = this.countsOf(module);
      own.warnings += warnings;
      own.errors += errors;
    }
  }

  private count(batch: Batch, row: number, level: number): void {
    const id = batch.column(this.module).id(row);
    const known = this.byId.of(batch.symbols);
    known[id] ??= this.countsOf(batch.symbols.text(id));
    if (level === WARN) known[id]!.warnings++;
    else known[id]!.errors++;
  }

  private countsOf(module: string): { warnings: number; errors: number } {
    const name = this.modules.has(module) || this.modules.size < MOST_MODULES ? module : REMAINDER;
    let counts = this.modules.get(name);
    if (counts === undefined) {
      counts = { warnings: 0, errors: 0 };
      this.modules.set(name, counts);
    }
    return counts;
  }
}
