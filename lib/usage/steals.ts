import { Labels } from './labels.ts';
import type { PortUse } from './port-uses.ts';
import type { Sessions } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';

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

interface Gathered {
  readonly port: string;
  readonly target: string;
  readonly namespace: string;
  readonly steals: Steal[];
  mirrors: number;
}

/** Ports by target, most stolen first. @param now the newest record's time, milliseconds */
export function portSteals(sessions: Sessions, now: number): PortSteals[] {
  return [...gather(sessions, now).values()]
    .map((ports) => summed(ports))
    .sort((a, b) => b.steals - a.steals || b.mirrors - a.mirrors || order(textOf(a), textOf(b)));
}

const textOf = ({ namespace, target, port }: PortSteals): string => [namespace, target, port].join('\0');

function gather(sessions: Sessions, now: number): Map<string, Gathered> {
  const labels = new Labels(sessions);
  const all = new Map<string, Gathered>();
  sessions.each(now, ({ ports, target, end, endMissing }) => {
    if (ports === UNKNOWN) return;
    const uses = sessions.ports.of(ports);
    const mirrored = new Set<string>();
    for (const { action, port, filter, first } of uses) {
      if (action === 'release') continue;
      const ownTarget = labels.target(target);
      const namespace = labels.namespace(target);
      const key = [namespace, ownTarget, port].join('\0');
      let found = all.get(key);
      if (found === undefined) {
        found = { port, target: ownTarget, namespace, steals: [], mirrors: 0 };
        all.set(key, found);
      }
      if (action === 'mirror') {
        if (!mirrored.has(port)) found.mirrors++;
        mirrored.add(port);
        continue;
      }
      const released = releaseOf({ port, first }, uses);
      const until = endMissing ? Number.POSITIVE_INFINITY : end;
      found.steals.push({
        start: first,
        end: Math.min(until, released?.last ?? Number.POSITIVE_INFINITY),
        filter,
      });
    }
  });
  return all;
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

function summed({ port, target, namespace, steals, mirrors }: Gathered): PortSteals {
  const byFilter = new Map<string, number>();
  for (const { filter } of steals) if (filter !== '') byFilter.set(filter, (byFilter.get(filter) ?? 0) + 1);
  const filters = [...byFilter].sort((a, b) => b[1] - a[1] || order(a[0], b[0])).map(([filter]) => filter);
  return {
    port,
    target,
    namespace,
    steals: steals.length,
    mirrors,
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
