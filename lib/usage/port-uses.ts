import { stretched, vastRoom } from '../math/growth.ts';
import { Dictionary } from './dictionary.ts';
import { type SessionTable, UNKNOWN } from './session-table.ts';

export const actions = ['steal', 'mirror', 'release'] as const;
export type PortAction = (typeof actions)[number];

const RELEASE = actions.indexOf('release');

/** What `onlyTaken` says where there is no one name. */
export const TAKEN = { nothing: -1, several: -2 } as const;

/** Different uses of ports that a session can have; a loop over ports must not fill the memory. */
const MOST_PER_SESSION = 256;
const FIRST_ROOM = 1024;

/** One way in which a session uses a port. */
export interface PortUse {
  readonly action: PortAction;
  readonly port: string;
  /** Of a steal: the requests that it is limited to; '' = all. */
  readonly filter: string;
  /** Milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
}

/** What sessions did with ports: a chain of uses a session, equal ones counted once, with the first and the last time. */
export class PortUses {
  /** [port, filter] */
  readonly names = new Dictionary(2);
  /** Uses that were left out. */
  dropped = 0;
  private length = 0;
  /** The name times the number of actions plus the action. */
  private what = new Uint32Array(FIRST_ROOM);
  private first = new Float64Array(FIRST_ROOM);
  private last = new Float64Array(FIRST_ROOM);
  private next = new Uint32Array(FIRST_ROOM);

  /** A use of a port by the session of a row. */
  add(table: SessionTable, row: number, action: number, name: number, first: number, last = first): void {
    const what = name * actions.length + action;
    let use = table.firstUse(row);
    let count = 0;
    for (; use !== UNKNOWN; use = this.next[use]!) {
      if (this.what[use] === what) {
        if (first < this.first[use]!) this.first[use] = first;
        if (last > this.last[use]!) this.last[use] = last;
        return;
      }
      count++;
    }
    if (count >= MOST_PER_SESSION) {
      this.dropped++;
      return;
    }
    if (this.length === this.what.length) this.grow();
    const made = this.length++;
    this.what[made] = what;
    this.first[made] = first;
    this.last[made] = last;
    this.next[made] = table.firstUse(row);
    table.setFirstUse(row, made);
  }

  /** The uses of a session, by time, then by port, action and filter. */
  of(head: number): PortUse[] {
    return this.inOrder(head).map((use) => {
      const what = this.what[use]!;
      const [port = '', filter = ''] = this.names.texts(Math.floor(what / actions.length));
      const action = actions[what % actions.length]!;
      return { action, port, filter, first: this.first[use]!, last: this.last[use]! };
    });
  }

  /** The names (see `names`) of what a session stole and mirrored, by time, then by port. */
  namesOf(head: number): number[] {
    const names: number[] = [];
    for (const use of this.inOrder(head)) {
      const what = this.what[use]!;
      if (what % actions.length !== RELEASE) names.push(Math.floor(what / actions.length));
    }
    return names;
  }

  /** The name of the one thing that a session stole or mirrored, as most of them did one or none; or see TAKEN. */
  onlyTaken(head: number): number {
    let only: number = TAKEN.nothing;
    for (let use = head; use !== UNKNOWN; use = this.next[use]!) {
      const what = this.what[use]!;
      if (what % actions.length === RELEASE) continue;
      if (only !== TAKEN.nothing) return TAKEN.several;
      only = Math.floor(what / actions.length);
    }
    return only;
  }

  private inOrder(head: number): number[] {
    const uses: number[] = [];
    for (let use = head; use !== UNKNOWN; use = this.next[use]!) uses.push(use);
    // the last that came is the first of the chain
    uses.reverse();
    for (let k = 1; k < uses.length; k++) {
      if (this.first[uses[k - 1]!]! < this.first[uses[k]!]!) continue;
      return uses.sort((a, b) => this.compare(a, b));
    }
    return uses;
  }

  private compare(a: number, b: number): number {
    const textOf = (use: number, which: number): string =>
      this.names.text(Math.floor(this.what[use]! / actions.length), which);
    const actionOf = (use: number): string => actions[this.what[use]! % actions.length]!;
    return (
      this.first[a]! - this.first[b]! ||
      compare(textOf(a, 0), textOf(b, 0)) ||
      compare(actionOf(a), actionOf(b)) ||
      compare(textOf(a, 1), textOf(b, 1))
    );
  }

  /** The names (see `names`) of a session's steals and mirrors, each port use as it came. */
  each(head: number, take: (name: number, action: PortAction, first: number, last: number) => void): void {
    for (let use = head; use !== UNKNOWN; use = this.next[use]!) {
      const what = this.what[use]!;
      const name = Math.floor(what / actions.length);
      take(name, actions[what % actions.length]!, this.first[use]!, this.last[use]!);
    }
  }

  /** Leaves the uses of the sessions of a table alone. */
  keep(table: SessionTable): void {
    const { what, first, last, next } = this;
    const made = new Uint32Array(this.length);
    for (let row = 0; row < table.length; row++) {
      for (let use = table.firstUse(row); use !== UNKNOWN; use = next[use]!) made[use] = 1;
    }
    let length = 0;
    for (let use = 0; use < this.length; use++) {
      if (made[use] === 0) continue;
      what[length] = what[use]!;
      first[length] = first[use]!;
      last[length] = last[use]!;
      // the next of a chain is older, and has moved already
      next[length] = next[use] === UNKNOWN ? UNKNOWN : made[next[use]!]!;
      made[use] = length++;
    }
    this.length = length;
    for (let row = 0; row < table.length; row++) {
      const head = table.firstUse(row);
      if (head !== UNKNOWN) table.setFirstUse(row, made[head]!);
    }
  }

  private grow(): void {
    const room = vastRoom(this.what.length);
    this.what = stretched(this.what, room);
    this.first = stretched(this.first, room);
    this.last = stretched(this.last, room);
    this.next = stretched(this.next, room);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
