import { PackedTuples } from '../batch/packed-tuples.ts';
import { grown, nextRoom } from '../math/growth.ts';
import { compareStrings } from '../text/compare.ts';

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
  private steals = 0;
  private portOf: Uint32Array = new Uint32Array(FIRST_ROOM);
  private nameOf: Uint32Array = new Uint32Array(FIRST_ROOM);
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
    if (this.steals === this.portOf.length) {
      const room = nextRoom(this.steals);
      this.portOf = grown(this.portOf, room);
      this.nameOf = grown(this.nameOf, room);
    }
    this.portOf[this.steals] = port;
    this.nameOf[this.steals] = name;
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
    const { length } = names;
    const byFilter = this.countedByFilter();
    const spans = inBuckets(length, this.spans, (span) => this.portOf[this.stealOf[span]!]!);
    return Array.from({ length }, (_, number) => {
      const [namespace = '', target = '', port = ''] = names.texts(number);
      const counted = [...(byFilter[number] ?? [])];
      const steals = counted.reduce((sum, [, count]) => sum + count, 0);
      const filtered = counted
        .map(([name, count]) => ({ filter: this.filterOf(name), count }))
        .filter(({ filter }) => filter !== '')
        .sort((a, b) => b.count - a.count || compareStrings(a.filter, b.filter));
      const own = spans[number]!;
      return {
        ...{ port, target, namespace, steals, mirrors: mirrors[number]! },
        filtered: filtered.reduce((sum, { count }) => sum + count, 0),
        filters: filtered.map(({ filter }) => filter),
        collisions: own.length > 1 ? this.collisions(own) : 0,
        held: own.reduce((sum, span) => sum + (this.end[span] === Number.POSITIVE_INFINITY ? 1 : 0), 0),
      };
    });
  }

  /** By port how many steals there are by name. */
  private countedByFilter(): Map<number, number>[] {
    const counted: Map<number, number>[] = [];
    for (let steal = 0; steal < this.steals; steal++) {
      const name = this.nameOf[steal]!;
      counted[this.portOf[steal]!] ??= new Map();
      const ofPort = counted[this.portOf[steal]!]!;
      ofPort.set(name, (ofPort.get(name) ?? 0) + 1);
    }
    return counted;
  }

  /**
   * Steals of which a span began while another session held the same: no filter, or the same. Spans of one session follow
   * each other, so that none collides with itself; two that began at one time collide both, as nobody can say which was
   * the first.
   * @param own spans of one port
   */
  private collisions(own: Uint32Array): number {
    const { start, end } = this;
    const begun = own.slice().sort((a, b) => start[a]! - start[b]!);
    const over = own.slice().sort((a, b) => end[a]! - end[b]!);
    const held = new Held();
    const collided = new Set<number>();
    let ended = 0;
    for (let from = 0, to = 0; from < begun.length; from = to) {
      const time = start[begun[from]!]!;
      for (; ended < over.length && end[over[ended]!]! <= time; ended++) this.hold(held, over[ended]!, -1);
      while (to < begun.length && start[begun[to]!] === time) to++;
      // who gives it back at once is in nobody's way
      for (let k = from; k < to; k++) if (!this.lasts(begun[k]!)) this.collide(held, begun[k]!, collided);
      if (to - from > 1) for (let k = from; k < to; k++) this.hold(held, begun[k]!, 1);
      for (let k = from; k < to; k++) {
        const span = begun[k]!;
        if (!this.lasts(span)) continue;
        if (to - from > 1) this.hold(held, span, -1);
        this.collide(held, span, collided);
        this.hold(held, span, 1);
      }
    }
    return collided.size;
  }

  private hold(held: Held, span: number, more: number): void {
    if (this.lasts(span)) held.count(this.nameOfSpan(span), this.isOfAll(span), more);
  }

  private collide(held: Held, span: number, collided: Set<number>): void {
    if (held.rivals(this.nameOfSpan(span), this.isOfAll(span)) > 0) collided.add(this.stealOf[span]!);
  }

  private lasts(span: number): boolean {
    return this.start[span]! < this.end[span]!;
  }

  private nameOfSpan(span: number): number {
    return this.nameOf[this.stealOf[span]!]!;
  }

  private isOfAll(span: number): boolean {
    return this.filterOf(this.nameOfSpan(span)) === '';
  }
}

/** How many hold a port, by what of it. */
class Held {
  private readonly byName = new Map<number, number>();
  private all = 0;
  private total = 0;

  count(name: number, isOfAll: boolean, more: number): void {
    this.total += more;
    if (isOfAll) this.all += more;
    else this.byName.set(name, (this.byName.get(name) ?? 0) + more);
  }

  /** Those that hold something of the same requests. */
  rivals(name: number, isOfAll: boolean): number {
    return isOfAll ? this.total : this.all + (this.byName.get(name) ?? 0);
  }
}

/** Whole numbers from 0 by their bucket, ascending in each. */
function inBuckets(buckets: number, count: number, bucketOf: (k: number) => number): Uint32Array[] {
  const starts = new Uint32Array(buckets + 1);
  for (let k = 0; k < count; k++) starts[bucketOf(k) + 1]!++;
  for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const places = starts.slice();
  const all = new Uint32Array(count);
  for (let k = 0; k < count; k++) all[places[bucketOf(k)]!++] = k;
  return Array.from({ length: buckets }, (_, bucket) => all.subarray(starts[bucket], starts[bucket + 1]));
}
