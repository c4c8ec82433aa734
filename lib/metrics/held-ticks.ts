/** Marks of one series by tick. */
export interface HeldSeries {
  /** Of the plan's tables. */
  readonly table: number;
  /** Index in its table. */
  readonly series: number;
  /** floor(time / 5000), ascending, each once; valid until more is held. */
  readonly ticks: Int32Array;
  readonly marks: Uint32Array;
}

const FIRST_ROOM = 4;

/**
 * Marks by tick that are held as the whole numbers that they are, until a report needs rates of them. Rates are rounded
 * as ticks are closed; so where states are saved in between does not show in them. Some 8 bytes a tick.
 */
export class HeldTicks {
  /** By table and series. */
  private readonly tables: (TickList | undefined)[][] = [];

  /** How many ticks of series are held. */
  get size(): number {
    let size = 0;
    for (const lists of this.tables) for (const list of lists ?? []) size += list?.length ?? 0;
    return size;
  }

  /** Holds the first `count` of the ticks, which ascend. */
  add(table: number, series: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    this.tables[table] ??= [];
    const lists = this.tables[table];
    // no holes: what is looked up by number stays a plain array
    while (lists.length <= series) lists.push(undefined);
    lists[series] ??= new TickList();
    lists[series].add(ticks, marks, count);
  }

  *each(): Generator<HeldSeries> {
    for (const [table, lists] of this.tables.entries()) {
      for (const [series, list] of (lists ?? []).entries()) {
        if (list === undefined || list.length === 0) continue;
        const { ticks, marks, length } = list;
        yield { table, series, ticks: ticks.subarray(0, length), marks: marks.subarray(0, length) };
      }
    }
  }

  /** Their memory stays theirs: as much comes again. */
  clear(): void {
    for (const lists of this.tables) for (const list of lists ?? []) list?.clear();
  }
}

/** Ticks of one series, ascending, each once, and their marks. */
class TickList {
  length = 0;
  ticks = new Int32Array(FIRST_ROOM);
  marks = new Uint32Array(FIRST_ROOM);

  add(ticks: Int32Array, marks: Uint32Array, count: number): void {
    if (count === 0) return;
    const { length } = this;
    this.reserve(length + count);
    // nearly always they come behind the others
    const from = length > 0 && ticks[0]! <= this.ticks[length - 1]! ? this.placeOf(ticks[0]!) : length;
    if (from === length) {
      this.ticks.set(ticks.subarray(0, count), length);
      this.marks.set(marks.subarray(0, count), length);
      this.length += count;
      return;
    }
    this.merge(from, ticks, marks, count);
  }

  /** Puts ticks among those from a place on. */
  private merge(from: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    const { length } = this;
    const lateTicks = this.ticks.slice(from, length);
    const lateMarks = this.marks.slice(from, length);
    let at = from;
    let late = 0;
    for (let k = 0; k < count || late < lateTicks.length; ) {
      const own = k < count ? ticks[k]! : Number.POSITIVE_INFINITY;
      const other = late < lateTicks.length ? lateTicks[late]! : Number.POSITIVE_INFINITY;
      this.ticks[at] = Math.min(own, other);
      this.marks[at] = (own <= other ? marks[k]! : 0) + (other <= own ? lateMarks[late]! : 0);
      if (own <= other) k++;
      if (other <= own) late++;
      at++;
    }
    this.length = at;
  }

  clear(): void {
    this.length = 0;
  }

  /** The first place whose tick is not before this one. */
  private placeOf(tick: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ticks[middle]! < tick) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private reserve(room: number): void {
    if (room <= this.ticks.length) return;
    const ticks = new Int32Array(Math.max(2 * this.ticks.length, room));
    const marks = new Uint32Array(ticks.length);
    ticks.set(this.ticks);
    marks.set(this.marks);
    this.ticks = ticks;
    this.marks = marks;
  }
}
