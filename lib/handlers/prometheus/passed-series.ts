import { compareStrings } from '../../text/compare.ts';
import { escapeLabel, labelNames } from './metric-names.ts';

/** Rows that the first series make room for, and how much more there is each time. */
const FIRST_ROOM = 2;
const MORE = 1.5;

type Tags = readonly (readonly [name: string, text: string])[];

/**
 * The series of one metric and the last values of each, as rows: a text that tells a series from others, which is
 * that of its labels if it can be, and numbers side by side. Some 200 bytes a series, of which there may be
 * hundreds of thousands.
 */
export class PassedSeries {
  private readonly rows = new Map<string, number>();
  /** Labels of those with an entity, as they are exposed. */
  private readonly texts: string[] = [];
  /** Tags that were seen with those of them whose labels do not tell: see `ownText`. */
  private readonly tags = new Map<number, Tags>();
  /** Places of keys in a row, in order of first appearance. */
  private readonly places = new Map<string, number>();
  /** Row after row, `places.size` numbers each; NaN = none. */
  private values = new Float64Array(0);
  /** When the last event came, milliseconds since the epoch. */
  private seen = new Float64Array(0);

  get size(): number {
    return this.rows.size;
  }

  /** Keys that some series has, in order of first appearance. */
  get keys(): ReadonlySet<string> {
    return new Set(this.places.keys());
  }

  get keyCount(): number {
    return this.places.size;
  }

  has(key: string): boolean {
    return this.places.has(key);
  }

  /**
   * The row of a series; undefined if it is not known and there may not be more than `most`. With an entity, it is known by
   * source and entity, and its tags are kept once seen; without one the tags are what tells series apart.
   */
  row(
    source: string,
    entity: string | undefined,
    tags: Readonly<Record<string, string>>,
    most: number,
  ): number | undefined {
    const pairs = byName(Object.entries(tags));
    const identity =
      entity === undefined ? identityOf(source, pairs) : `${FOREIGN}${JSON.stringify([source, entity])}`;
    const known = this.rows.get(identity);
    if (known !== undefined) {
      if (entity !== undefined) this.addTags(known, source, entity, pairs);
      return known;
    }
    const row = this.rows.size;
    if (row >= most) return undefined;
    this.rows.set(identity, row);
    if (entity !== undefined) this.setTags(row, source, entity, pairs);
    if (row >= this.seen.length) this.makeRoom(Math.ceil(MORE * row) + FIRST_ROOM);
    return row;
  }

  set(row: number, key: string, value: number): void {
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.places.size;
      this.places.set(key, place);
      this.widen(place);
    }
    this.values[row * this.places.size + place] = value;
  }

  touch(row: number, now: number): void {
    this.seen[row] = now;
  }

  /** Rows that had an event at or after `since`, with their labels as they are exposed. */
  *living(since: number): Generator<{ readonly row: number; readonly labels: string }> {
    for (const [identity, row] of this.rows) {
      if (this.seen[row]! >= since) yield { row, labels: this.texts[row] ?? labelsOf(identity) };
    }
  }

  value(row: number, key: string): number | undefined {
    const place = this.places.get(key);
    if (place === undefined) return undefined;
    const value = this.values[row * this.places.size + place]!;
    return Number.isNaN(value) ? undefined : value;
  }

  private addTags(row: number, source: string, entity: string, pairs: Tags): void {
    const text = this.texts[row]!;
    if (text === textOf(source, entity, pairs)) return;
    // the source and the entity are the first
    const before = this.tags.get(row) ?? pairsOf(text).slice(2);
    this.setTags(row, source, entity, byName([...new Map([...before, ...pairs])]));
  }

  private setTags(row: number, source: string, entity: string, pairs: Tags): void {
    this.texts[row] = textOf(source, entity, pairs);
    if (!arePlain(pairs)) this.tags.set(row, pairs);
  }

  private makeRoom(rows: number): void {
    const seen = new Float64Array(rows);
    seen.set(this.seen);
    this.seen = seen;
    const values = new Float64Array(rows * this.places.size).fill(Number.NaN);
    values.set(this.values);
    this.values = values;
  }

  /** Rows get one number more than so many. */
  private widen(before: number): void {
    const { values, rows } = this;
    this.values = new Float64Array(this.seen.length * (before + 1)).fill(Number.NaN);
    for (let row = 0; row < rows.size; row++) {
      this.values.set(values.subarray(row * before, (row + 1) * before), row * (before + 1));
    }
  }
}

/** Before what is no text of labels. */
const FOREIGN = '\0';

/** Names that stay what they are as labels, beside those that every series has. */
const plainName = /^(?!__|quantile$|source_id$|source_entity_id$)[a-zA-Z_][a-zA-Z0-9_]*$/;

function arePlain(pairs: Tags): boolean {
  return pairs.every(([name]) => plainName.test(name));
}

/** Of a series without an entity: its labels, where they tell it from all others. */
function identityOf(source: string, pairs: Tags): string {
  return arePlain(pairs) ? textOf(source, undefined, pairs) : `${FOREIGN}${JSON.stringify([source, pairs])}`;
}

function labelsOf(identity: string): string {
  if (!identity.startsWith(FOREIGN)) return identity;
  const [source, pairs] = JSON.parse(identity.slice(FOREIGN.length)) as [string, Tags];
  return textOf(source, undefined, pairs);
}

function textOf(source: string, entity: string | undefined, pairs: Tags): string {
  const all: Tags = [
    ['source_id', source],
    ...(entity === undefined ? [] : [['source_entity_id', entity] as const]),
    ...pairs,
  ];
  const names = all.map(([name]) => name);
  const valid = arePlain(pairs) ? names : labelNames(names, ['quantile']);
  // joined, it is one run of bytes in memory
  return all.map(([, value], k) => `${valid[k]}="${escapeLabel(value)}"`).join(',');
}

/** What a text of labels says. */
function pairsOf(text: string): Tags {
  return Array.from(text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, name, value]) => [
    name!,
    value!.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)),
  ]);
}

const byName = (tags: Tags): Tags => [...tags].sort(([a], [b]) => compareStrings(a, b));
