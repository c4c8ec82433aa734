import { orderBy } from '../math/digit-sort.ts';
import { discard, grown, nextRoom } from '../math/growth.ts';
import { FINE_DAYS, monthOf, weekOf } from '../usage/days.ts';
import type { Cells } from './snapshot.ts';

const FIRST_ROOM = 1024;
/** Cells that a page holds at once; beyond it the past becomes coarser. */
const MOST_CELLS = 3_000_000;
/** Beyond so many cells their time is told to the minute: seconds, as good as random, would be a third of a report. */
const MOST_EXACT = 500_000;
const MINUTE = 60;
/** Pairs that keep a row of their own where weeks and months were not enough. */
const MOST_PAIRS = 50_000;

/** What was left out, so that totals stay whole. */
export interface Remainder {
  pairs: number;
  sessions: number;
  seconds: number;
}

export interface TableCells {
  readonly cells: Cells;
  readonly remainder: Remainder;
  /** See Head. */
  readonly secondsUnit: number;
}

interface CellColumns {
  readonly length: number;
  readonly pair: Uint32Array;
  readonly day: Uint32Array;
  readonly sessions: Uint32Array;
  readonly seconds: Float64Array;
}

/** By pair and day: sessions and their seconds, in ascending order. */
export class CellTable {
  private length: number;
  private pair: Uint32Array;
  private day: Uint32Array;
  private sessions: Uint32Array;
  private seconds: Float64Array;

  /** @param columns in ascending order, one cell a pair and day */
  constructor({ length, pair, day, sessions, seconds }: CellColumns) {
    this.length = length;
    this.pair = pair;
    this.day = day;
    this.sessions = sessions;
    this.seconds = seconds;
  }

  private static empty(): CellTable {
    const none = new Uint32Array(0);
    return new CellTable({ length: 0, pair: none, day: none, sessions: none, seconds: new Float64Array(0) });
  }

  private addDay(pair: number, day: number, sessions: number, seconds: number): void {
    if (this.length === this.pair.length) this.grow();
    const place = this.length++;
    this.pair[place] = pair;
    this.day[place] = day;
    this.sessions[place] = sessions;
    this.seconds[place] = seconds;
  }

  /** At most `most` cells, and what they leave out; the table is empty after that. */
  cells(most = MOST_CELLS): TableCells {
    const none: Remainder = { pairs: 0, sessions: 0, seconds: 0 };
    if (this.length <= most) return this.told(none);
    const newest = this.day.subarray(0, this.length).reduce((last, day) => Math.max(last, day), 0);
    let coarse: CellTable = this;
    for (const begin of [weekOf, monthOf]) {
      coarse = this.coarser(newest - FINE_DAYS, begin);
      if (coarse.length <= most) return coarse.told(none);
    }
    const { kept, remainder } = coarse.withoutSmallest(MOST_PAIRS);
    return kept.told(remainder);
  }

  /** In ascending order, what is of one pair and day put together. */
  private merged(): CellTable {
    const order = new Uint32Array(this.length);
    for (let k = 0; k < order.length; k++) order[k] = k;
    orderBy(order, this.day);
    orderBy(order, this.pair);
    const table = CellTable.empty();
    let last = -1;
    for (let k = 0; k < order.length; k++) {
      const place = order[k]!;
      if (last >= 0 && table.pair[last] === this.pair[place] && table.day[last] === this.day[place]) {
        table.sessions[last]! += this.sessions[place]!;
        table.seconds[last]! += this.seconds[place]!;
        continue;
      }
      table.addDay(this.pair[place]!, this.day[place]!, this.sessions[place]!, this.seconds[place]!);
      last = table.length - 1;
    }
    return table;
  }

  /** Days before one of them put together by what they begin. */
  private coarser(before: number, begin: (day: number) => number): CellTable {
    const table = CellTable.empty();
    this.each((pair, day, sessions, seconds) =>
      table.addDay(pair, day < before ? begin(day) : day, sessions, seconds),
    );
    return table.merged();
  }

  private withoutSmallest(most: number): { kept: CellTable; remainder: Remainder } {
    const totals = new Map<number, number>();
    this.each((pair, _, sessions) => totals.set(pair, (totals.get(pair) ?? 0) + sessions));
    const largest = [...totals].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most);
    const wanted = new Set(largest.map(([pair]) => pair));
    const kept = CellTable.empty();
    const remainder = { pairs: totals.size - wanted.size, sessions: 0, seconds: 0 };
    this.each((pair, day, sessions, seconds) => {
      if (wanted.has(pair)) kept.addDay(pair, day, sessions, seconds);
      else {
        remainder.sessions += sessions;
        remainder.seconds += seconds;
      }
    });
    return { kept, remainder };
  }

  private each(take: (pair: number, day: number, sessions: number, seconds: number) => void): void {
    for (let k = 0; k < this.length; k++) {
      take(this.pair[k]!, this.day[k]!, this.sessions[k]!, this.seconds[k]!);
    }
  }

  /** In whole units: what rounding takes from one cell, it gives to the next. */
  private told(remainder: Remainder): TableCells {
    const { length } = this;
    const secondsUnit = length > MOST_EXACT ? MINUTE : 1;
    const seconds = new Uint32Array(length);
    const most = Math.floor(0xffff_ffff / secondsUnit);
    let carried = 0;
    for (let k = 0; k < length; k++) {
      const exact = this.seconds[k]! / secondsUnit + carried;
      const whole = Math.min(most, Math.max(0, Math.round(exact)));
      seconds[k] = whole * secondsUnit;
      carried = exact - whole;
    }
    discard(this.seconds);
    const cells = {
      pair: this.pair.subarray(0, length),
      day: this.day.subarray(0, length),
      sessions: this.sessions.subarray(0, length),
      seconds,
    };
    return { cells, remainder, secondsUnit };
  }

  private grow(): void {
    const room = Math.max(FIRST_ROOM, nextRoom(this.length));
    this.pair = grown(this.pair, room);
    this.day = grown(this.day, room);
    this.sessions = grown(this.sessions, room);
    this.seconds = grown(this.seconds, room);
  }
}
