import { allRows } from '../batch/all-rows.ts';
import type { Batch, RowList } from '../batch/batch.ts';
import { OTHER } from '../batch/kinds.ts';
import type { Ledger } from '../ledger.ts';
import type { OpenSystem } from '../systems/system.ts';
import type { Step } from './transform.ts';

/** Gives every record its kind. The first system that knows a record has it. */
export class Classifier {
  private readonly systems: readonly OpenSystem[];
  private others: Uint32Array = new Uint32Array(0);

  constructor(systems: readonly OpenSystem[]) {
    this.systems = systems;
  }

  /** Gives the number of records that no system knows. */
  classify(batch: Batch): number {
    if (this.others.length < batch.rows) this.others = new Uint32Array(2 * batch.rows);
    if (batch.untold === 0) return 0;
    let rows = allRows(0, batch.rows);
    if (batch.untold !== undefined) rows = this.othersAmong(rows, batch);
    for (const system of this.systems) {
      if (rows.length === 0) break;
      system.classify(batch, rows);
      rows = this.othersAmong(rows, batch);
    }
    return rows.length;
  }

  private othersAmong(rows: RowList, { kind }: Batch): RowList {
    const { others } = this;
    let count = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      // the place of a row is never behind it: a list may be thinned out where it stands
      others[count] = row;
      if (kind[row] === OTHER) count++;
    }
    return others.subarray(0, count);
  }
}

/** Told of a batch, and how many of its records are of no known kind. */
export type OnClassified = (batch: Batch, others: number) => void;

export class Classify implements Step<Batch, Batch> {
  private readonly classifier: Classifier;
  private readonly ledger: Ledger;
  private readonly observe: OnClassified | undefined;

  /** @param observe told of every batch once its kinds are known, before anything is measured */
  constructor(systems: readonly OpenSystem[], ledger: Ledger, observe?: OnClassified) {
    this.classifier = new Classifier(systems);
    this.ledger = ledger;
    this.observe = observe;
  }

  *push(batch: Batch): Generator<Batch> {
    const others = this.classifier.classify(batch);
    this.ledger.other += others;
    this.observe?.(batch, others);
    yield batch;
  }
}
