import { type Batch, ValueType } from '../batch/batch.ts';
import { PerTable, type Symbols } from '../batch/symbols.ts';
import type { Field, ReadColumn, Wants } from '../batch/wants.ts';
import type { SubscriptionConfig } from '../config.ts';
import { typeOfSubscription } from '../events/namespaces.ts';
import { includeOf } from '../events/subscription-options.ts';
import { ByteTable, NO, UNKNOWN, YES } from './byte-table.ts';
import { type Candidates, everything, type Selector } from './selector.ts';

/** The selector of a subscription to any of OpenZiti's event types but metrics. */
export function openEventSelector(config: SubscriptionConfig, wants: Wants): Selector {
  const include = config.include === undefined ? undefined : new Set(config.include);
  switch (typeOfSubscription(config.type)) {
    case 'usage':
      return new UsageSelector(config.version ?? 2, include, wants);
    case 'entityChange':
      return new EntityChangeSelector(config.includeParentEvents ?? false, include, wants);
    default: {
      const rule = includeOf(config.type);
      return rule === undefined || include === undefined
        ? everything
        : new KindSelector(top(wants, rule.field), include);
    }
  }
}

const top = (wants: Wants, name: string): Field => wants.field(name, [[name]]);

/** Events whose kind is one of the words. */
class KindSelector implements Selector {
  readonly keys = undefined;
  private readonly field: Field;
  private readonly words: ReadonlySet<string>;
  private readonly known = new PerTable<Symbols, ByteTable>(() => new ByteTable());

  constructor(field: Field, words: ReadonlySet<string>) {
    this.field = field;
    this.words = words;
  }

  get reads(): readonly ReadColumn[] {
    return [{ what: 'ids', field: this.field }];
  }

  select({ batch, rows }: Candidates, to: Uint32Array): number {
    const kinds = batch.column(this.field).idsOf(rows);
    const known = this.known.of(batch.symbols);
    let selected = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const id = kinds[k]!;
      let result = known.get(id);
      if (result === UNKNOWN) {
        result = this.words.has(batch.symbols.text(id)) ? YES : NO;
        known.set(id, result);
      }
      if (result === YES) to[selected++] = row;
    }
    return selected;
  }
}

/** Usage events of one version; of version 3 the keys that are named, and events that have one of them. */
class UsageSelector implements Selector {
  private readonly chosen: (readonly string[] | undefined)[] = [];
  private readonly version: number;
  private readonly include: ReadonlySet<string> | undefined;
  private readonly fields: { readonly version: Field; readonly usage: Field };
  /** By list of keys: those that are left; undefined = all. */
  private readonly kept = new PerTable<Symbols, Map<number, readonly string[] | undefined>>(() => new Map());

  constructor(version: 2 | 3, include: ReadonlySet<string> | undefined, wants: Wants) {
    this.version = version;
    this.include = version === 3 ? include : undefined;
    this.fields = { version: top(wants, 'version'), usage: top(wants, 'usage') };
  }

  get keys(): readonly (readonly string[] | undefined)[] | undefined {
    return this.include === undefined ? undefined : this.chosen;
  }

  select({ batch, rows }: Candidates, to: Uint32Array): number {
    const versions = batch.column(this.fields.version);
    const usages = batch.column(this.fields.usage);
    let selected = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      // the first events had no version, and the layout of 2
      if ((versions.number(row) === 3 ? 3 : 2) !== this.version) continue;
      if (this.include !== undefined) {
        const keys = this.keysOf(this.include, batch.symbols, usages.keys(row));
        if (keys?.length === 0) continue;
        this.chosen[selected] = keys;
      }
      to[selected++] = row;
    }
    return selected;
  }

  private keysOf(
    include: ReadonlySet<string>,
    symbols: Symbols,
    list: number,
  ): readonly string[] | undefined {
    const kept = this.kept.of(symbols);
    if (!kept.has(list)) {
      const all = symbols.text(list).split('\u0000').slice(0, -1);
      const some = all.filter((key) => include.has(key));
      kept.set(list, some.length === all.length && all.length > 0 ? undefined : some);
    }
    return kept.get(list);
  }
}

/** Changes whose commit may still be to come; one that was rolled back never commits. */
const MOST_PENDING = 10_000;

/**
 * Changes of the named types of entities, each with the event of its commit, which names no type: it is known by the
 * change's id. Controllers write it right after, so little has to be remembered.
 */
class EntityChangeSelector implements Selector {
  readonly keys = undefined;
  private readonly parents: boolean;
  private readonly include: ReadonlySet<string> | undefined;
  private readonly fields: Readonly<Record<'type' | 'id' | 'kind' | 'parent', Field>>;
  readonly remembered = new Set<string>();

  constructor(parents: boolean, include: ReadonlySet<string> | undefined, wants: Wants) {
    this.parents = parents;
    this.include = include;
    this.fields = {
      type: top(wants, 'entityType'),
      id: top(wants, 'eventId'),
      kind: top(wants, 'eventType'),
      parent: top(wants, 'isParentEvent'),
    };
  }

  select({ batch, rows }: Candidates, to: Uint32Array): number {
    const parents = batch.column(this.fields.parent);
    let selected = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      if (!this.parents && parents.type(row) === ValueType.true) continue;
      if (this.include === undefined || this.isIncluded(this.include, batch, row)) to[selected++] = row;
    }
    return selected;
  }

  private isIncluded(include: ReadonlySet<string>, batch: Batch, row: number): boolean {
    const id = batch.column(this.fields.id).text(row) ?? '';
    if (batch.column(this.fields.kind).text(row) === 'committed') return this.remembered.delete(id);
    if (!include.has(batch.column(this.fields.type).text(row) ?? '')) return false;
    this.remember(id);
    return true;
  }

  private remember(id: string): void {
    this.remembered.add(id);
    if (this.remembered.size <= MOST_PENDING) return;
    const [oldest] = this.remembered;
    this.remembered.delete(oldest!);
  }
}
