import type { Batch } from '../batch.ts';
import { OTHER } from '../kinds.ts';
import type { Ledger } from '../ledger.ts';
import type { OpenSystem } from '../system.ts';
import type { Step } from './transform.ts';

/** Gives every record its kind. The first system that knows a record has it. */
export class Classify implements Step<Batch, Batch> {
  private readonly systems: readonly OpenSystem[];
  private readonly ledger: Ledger;

  constructor(systems: readonly OpenSystem[], ledger: Ledger) {
    this.systems = systems;
    this.ledger = ledger;
  }

  *push(batch: Batch): Generator<Batch> {
    for (const system of this.systems) system.classify(batch);
    const { kind, rows } = batch;
    let other = 0;
    for (let row = 0; row < rows; row++) if (kind[row] === OTHER) other++;
    this.ledger.other += other;
    yield batch;
  }
}
