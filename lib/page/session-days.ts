import { orderBy } from '../math/digit-sort.ts';
import { discard, grown, nextRoom } from '../math/growth.ts';
import { DAY_MS } from '../usage/days.ts';
import { CellTable, type TableCells } from './cell-table.ts';
import type { Pairs } from './snapshot.ts';

/**
 * Sessions by user, target and day. They are added in any order and put in theirs once all are there: columns that are
 * sorted by digits, and what is of one cell added up where it stands, since a million sessions are tens of megabytes.
 */
export class SessionDays {
  private length = 0;
  private user: Uint32Array;
  private target: Uint32Array;
  private day: Uint32Array;
  private seconds: Float64Array;
  /** Of each row; undefined while each is one. */
  private sessions: Uint32Array | undefined;

  /** @param room sessions that will come, about */
  constructor(room = 0) {
    this.user = new Uint32Array(room);
    this.target = new Uint32Array(room);
    this.day = new Uint32Array(room);
    this.seconds = new Float64Array(room);
  }

  /** @param start milliseconds since the epoch */
  add(user: number, target: number, start: number, seconds: number): void {
    if (this.length === this.user.length) this.grow();
    const place = this.length++;
    this.user[place] = user;
    this.target[place] = target;
    this.day[place] = Math.max(0, Math.floor(start / DAY_MS));
    this.seconds[place] = seconds;
    if (this.sessions !== undefined) this.sessions[place] = 1;
  }

  /** Several of one day since the epoch. */
  addAll(user: number, target: number, day: number, sessions: number, seconds: number): void {
    this.sessions ??= new Uint32Array(this.user.length).fill(1);
    this.add(user, target, day * DAY_MS, seconds);
    this.sessions[this.length - 1] = sessions;
  }

  /**
   * Pairs by user, then by target, and at most `most` cells of them. Nothing can be added behind that.
   */
  cells(most?: number): TableCells & { readonly pairs: Pairs } {
    this.putInOrder();
    const { pairs, table } = this.addUp();
    return { pairs, ...table.cells(most) };
  }

  private putInOrder(): void {
    const order = new Uint32Array(this.length);
    for (let k = 0; k < order.length; k++) order[k] = k;
    for (const key of [this.day, this.target, this.user]) orderBy(order, key);
    this.user = inOrder(this.user, new Uint32Array(order.length), order);
    this.target = inOrder(this.target, new Uint32Array(order.length), order);
    this.day = inOrder(this.day, new Uint32Array(order.length), order);
    this.seconds = inOrder(this.seconds, new Float64Array(order.length), order);
    this.sessions &&= inOrder(this.sessions, new Uint32Array(order.length), order);
    discard(order);
  }

  /** Users become pairs and targets numbers of sessions, where they stand: a cell is never behind its first session. */
  private addUp(): { pairs: Pairs; table: CellTable } {
    const { length, user: pair, target: sessions, day, seconds } = this;
    const counts = this.sessions;
    const pairs = this.roomForPairs();
    let found = 0;
    let cells = 0;
    let user = -1;
    let target = -1;
    for (let k = 0; k < length; k++) {
      const isNewPair = pair[k] !== user || sessions[k] !== target;
      if (!isNewPair && day[k] === day[cells - 1]) {
        sessions[cells - 1]! += counts?.[k] ?? 1;
        seconds[cells - 1]! += seconds[k]!;
        continue;
      }
      if (isNewPair) {
        user = pair[k]!;
        target = sessions[k]!;
        pairs.user[found] = user;
        pairs.target[found++] = target;
      }
      pair[cells] = found - 1;
      day[cells] = day[k]!;
      sessions[cells] = counts?.[k] ?? 1;
      seconds[cells] = seconds[k]!;
      cells++;
    }
    return { pairs, table: new CellTable({ length: cells, pair, day, sessions, seconds }) };
  }

  /** For all pairs that there are in rows that are in order. */
  private roomForPairs(): { user: Uint32Array; target: Uint32Array } {
    const { length, user, target } = this;
    let count = 0;
    for (let k = 0; k < length; k++) if (user[k] !== user[k - 1] || target[k] !== target[k - 1]) count++;
    return { user: new Uint32Array(count), target: new Uint32Array(count) };
  }

  private grow(): void {
    const room = nextRoom(this.length);
    this.user = grown(this.user, room);
    this.target = grown(this.target, room);
    this.day = grown(this.day, room);
    this.seconds = grown(this.seconds, room);
    this.sessions &&= grown(this.sessions, room);
  }
}

/** The numbers of a column in their order; the column is empty after that. */
function inOrder<C extends Uint32Array | Float64Array>(from: C, to: C, order: Uint32Array): C {
  for (let k = 0; k < order.length; k++) to[k] = from[order[k]!]!;
  discard(from);
  return to;
}
