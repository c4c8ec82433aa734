/**
 * Dictionaries of texts and of label tuples. Ids are dense and start at 1; 0 means absent. A table only ever grows, up
 * to its limit; a parser that fills one goes on with a fresh table at the next batch, so memory stays bounded whatever
 * the input holds, and consumers key what they cache per id by the table (a WeakMap), never by the id alone.
 */
export const ABSENT = 0;

export class Symbols {
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [''];
  readonly limit: number;

  constructor(limit = 1 << 16) {
    this.limit = limit;
  }

  /** Number of ids in use, 0 included. */
  get size(): number {
    return this.texts.length;
  }

  get full(): boolean {
    return this.texts.length > this.limit;
  }

  intern(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.ids.set(text, id);
    }
    return id;
  }

  /** The id of a text that is known already, else 0. */
  find(text: string): number {
    return this.ids.get(text) ?? ABSENT;
  }

  /** The text of an id; '' for 0. */
  text(id: number): string {
    return this.texts[id] ?? '';
  }
}

/** Label tuples: the values of one label set, in its order; a missing label is ''. */
export class Tuples {
  private readonly ids = new Map<string, number>();
  private readonly rows: (readonly string[])[] = [[]];
  /** Of the rows, from the first on, that `intern` finds. */
  private indexed = 1;
  readonly limit: number;

  constructor(limit = 1 << 17) {
    this.limit = limit;
  }

  get size(): number {
    return this.rows.length;
  }

  get full(): boolean {
    return this.rows.length > this.limit;
  }

  /** A tuple that is known to be new, from a table that finds tuples itself. */
  learn(texts: readonly string[]): void {
    this.rows.push(texts);
  }

  /** Interns by a key that tells tuples apart; `make` is called once per new tuple. */
  intern(key: string, make: () => readonly string[]): number {
    if (this.indexed < this.rows.length) this.index();
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.rows.length;
      this.rows.push(make());
      this.ids.set(key, id);
      this.indexed = this.rows.length;
    }
    return id;
  }

  /** What was learnt is found only once somebody looks for it: most tables are left before. */
  private index(): void {
    const { ids, rows } = this;
    for (; this.indexed < rows.length; this.indexed++) ids.set(tupleKey(rows[this.indexed]!), this.indexed);
  }

  values(id: number): readonly string[] {
    return this.rows[id] ?? [];
  }
}

/** The key of a tuple: each text behind its length, so no two make the same key, whatever the texts hold. */
export function tupleKey(texts: readonly string[]): string {
  return texts.map((text) => `${text.length}:${text}`).join('');
}

/** A cache of something per id of a table, made anew for every table: the one way to cache by id. */
export class PerTable<K extends object, V> {
  private readonly caches = new WeakMap<K, V>();
  private readonly make: (table: K) => V;
  private lastTable: K | undefined;
  private last: V | undefined;

  constructor(make: (table: K) => V) {
    this.make = make;
  }

  of(table: K): V {
    if (table === this.lastTable) return this.last as V;
    let cache = this.caches.get(table);
    if (cache === undefined) {
      cache = this.make(table);
      this.caches.set(table, cache);
    }
    this.lastTable = table;
    this.last = cache;
    return cache;
  }
}
