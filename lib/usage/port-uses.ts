import { stretched, vastRoom } from '../math/growth.ts';
import { compareStrings } from '../text/compare.ts';
import { Dictionary } from './dictionary.ts';
import { type SessionTable, UNKNOWN } from './session-table.ts';

export const actions = ['steal', 'mirror', 'release'] as const;
export type PortAction = (typeof actions)[number];

const RELEASE = actions.indexOf('release');

/** What `onlyTaken` says where there is no one name. */
export const TAKEN = { nothing: -1, several: -2 } as const;

/** Uses of ports that an id can have; a loop over ports must not fill the memory. */
const MOST_PER_ID = 1024;
const FIRST_ROOM = 1024;
/** From here on `next` is that of the id, not of one of its sessions. */
const CUT = 0x8000_0000;

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

/** One use as it was told, with the name of its port and filter: see `names` of PortUses. */
export interface NamedUse extends PortUse {
  readonly name: number;
}

/** @param name see `names` of PortUses */
export type TakeUse = (name: number, action: PortAction, first: number, last: number) => void;

/**
 * What sessions did with ports: a chain of uses an id, each as often as its times tell apart. Where an id was used again,
 * `split` makes a chain of it for each session, which are those of the id, one behind the other.
 */
export class PortUses {
  /** [port, filter] */
  readonly names = new Dictionary(2);
  /** Uses that were left out. */
  dropped = 0;
  /** What was read of `names`: sessions that use ports do so by few of them. */
  private readonly textsByName: (readonly string[])[] = [];
  private length = 0;
  /** The name times the number of actions plus the action. */
  private what = new Uint32Array(FIRST_ROOM);
  private first = new Float64Array(FIRST_ROOM);
  private last = new Float64Array(FIRST_ROOM);
  private next = new Uint32Array(FIRST_ROOM);

  /** A use of a port by a session of a row. Beyond the bound equal ones are one, with the first and the last time. */
  add(table: SessionTable, row: number, action: number, name: number, first: number, last = first): void {
    const what = name * actions.length + action;
    let alike = UNKNOWN;
    let count = 0;
    for (let use = table.firstUse(row); use !== UNKNOWN; use = this.nextOfId(use)) {
      count++;
      if (this.what[use] !== what) continue;
      if (first >= this.first[use]! && last <= this.last[use]!) return;
      alike = use;
    }
    if (count < MOST_PER_ID) this.make(table, row, what, first, last);
    else if (alike === UNKNOWN) this.dropped++;
    else {
      this.first[alike] = Math.min(this.first[alike]!, first);
      this.last[alike] = Math.max(this.last[alike]!, last);
    }
  }

  private make(table: SessionTable, row: number, what: number, first: number, last: number): void {
    if (this.length === this.what.length) this.grow();
    const made = this.length++;
    this.what[made] = what;
    this.first[made] = first;
    this.last[made] = last;
    this.next[made] = table.firstUse(row);
    table.setFirstUse(row, made);
  }

  /**
   * Parts the uses of a row's id by when its sessions begin: each belongs to the last that had begun, and what came before
   * all of them to the first.
   * @param begins ascending, milliseconds since the epoch
   * @returns the heads of the sessions' chains; UNKNOWN of those that used no port
   */
  split(table: SessionTable, row: number, begins: readonly number[]): number[] {
    const { next } = this;
    const all: number[] = [];
    for (let use = table.firstUse(row); use !== UNKNOWN; use = this.nextOfId(use)) all.push(use);
    const heads = begins.map(() => UNKNOWN);
    for (const use of all.reverse()) {
      const later = begins.findIndex((begin, k) => k > 0 && begin > this.first[use]!);
      const session = (later < 0 ? begins.length : later) - 1;
      next[use] = heads[session]!;
      heads[session] = use;
    }
    let head = UNKNOWN;
    for (const first of heads.toReversed()) {
      if (first === UNKNOWN) continue;
      let use = first;
      while (next[use] !== UNKNOWN) use = next[use]!;
      if (head !== UNKNOWN) next[use] = head + CUT;
      head = first;
    }
    if (head !== UNKNOWN) table.setFirstUse(row, head);
    return heads;
  }

  private nextOfId(use: number): number {
    const next = this.next[use]!;
    return next === UNKNOWN || next < CUT ? next : next - CUT;
  }

  private nextOfSession(use: number): number {
    const next = this.next[use]!;
    return next < CUT ? next : UNKNOWN;
  }

  /** The uses of a session, by time, then by port, action and filter; equal ones are one, with the first and the last time. */
  of(head: number): PortUse[] {
    const { uses, last } = this.different(head);
    return uses.map((use, k) => {
      const what = this.what[use]!;
      const [port = '', filter = ''] = this.textsOf(Math.floor(what / actions.length));
      return {
        action: actions[what % actions.length]!,
        port,
        filter,
        first: this.first[use]!,
        last: last[k]!,
      };
    });
  }

  /** The uses of a session, by time, each as often as it was told, as far as MOST_PER_ID allows. */
  inTime(head: number): NamedUse[] {
    return this.inOrder(head).map((use) => {
      const what = this.what[use]!;
      const name = Math.floor(what / actions.length);
      const [port = '', filter = ''] = this.textsOf(name);
      const action = actions[what % actions.length]!;
      return { action, port, filter, first: this.first[use]!, last: this.last[use]!, name };
    });
  }

