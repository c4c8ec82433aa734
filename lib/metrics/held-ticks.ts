/** Marks of one series by tick. */
export interface HeldSeries {
  /** Of the plan's tables. */
  readonly table: number;
  /** Index in its table. */
  readonly series: number;
  /** floor(time / 5000), ascending, each once. */
  readonly ticks: Int32Array;
  readonly marks: Uint32Array;
}

/**
 * Marks by tick that are held as the whole numbers that they are, until a report needs rates of them. Rates are rounded
 * as ticks are closed; so where states are saved in between does not show in them.
 */
export class HeldTicks {
  /** By table, series and tick the marks. */
  private readonly tables: Map<number, Map<number, number>>[] = [];
  private held = 0;

  /** How many numbers are held. */
  get size(): number {
    return this.held;
  }

  /** Holds the first `count` of the ticks. */
  add(table: number, series: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    this.tables[table] ??= new Map();
    const all = this.tables[table];
    const known = all.get(series) ?? new Map<number, number>();
    all.set(series, known);
    const before = known.size;
    for (let k = 0; k < count; k++) known.set(ticks[k]!, (known.get(ticks[k]!) ?? 0) + marks[k]!);
    this.held += known.size - before;
  }

  *each(): Generator<HeldSeries> {
    for (const [table, all] of this.tables.entries()) {
      for (const [series, known] of all ?? []) {
        const ticks = Int32Array.from(known.keys()).sort();
        yield { table, series, ticks, marks: Uint32Array.from(ticks, (tick) => known.get(tick)!) };
      }
    }
  }

  clear(): void {
    this.tables.length = 0;
    this.held = 0;
  }
}
