import { type KindList, KindLists } from '../batch/rows-by-kind.ts';
import type { OpenSystem } from '../systems/system.ts';
import type { Span } from './span.ts';

/** Those systems that follow records over time, each told of the records that concern it. */
export class Observers {
  private readonly lists: KindLists;
  private readonly observers: readonly { readonly list: KindList; readonly system: OpenSystem }[];

  /** @param lists in common with whoever else looks at the same spans */
  constructor(systems: readonly OpenSystem[], lists = new KindLists()) {
    this.lists = lists;
    this.observers = systems
      .filter(({ observe }) => observe !== undefined)
      .map((system) => ({ system, list: this.lists.of(system.observedKinds) }));
  }

  observe(span: Pick<Span, 'batch' | 'from' | 'to' | 'clock'>): void {
    const { batch, clock } = span;
    this.lists.select(span);
    for (const { list, system } of this.observers) {
      if (list.rows.length > 0) system.observe!(batch, list.rows, clock);
    }
  }
}
