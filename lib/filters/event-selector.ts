import { type Batch, type Column, ValueType } from '../batch.ts';
import type { SubscriptionConfig } from '../config.ts';
import type { Field, Wants } from '../fields.ts';
import { PerTable, type Symbols } from '../symbols.ts';
import { typeOfSubscription } from '../ziti/namespaces.ts';
import { includeOf } from '../ziti/options.ts';
import type { Selector } from './selector.ts';

/** Selects everything of its kinds. */
const everything: Selector = { bind: () => {}, selects: () => true, keys: undefined };

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
  private readonly known = new PerTable<Symbols, (boolean | undefined)[]>(() => []);
  private batch!: Batch;
  private kinds!: Column;

  constructor(field: Field, words: ReadonlySet<string>) {
    this.field = field;
    this.words = words;
  }

  bind(batch: Batch): void {
    this.batch = batch;
    this.kinds = batch.column(this.field);
  }

  selects(row: number): boolean {
    const { symbols } = this.batch;
    const known = this.known.of(symbols);
    const id = this.kinds.id(row);
    known[id] ??= this.words.has(symbols.text(id));
    return known[id];
  }
}

/** Usage events of one version; of version 3 the keys that are named, and events that have one of them. */
class UsageSelector implements Selector {
  keys: readonly string[] | undefined;
  private readonly version: number;
  private readonly include: ReadonlySet<string> | undefined;
  private readonly fields: { readonly version: Field; readonly usage: Field };
  /** By list of keys: those that are left; undefined = all. */
  private readonly kept = new PerTable<Symbols, Map<number, readonly string[] | undefined>>(() => new Map());
  private batch!: Batch;
  private versions!: Column;
  private usages!: Column;

  constructor(version: 2 | 3, include: ReadonlySet<string> | undefined, wants: Wants) {
    this.version = version;
    this.include = version === 3 ? include : undefined;
    this.fields = { version: top(wants, 'version'), usage: top(wants, 'usage') };
  }

  bind(batch: Batch): void {
    this.batch = batch;
    this.versions = batch.column(this.fields.version);
    this.usages = batch.column(this.fields.usage);
  }

  selects(row: number): boolean {
    this.keys = undefined;
    // the first events had no version, and the layout of 2
    if ((this.versions.number(row) === 3 ? 3 : 2) !== this.version) return false;
    if (this.include === undefined) return true;
    this.keys = this.keysOf(this.include, this.usages.keys(row));
    return this.keys?.length !== 0;
  }

  private keysOf(include: ReadonlySet<string>, list: number): readonly string[] | undefined {
    const { symbols } = this.batch;
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
  private readonly pending = new Set<string>();
  private types!: Column;
  private ids!: Column;
  private kinds!: Column;
  private parentColumn!: Column;

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

  bind(batch: Batch): void {
    this.types = batch.column(this.fields.type);
    this.ids = batch.column(this.fields.id);
    this.kinds = batch.column(this.fields.kind);
    this.parentColumn = batch.column(this.fields.parent);
  }

  selects(row: number): boolean {
    if (!this.parents && this.parentColumn.type(row) === ValueType.true) return false;
    if (this.include === undefined) return true;
    const id = this.ids.text(row) ?? '';
    if (this.kinds.text(row) === 'committed') return this.pending.delete(id);
    if (!this.include.has(this.types.text(row) ?? '')) return false;
    this.remember(id);
    return true;
  }

  private remember(id: string): void {
    this.pending.add(id);
    if (this.pending.size <= MOST_PENDING) return;
    const [oldest] = this.pending;
    this.pending.delete(oldest!);
  }
}