  /** The names (see `names`) of what a session stole, mirrored or only gave back, each once, by time, then by port. */
  namesOf(head: number): number[] {
    const names: number[] = [];
    const uses = this.inOrder(head);
    for (const use of uses) {
      const name = this.nameOf(use);
      if (names.includes(name) || (this.isRelease(use) && this.isTaken(name, uses))) continue;
      names.push(name);
    }
    return names;
  }

  private isRelease(use: number): boolean {
    return this.what[use]! % actions.length === RELEASE;
  }

  /** Whether some of the uses took the port of a name, by whatever filter. */
  private isTaken(name: number, uses: readonly number[]): boolean {
    for (const use of uses) {
      if (!this.isRelease(use) && this.isOfOnePort(this.nameOf(use), name)) return true;
    }
    return false;
  }

  /** When a session used its first port; Infinity if it used none. */
  firstOf(head: number): number {
    let first = Number.POSITIVE_INFINITY;
    for (let use = head; use !== UNKNOWN; use = this.nextOfSession(use))
      first = Math.min(first, this.first[use]!);
    return first;
  }

  /** The one name of `namesOf`, as most sessions have one or none; or see TAKEN. */
  onlyTaken(head: number): number {
    let only: number = TAKEN.nothing;
    for (let use = head; use !== UNKNOWN; use = this.nextOfSession(use)) {
      const name = this.nameOf(use);
      if (this.isRelease(use) || name === only) continue;
      if (only !== TAKEN.nothing) return TAKEN.several;
      only = name;
    }
    const took = only !== TAKEN.nothing;
    for (let use = head; use !== UNKNOWN; use = this.nextOfSession(use)) {
      const name = this.nameOf(use);
      if (only === TAKEN.nothing) only = name;
      else if (took ? this.isRelease(use) && !this.isOfOnePort(only, name) : name !== only)
        return TAKEN.several;
    }
    return only;
  }

  private nameOf(use: number): number {
    return Math.floor(this.what[use]! / actions.length);
  }

  /** Whether two names are of one port, whatever the filter. */
  private isOfOnePort(a: number, b: number): boolean {
    return a === b || this.textsOf(a)[0] === this.textsOf(b)[0];
  }

  /** The requests that a name is limited to; '' = all. */
  filterOf(name: number): string {
    return this.textsOf(name)[1]!;
  }

  private textsOf(name: number): readonly string[] {
    this.textsByName[name] ??= this.names.texts(name);
    return this.textsByName[name];
  }

  /** The uses of a session in order, of equal ones the first, and when each was last. */
  private different(head: number): { uses: number[]; last: number[] } {
    const uses: number[] = [];
    const last: number[] = [];
    for (const use of this.inOrder(head)) {
      const known = uses.findIndex((one) => this.what[one] === this.what[use]);
      if (known < 0) {
        uses.push(use);
        last.push(this.last[use]!);
      } else last[known] = Math.max(last[known]!, this.last[use]!);
    }
    return { uses, last };
  }

  private inOrder(head: number): number[] {
    const uses: number[] = [];
    for (let use = head; use !== UNKNOWN; use = this.nextOfSession(use)) uses.push(use);
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
      compareStrings(textOf(a, 0), textOf(b, 0)) ||
      compareStrings(actionOf(a), actionOf(b)) ||
      compareStrings(textOf(a, 1), textOf(b, 1))
    );
  }

  /** What a session did, each thing once, and when first and last. @param head of its chain */
  each(head: number, take: TakeUse): void {
    if (head === UNKNOWN) return;
    // as most of those that use ports do it once
    if (this.nextOfSession(head) === UNKNOWN) {
      this.tell(head, this.last[head]!, take);
      return;
    }
    const { uses, last } = this.different(head);
    for (let k = 0; k < uses.length; k++) this.tell(uses[k]!, last[k]!, take);
  }

  /** Every use by the sessions of an id, as they came. @param head of the first session's chain */
  eachOfId(head: number, take: TakeUse): void {
    for (let use = head; use !== UNKNOWN; use = this.nextOfId(use)) this.tell(use, this.last[use]!, take);
  }

  private tell(use: number, last: number, take: TakeUse): void {
    const what = this.what[use]!;
    take(Math.floor(what / actions.length), actions[what % actions.length]!, this.first[use]!, last);
  }

  /** Leaves the uses of the sessions of a table alone. */
  keep(table: SessionTable): void {
    const { what, first, last, next } = this;
    const made = new Uint32Array(this.length).fill(UNKNOWN);
    let length = 0;
    for (let row = 0; row < table.length; row++) {
      for (let use = table.firstUse(row); use !== UNKNOWN; use = this.nextOfId(use)) made[use] = 0;
    }
    for (let use = 0; use < this.length; use++) if (made[use] === 0) made[use] = length++;
    for (let use = 0; use < this.length; use++) {
      const to = made[use]!;
      if (to === UNKNOWN) continue;
      what[to] = what[use]!;
      first[to] = first[use]!;
      last[to] = last[use]!;
      const after = next[use]!;
      next[to] = after === UNKNOWN ? UNKNOWN : after < CUT ? made[after]! : made[after - CUT]! + CUT;
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
