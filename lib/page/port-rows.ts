import { printable } from '../text/printable.ts';
import { Labels } from '../usage/labels.ts';
import type { Sessions } from '../usage/session-store.ts';
import { portSteals } from '../usage/steals.ts';
import type { Names } from './names.ts';
import type { PortUse } from './snapshot.ts';

/** Rows that the page is given, most used first. */
const MOST_ROWS = 10_000;

/**
 * Who used which port of which target, and by which filter, over all of their sessions.
 * @param now the newest record's time, milliseconds
 */
export function portUsesOf(sessions: Sessions, now: number, names: Names): PortUse[] {
  const labels = new Labels(sessions);
  const collisions = new Map(
    portSteals(sessions, now).map((port) => [keyOf(port.namespace, port.target, port.port), port.collisions]),
  );
  const rows = new Map<string, PortUse>();
  sessions.each(now, ({ client, target, ports }) => {
    for (const { action, port, filter, first, last } of sessions.ports.of(ports)) {
      if (action === 'release') continue;
      const user = names.user(client);
      const on = names.target(target);
      const key = [port, on, user, action, filter].join('\0');
      const known = rows.get(key);
      rows.set(key, {
        port: printable(port),
        target: on,
        user,
        action,
        filter: printable(filter),
        sessions: (known?.sessions ?? 0) + 1,
        first: Math.min(known?.first ?? first, first),
        last: Math.max(known?.last ?? last, last),
        collisions: collisions.get(keyOf(labels.namespace(target), labels.target(target), port)) ?? 0,
      });
    }
  });
  return [...rows.values()].sort((a, b) => b.sessions - a.sessions || a.first - b.first).slice(0, MOST_ROWS);
}

const keyOf = (namespace: string, target: string, port: string): string =>
  [namespace, target, port].join('\0');
