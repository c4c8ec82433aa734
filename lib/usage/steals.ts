import { PackedTuples } from '../batch/packed-tuples.ts';
import { grown, nextRoom } from '../math/growth.ts';
import { Labels } from './labels.ts';
import type { Sessions } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';
import { takenSpans } from './taken-ports.ts';

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

/** Of a steal one of the times in which it had its requests: the port can be given back and taken again. */
interface Span {
  /** A number for each session, port and filter. */
  readonly steal: number;
  readonly start: number;
  readonly end: number;
  readonly filter: string;
}

/** Ports by target, most stolen first. @param now the newest record's time, milliseconds */
export function portSteals(sessions: Sessions, now: number): PortSteals[] {
  return gather(sessions, now)
    .ports()
    .sort((a, b) => b.steals - a.steals || b.mirrors - a.mirrors || order(portKey(a), portKey(b)));
}

/** Tells ports apart, and orders them. */
export const portKey = ({
  namespace,
  target,
  port,
}: Pick<PortSteals, 'namespace' | 'target' | 'port'>): string => [namespace, target, port].join('\0');

function gather(sessions: Sessions, now: number): Gathered {
  const labels = new Labels(sessions);
  const gathered = new Gathered();
  sessions.eachWithPorts(now, ({ ports, target, end, endMissing }) => {
    if (ports === UNKNOWN) return;
    const uses = sessions.ports.inTime(ports);
    const numberOf = (port: string) => gathered.number(labels.namespace(target), labels.target(target), port);
    const mirrored = uses.filter(({ action }) => action === 'mirror').map(({ port }) => port);
    for (const port of new Set(mirrored)) gathered.mirror(numberOf(port));
    const until = endMissing ? Number.POSITIVE_INFINITY : end;
    const steals = new Map<string, number>();
    for (const { port, filter, from, to } of takenSpans(uses)) {
      const key = `${port}\0${filter}`;
      const steal = steals.get(key) ?? gathered.newSteal();
      steals.set(key, steal);
      gathered.span(steal, numberOf(port), filter, from, Math.min(until, to));
    }
  });
  return gathered;
}

/** Steals by port, as columns with a place for each: hundreds of thousands are few objects at any time. */
class Gathered {
  /** Namespace, target and port. */
  private readonly names = new PackedTuples(3);
  private readonly filters = new PackedTuples(1);
  private mirrors: Uint32Array = new Uint32Array(FIRST_ROOM);
  private steals = 0;
  private length = 0;
  private steal: Uint32Array = new Uint32Array(FIRST_ROOM);
  private port: Uint32Array = new Uint32Array(FIRST_ROOM);
  private filter: Uint32Array = new Uint32Array(FIRST_ROOM);
  private start: Float64Array = new Float64Array(FIRST_ROOM);
  private end: Float64Array = new Float64Array(FIRST_ROOM);

  number(...names: readonly [namespace: string, target: string, port: string]): number {
    const number = this.names.idOf(names);
    if (number >= this.mirrors.length) this.mirrors = grown(this.mirrors, nextRoom(number));
    return number;
  }

  mirror(port: number): void {
    this.mirrors[port]!++;
  }

  newSteal(): number {
    return this.steals++;
  }

  span(steal: number, port: number, filter: string, start: number, end: number): void {
    if (this.length === this.port.length) this.grow();
    this.steal[this.length] = steal;
    this.port[this.length] = port;
    this.filter[this.length] = this.filters.idOf([filter]);
    this.start[this.length] = start;
    this.end[this.length++] = end;
  }

  ports(): PortSteals[] {
    const { mirrors, names } = this;
    const starts = new Uint32Array(names.length + 1);
    for (let k = 0; k < this.length; k++) starts[this.port[k]! + 1]!++;
    for (let k = 0; k < names.length; k++) starts[k + 1]! += starts[k]!;
    const places = starts.slice();
    const spans = new Uint32Array(this.length);
    for (let k = 0; k < this.length; k++) spans[places[this.port[k]!]!++] = k;
    return Array.from({ length: names.length }, (_, number) => {
      const own = spans.subarray(starts[number], starts[number + 1]);
      const [namespace = '', target = '', port = ''] = names.texts(number);
      const summed = summedUp(Array.from(own, (span) => this.spanAt(span)));
      return { port, target, namespace, mirrors: mirrors[number]!, ...summed };
    });
  }

  private spanAt(span: number): Span {
    const { steal, start, end, filters } = this;
    const filter = filters.text(this.filter[span]!, 0);
    return { steal: steal[span]!, start: start[span]!, end: end[span]!, filter };
  }

  private grow(): void {
    const room = nextRoom(this.port.length);
    this.steal = grown(this.steal, room);
    this.port = grown(this.port, room);
    this.filter = grown(this.filter, room);
    this.start = grown(this.start, room);
    this.end = grown(this.end, room);
  }
}

function summedUp(
  spans: Span[],
): Pick<PortSteals, 'steals' | 'filtered' | 'filters' | 'collisions' | 'held'> {
  const filterOf = new Map<number, string>();
  for (const { steal, filter } of spans) filterOf.set(steal, filter);
  const byFilter = new Map<string, number>();
  for (const filter of filterOf.values()) byFilter.set(filter, (byFilter.get(filter) ?? 0) + 1);
  const unfiltered = byFilter.get('') ?? 0;
  byFilter.delete('');
  const filters = [...byFilter].sort((a, b) => b[1] - a[1] || order(a[0], b[0])).map(([filter]) => filter);
  return {
    steals: filterOf.size,
    filtered: filterOf.size - unfiltered,
    filters,
    collisions: collisionsOf(spans),
    held: spans.filter(({ end }) => end === Number.POSITIVE_INFINITY).length,
  };
}

/**
 * Spans in the order of their starts: a steal one of which began while another session held the same is a collision. Of
 * one session they follow each other, so that it does not collide with itself.
 */
function collisionsOf(spans: Span[]): number {
  const begun = [...spans].sort((a, b) => a.start - b.start || order(a.filter, b.filter));
  const over = [...spans].sort((a, b) => a.end - b.end);
  const open = new Map<string, number>();
  let count = 0;
  const collided = new Set<number>();
  let ended = 0;
  for (const { steal, start, end, filter } of begun) {
    for (; ended < over.length && over[ended]!.end <= start; ended++) {
      const { filter: gone, start: since, end: until } = over[ended]!;
      // one that began and ended at once was never open
      if (since >= until) continue;
      open.set(gone, open.get(gone)! - 1);
      count--;
    }
    const rivals = filter === '' ? count : (open.get('') ?? 0) + (open.get(filter) ?? 0);
    if (rivals > 0) collided.add(steal);
    if (start >= end) continue;
    open.set(filter, (open.get(filter) ?? 0) + 1);
    count++;
  }
  return collided.size;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
