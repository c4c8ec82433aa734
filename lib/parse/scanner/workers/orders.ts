import { hashColumn, idColumn, keyColumn, labelColumn, numberColumn } from '../column-places.ts';
import type { IdColumn, NumberColumn, Slot } from '../slot.ts';
import type { Usage, Usages } from '../usage.ts';
import type { ColumnOrder } from './worker-messages.ts';

/** A column that the worker makes ahead, of which field or label set, and its place in the slot. */
export type Ordered =
  | { readonly kind: 'ids' | 'keys' | 'labels'; readonly index: number; readonly column: IdColumn }
  | { readonly kind: 'numbers' | 'hashes'; readonly index: number; readonly column: NumberColumn };

/** What a worker makes in one slot: the columns that consumers are known to ask for, which are only ever more. */
export class Orders {
  private readonly slot: Slot;
  private readonly usages: Usages;
  private list: readonly Ordered[] = [];
  /** The list that the worker knows of. */
  told: readonly Ordered[] | undefined;

  constructor(slot: Slot, usages: Usages) {
    this.slot = slot;
    this.usages = usages;
  }

  /** In the order in which they are made; the same list as before if nothing was added. */
  get columns(): readonly Ordered[] {
    if (this.usages.worthAWorker > this.list.length) this.list = this.all();
    return this.list;
  }

  private all(): Ordered[] {
    const { slot, usages } = this;
    const { ids, labels, numbers, hashes, keys } = usages;
    const made = <K extends Ordered['kind'], C>(
      kind: K,
      of: readonly Usage[],
      place: (index: number) => C,
    ): { kind: K; index: number; column: C }[] =>
      of.flatMap(({ worthAWorker }, index) => (worthAWorker ? [{ kind, index, column: place(index) }] : []));
    return [
      // first of all the ids, of which the telling field's are needed for the others
      ...made('ids', ids, (field) => slot.idColumn(idColumn(field))),
      ...made('labels', labels, (set) => slot.idColumn(labelColumn(usages, set))),
      ...made('numbers', numbers, (field) => slot.numberColumn(numberColumn(field))),
      ...made('hashes', hashes, (field) => slot.numberColumn(hashColumn(usages, field))),
      ...made('keys', keys, (field) => slot.idColumn(keyColumn(field))),
    ];
  }
}

/** As the worker is told of it. */
export function orderOf({ kind, index, column }: Ordered): ColumnOrder {
  return { kind, index, address: column.address };
}
