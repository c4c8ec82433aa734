import { PackedTuples } from '../batch/packed-tuples.ts';
import { grown, nextRoom } from '../math/growth.ts';
import { Labels } from './labels.ts';
import type { PortUse } from './port-uses.ts';
import type { Sessions } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';

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

interface Steal {
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
    const uses = sessions.ports.of(ports);
    const mirrored = new Set<string>();
    for (const { action, port, filter, first } of uses) {
      if (action === 'release') continue;
      const number = gathered.number(labels.namespace(target), labels.target(target), port);
      if (action === 'mirror') {
        if (!mirrored.has(port)) gathered.mirror(number);
        mirrored.add(port);
        continue;
      }
      const released = releaseOf({ port, first }, uses);
      const until = endMissing ? Number.POSITIVE_INFINITY : end;
      gathered.steal(number, filter, first, Math.min(until, released?.last ?? Number.POSITIVE_INFINITY));
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
  private length = 0;
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

  steal(port: number, filter: string, start: number, end: number): void {
    if (this.length === this.port.length) this.grow();
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
    const steals = new Uint32Array(this.length);
    for (let k = 0; k < this.length; k++) steals[places[this.port[k]!]!++] = k;
    return Array.from({ length: names.length }, (_, number) => {
      const own = steals.subarray(starts[number], starts[number + 1]);
      const [namespace = '', target = '', port = ''] = names.texts(number);
      const summed = summedUp(Array.from(own, (steal) => this.stealAt(steal)));
      return { port, target, namespace, mirrors: mirrors[number]!, ...summed };
    });
  }

  private stealAt(steal: number): Steal {
    const { start, end, filter, filters } = this;
    return { start: start[steal]!, end: end[steal]!, filter: filters.text(filter[steal]!, 0) };
  }

  private grow(): void {
    const room = nextRoom(this.port.length);
    this.port = grown(this.port, room);
    this.filter = grown(this.filter, room);
    this.start = grown(this.start, room);
    this.end = grown(this.end, room);
  }
}

/** Where a session gave back what it had stolen. */
function releaseOf(
  { port, first }: Pick<PortUse, 'port' | 'first'>,
  uses: readonly PortUse[],
): PortUse | undefined {
  return uses.find((use) => use.action === 'release' && use.port === port && use.last >= first);
}

/** The ports that a session which goes on has stolen and not given back. */
export function heldPorts(uses: readonly PortUse[]): string[] {
  const held = uses.filter((use) => use.action === 'steal' && releaseOf(use, uses) === undefined);
  return [...new Set(held.map(({ port }) => port))];
}

function summedUp(
  steals: Steal[],
): Pick<PortSteals, 'steals' | 'filtered' | 'filters' | 'collisions' | 'held'> {
  const byFilter = new Map<string, number>();
  for (const { filter } of steals) if (filter !== '') byFilter.set(filter, (byFilter.get(filter) ?? 0) + 1);
  const filters = [...byFilter].sort((a, b) => b[1] - a[1] || order(a[0], b[0])).map(([filter]) => filter);
  return {
    steals: steals.length,
    filtered: steals.filter(({ filter }) => filter !== '').length,
    filters,
    collisions: collisionsOf(steals),
    held: steals.filter(({ end }) => end === Number.POSITIVE_INFINITY).length,
  };
}

/** Steals in the order of their starts; who began while another held the same is a collision. */
function collisionsOf(steals: Steal[]): number {
  const begun = [...steals].sort((a, b) => a.start - b.start || order(a.filter, b.filter));
  const over = [...steals].sort((a, b) => a.end - b.end);
  const open = new Map<string, number>();
  let count = 0;
  let collisions = 0;
  let ended = 0;
  for (const { start, end, filter } of begun) {
    for (; ended < over.length && over[ended]!.end <= start; ended++) {
      const { filter: gone, start: since, end: until } = over[ended]!;
      // one that began and ended at once was never open
      if (since >= until) continue;
      open.set(gone, open.get(gone)! - 1);
      count--;
    }
    const rivals = filter === '' ? count : (open.get('') ?? 0) + (open.get(filter) ?? 0);
    if (rivals > 0) collisions++;
    if (start >= end) continue;
    open.set(filter, (open.get(filter) ?? 0) + 1);
    count++;
  }
  return collisions;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
