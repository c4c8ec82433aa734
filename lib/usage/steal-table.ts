import { PackedTuples } from '../batch/packed-tuples.ts';
import { grown, nextRoom } from '../math/growth.ts';
import { sortNearlySorted } from '../math/nearly-sorted.ts';
import { compareStrings } from '../text/compare.ts';
import { PairTable } from './pair-table.ts';

const FIRST_ROOM = 64;

/** Who takes the traffic of one port of one target. */
export interface PortSteals {
  readonly port: string;
  readonly target: string;
  readonly namespace: string;
  /** Sessions that stole it, and those that only mirrored it. */
  readonly steals: number;
  readonly mirrors: number;
  /** Steals that took a part of the requests only, and the filters that they had, most used first. */
  readonly filtered: number;
  readonly filters: readonly string[];
  /** Steals that began while another session took the same requests: no filter, or the same. */
  readonly collisions: number;
  /** Steals that go on: by sessions that have neither ended nor given the port back. */
  readonly held: number;
}

/**
 * Steals by port, as columns with a place for each: hundreds of thousands are few objects at any time. A steal is what a
 * session took of a port by one filter; its spans are when it had that, since it can give the port back and take it again.
 */
export class StealTable {
  /** @param name of a port and a filter; of a port equal names are equal filters */
  private readonly filterOf: (name: number) => string;
  /** Namespace, target and port. */
  private readonly names = new PackedTuples(3);
  private mirrors: Uint32Array = new Uint32Array(FIRST_ROOM);
  /** Kinds of steals, of which there are few: a port, and by what name. */
  private readonly kinds = new PairTable();
  private steals = 0;
  private kindOf: Uint32Array = new Uint32Array(FIRST_ROOM);
  private spans = 0;
  private stealOf: Uint32Array = new Uint32Array(FIRST_ROOM);
  private start: Float64Array = new Float64Array(FIRST_ROOM);
  private end: Float64Array = new Float64Array(FIRST_ROOM);

  constructor(filterOf: (name: number) => string) {
    this.filterOf = filterOf;
  }

  /** The number of a port. */
  port(...names: readonly [namespace: string, target: string, port: string]): number {
    const number = this.names.idOf(names);
    if (number >= this.mirrors.length) this.mirrors = grown(this.mirrors, nextRoom(number));
    return number;
  }

  /** One session more that mirrored a port. */
  mirror(port: number): void {
    this.mirrors[port]!++;
  }

  /** @returns its number */
  steal(port: number, name: number): number {
    if (this.steals === this.kindOf.length) this.kindOf = grown(this.kindOf, nextRoom(this.steals));
    this.kindOf[this.steals] = this.kinds.number(port, name);
    return this.steals++;
  }

  /** @param start milliseconds since the epoch; the end is Infinity where it goes on */
  span(steal: number, start: number, end: number): void {
    if (this.spans === this.stealOf.length) {
      const room = nextRoom(this.spans);
      this.stealOf = grown(this.stealOf, room);
      this.start = grown(this.start, room);
      this.end = grown(this.end, room);
    }
    this.stealOf[this.spans] = steal;
    this.start[this.spans] = start;
    this.end[this.spans++] = end;
  }

  ports(): PortSteals[] {
    const { names, mirrors } = this;
    const counted = this.countedByFilter();
    const collisions = this.collisions();
    const held = this.held();
    return Array.from({ length: names.length }, (_, number) => {
      const [namespace = '', target = '', port = ''] = names.texts(number);
      const own = counted[number] ?? [];
      const filtered = own
        .filter(({ filter }) => filter !== '')
        .sort((a, b) => b.count - a.count || compareStrings(a.filter, b.filter));
      const total = (counts: typeof own): number => counts.reduce((sum, { count }) => sum + count, 0);
      return {
        ...{ port, target, namespace, steals: total(own), mirrors: mirrors[number]! },
        ...{ filtered: total(filtered), filters: filtered.map(({ filter }) => filter) },
        ...{ collisions: collisions[number]!, held: held[number]! },
      };
    });
  }

  /** By port how many steals there are by filter. */
  private countedByFilter(): { readonly filter: string; readonly count: number }[][] {
    const { kinds, kindOf } = this;
    const counts = new Uint32Array(kinds.length);
    for (let steal = 0; steal < this.steals; steal++) counts[kindOf[steal]!]!++;
    const byPort: { filter: string; count: number }[][] = [];
    for (const [kind, count] of counts.entries()) {
      const port = kinds.first[kind]!;
      byPort[port] ??= [];
      byPort[port].push({ filter: this.filterOf(kinds.second[kind]!), count });
    }
    return byPort;
  }

