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

/** Gives the texts of a tuple that another table found. */
export type ReadTuple = (id: number) => readonly string[];

/** Label tuples: the values of one label set, in its order; a missing label is ''. */
export class Tuples {
  private readonly ids = new Map<string, number>();
  /** Tuples below this id are read where they were found, the others stand here. */
  private learnt = 1;
  private read: ReadTuple = () => [];
  private readonly rows: (readonly string[])[] = [];
  /** Whether `intern` finds what was learnt. */
  private isIndexed = false;
  readonly limit: number;

  constructor(limit = 1 << 17) {
    this.limit = limit;
  }

  get size(): number {
    return this.learnt + this.rows.length;
  }

  get full(): boolean {
    return this.size > this.limit;
  }

  /**
   * A table that finds tuples itself knows them below an id. Their texts stay there: most are asked for once or never,
   * and a hundred thousand tuples as strings are 40 MB. Not to be called any more behind the first `intern`.
   */
  learn(below: number, read: ReadTuple): void {
    this.learnt = below;
    this.read = read;
  }

  /** Interns by a key that tells tuples apart; `make` is called once per new tuple. */
  intern(key: string, make: () => readonly string[]): number {
    if (!this.isIndexed) this.index();
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.size;
      this.rows.push(make());
      this.ids.set(key, id);
    }
    return id;
  }

  /** What was learnt is found only once somebody looks for it: most tables are left before. */
  private index(): void {
    for (let id = 1; id < this.learnt; id++) this.ids.set(tupleKey(this.read(id)), id);
    this.isIndexed = true;
  }

  values(id: number): readonly string[] {
    if (id >= this.learnt) return this.rows[id - this.learnt] ?? [];
    return id === ABSENT ? [] : this.read(id);
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
