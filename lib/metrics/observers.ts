import { type KindList, KindLists } from '../batch/rows-by-kind.ts';
import type { OpenSystem } from '../systems/system.ts';
import type { Span } from './span.ts';

/** Those systems that follow records over time, each told of the records that concern it. */
export class Observers {
  private readonly lists = new KindLists();
  private readonly observers: readonly { readonly list: KindList; readonly system: OpenSystem }[];

  constructor(systems: readonly OpenSystem[]) {
    this.observers = systems
      .filter(({ observe }) => observe !== undefined)
      .map((system) => ({ system, list: this.lists.of(system.observedKinds) }));
  }

  observe({ batch, from, to, clock }: Pick<Span, 'batch' | 'from' | 'to' | 'clock'>): void {
    this.lists.select(batch.kind, from, to);
    for (const { list, system } of this.observers) {
      if (list.rows.length > 0) system.observe!(batch, list.rows, clock);
    }
  }
}
