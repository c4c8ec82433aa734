import { Symbols, Tuples } from '../../batch/symbols.ts';
import type { LabelSet, Wants } from '../../batch/wants.ts';
import { TupleIndex } from './tuple-index.ts';

export interface VocabularyLimits {
  /** Texts before a fresh table of symbols is begun. */
  readonly symbols?: number | undefined;
  /** Tuples before a fresh table of a label set is begun. */
  readonly tuples?: number | undefined;
}

/**
 * The dictionaries that the batches of a parser share. A batch keeps the tables that it began with, so a refresh never
 * changes what the ids of a batch under way mean.
 */
export class Vocabulary {
  private currentSymbols: Symbols;
  private readonly indexes: TupleIndex[] = [];
  private readonly limits: VocabularyLimits;

  constructor(wants: Wants, limits: VocabularyLimits = {}) {
    this.limits = limits;
    this.currentSymbols = new Symbols(limits.symbols);
    for (const set of wants.labelSets) this.index(set);
  }

  get symbols(): Symbols {
    return this.currentSymbols;
  }

  tuples(set: LabelSet): Tuples {
    return this.index(set).tuples;
  }

  /** What finds the tuples of a label set. */
  index(set: LabelSet): TupleIndex {
    let index = this.indexes[set.index];
    if (index === undefined) {
      index = new TupleIndex(new Tuples(this.limits.tuples));
      this.indexes[set.index] = index;
    }
    return index;
  }

  /** Begins fresh tables for those that are full; called between batches. */
  refresh(): void {
    if (this.currentSymbols.full) this.currentSymbols = new Symbols(this.limits.symbols);
    for (let k = 0; k < this.indexes.length; k++) {
      if (this.indexes[k]?.tuples.full === true) {
        this.indexes[k] = new TupleIndex(new Tuples(this.limits.tuples));
      }
    }
  }
}