  /** By port the spans that go on. */
  private held(): Uint32Array {
    const held = new Uint32Array(this.names.length);
    for (let span = 0; span < this.spans; span++) {
      if (this.end[span] === Number.POSITIVE_INFINITY) held[this.kinds.first[this.kindOfSpan(span)]!]!++;
    }
    return held;
  }

  /**
   * By port the steals of which a span began while another session held the same: no filter, or the same. Spans of one
   * session follow each other, so that none collides with itself; two that began at one time collide both, as nobody can
   * say which was the first.
   */
  private collisions(): Uint32Array {
    const { start, end } = this;
    const order = new Uint32Array(this.spans);
    for (let span = 0; span < order.length; span++) order[span] = span;
    // they stand nearly so; those that begin at one time may stand in any order
    sortNearlySorted(order, start, () => 0);
    const ends = this.latest();
    const starts = this.latest();
    const hasCollided = new Uint8Array(this.steals);
    const lasts = (span: number): boolean => start[span]! < end[span]!;
    const collide = (span: number): void => {
      hasCollided[this.stealOf[span]!] = 1;
    };
    for (let from = 0, to = 0; from < order.length; from = to) {
      const time = start[order[from]!]!;
      while (to < order.length && start[order[to]!] === time) to++;
      // who gives it back at once is in nobody's way
      for (let k = from; k < to; k++) {
        const span = order[k]!;
        if (!lasts(span) && ends.ofRivals(this.kindOfSpan(span)) > time) collide(span);
      }
      for (let k = from; k < to; k++) {
        const span = order[k]!;
        if (!lasts(span)) continue;
        const kind = this.kindOfSpan(span);
        if (ends.ofRivals(kind) > time) collide(span);
        ends.take(kind, end[span]!);
      }
      if (to - from === 1) continue;
      for (let k = to - 1; k >= from; k--) {
        const span = order[k]!;
        if (!lasts(span)) continue;
        const kind = this.kindOfSpan(span);
        if (starts.ofRivals(kind) === time) collide(span);
        starts.take(kind, time);
      }
    }
    return this.countedByPort(hasCollided);
  }

  private latest(): Latest {
    return new Latest(this.kinds, (kind) => this.filterOf(this.kinds.second[kind]!) === '');
  }

  private countedByPort(isCounted: Uint8Array): Uint32Array {
    const counts = new Uint32Array(this.names.length);
    for (let steal = 0; steal < this.steals; steal++) {
      if (isCounted[steal] === 1) counts[this.kinds.first[this.kindOf[steal]!]!]!++;
    }
    return counts;
  }

  private kindOfSpan(span: number): number {
    return this.kindOf[this.stealOf[span]!]!;
  }
}

/** The latest of times, by what they are of. */
class Latest {
  private readonly portOf: Uint32Array;
  private readonly isOfAll: Uint8Array;
  private readonly byKind: Float64Array;
  /** By port: of steals that had no filter, and of all. */
  private readonly ofAll: Float64Array;
  private readonly ofAny: Float64Array;

  constructor({ first, length }: PairTable, isOfAll: (kind: number) => boolean) {
    const none = (length: number) => new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
    const ports = first.subarray(0, length).reduce((most, port) => Math.max(most, port + 1), 0);
    this.portOf = first;
    this.isOfAll = Uint8Array.from({ length }, (_, kind) => Number(isOfAll(kind)));
    this.byKind = none(length);
    this.ofAll = none(ports);
    this.ofAny = none(ports);
  }

  take(kind: number, time: number): void {
    const port = this.portOf[kind]!;
    this.ofAny[port] = Math.max(this.ofAny[port]!, time);
    if (this.isOfAll[kind] === 1) this.ofAll[port] = Math.max(this.ofAll[port]!, time);
    else this.byKind[kind] = Math.max(this.byKind[kind]!, time);
  }

  /** Of those that were after some of the same requests. */
  ofRivals(kind: number): number {
    const port = this.portOf[kind]!;
    if (this.isOfAll[kind] === 1) return this.ofAny[port]!;
    return Math.max(this.ofAll[port]!, this.byKind[kind]!);
  }
}
