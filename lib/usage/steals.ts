import { compareStrings } from '../text/compare.ts';
import { Labels } from './labels.ts';
import { PairTable } from './pair-table.ts';
import type { NamedUse } from './port-uses.ts';
import type { Sessions } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';
import { type PortSteals, StealTable } from './steal-table.ts';
import { takenSpans } from './taken-ports.ts';

/** Ports by target, most stolen first. @param now the newest record's time, milliseconds */
export function portSteals(sessions: Sessions, now: number): PortSteals[] {
  return gather(sessions, now)
    .ports()
    .sort((a, b) => b.steals - a.steals || b.mirrors - a.mirrors || compareStrings(portKey(a), portKey(b)));
}

/** Tells ports apart, and orders them. */
export const portKey = ({
  namespace,
  target,
  port,
}: Pick<PortSteals, 'namespace' | 'target' | 'port'>): string => [namespace, target, port].join('\0');

function gather(sessions: Sessions, now: number): StealTable {
  const labels = new Labels(sessions);
  const table = new StealTable((name) => sessions.ports.filterOf(name));
  /** Numbers of ports by target and name, since most sessions use few of them. */
  const pairs = new PairTable();
  const ports: number[] = [];
  sessions.eachWithPorts(now, ({ ports: head, target, end, endMissing }) => {
    if (head === UNKNOWN) return;
    const uses = sessions.ports.inTime(head);
    const portOf = ({ name, port }: NamedUse): number => {
      const pair = pairs.number(target, name);
      ports[pair] ??= table.port(labels.namespace(target), labels.target(target), port);
      return ports[pair];
    };
    const mirrored = uses.filter(({ action }) => action === 'mirror');
    if (mirrored.length > 0) for (const port of new Set(mirrored.map(portOf))) table.mirror(port);
    const until = endMissing ? Number.POSITIVE_INFINITY : end;
    const spans = takenSpans(uses);
    /** By name, of which a session has few. */
    const steals = spans.length > 1 ? new Map<number, number>() : undefined;
    for (const { use, from, to } of spans) {
      const steal = steals?.get(use.name) ?? table.steal(portOf(use), use.name);
      steals?.set(use.name, steal);
      table.span(steal, from, Math.min(until, to));
    }
  });
  return table;
}
