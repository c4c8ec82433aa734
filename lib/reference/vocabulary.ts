import type { LabelSet, Wants } from '../fields.ts';
import { Symbols, Tuples } from '../symbols.ts';

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
  private readonly currentTuples: Tuples[] = [];
  private readonly limits: VocabularyLimits;

  constructor(wants: Wants, limits: VocabularyLimits = {}) {
    this.limits = limits;
    this.currentSymbols = new Symbols(limits.symbols);
    for (const set of wants.labelSets) this.tuples(set);
  }

  get symbols(): Symbols {
    return this.currentSymbols;
  }

  /** The table of a label set. */
  tuples(set: LabelSet): Tuples {
    let tuples = this.currentTuples[set.index];
    if (tuples === undefined) {
      tuples = new Tuples(this.limits.tuples);
      this.currentTuples[set.index] = tuples;
    }
    return tuples;
  }

  /** Begins fresh tables for those that are full; called between batches. */
  refresh(): void {
    if (this.currentSymbols.full) this.currentSymbols = new Symbols(this.limits.symbols);
    for (let k = 0; k < this.currentTuples.length; k++) {
      if (this.currentTuples[k]?.full === true) this.currentTuples[k] = new Tuples(this.limits.tuples);
    }
  }
}
